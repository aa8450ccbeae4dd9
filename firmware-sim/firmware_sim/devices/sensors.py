"""What a device's sensors show at a moment: the world plus the place, the instrument's noise and its resolution."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time

from firmware_sim.fleet import DeviceSpec, Fleet
from firmware_sim.world import ground
from firmware_sim.world.chance import bell, chance, clamp, key_of
from firmware_sim.world.walkers import Walkers
from firmware_sim.world.weather import DAY, Weather, summer, sun_elevation

ADVERTS_PER_S = 1.0
BATTERY_LIFE_DAYS = 900
"""After that many days a battery is changed."""


@dataclass(frozen=True, slots=True)
class World:
    """All that devices can sense; the same seed is the same world."""

    seed: int
    weather: Weather
    walkers: Walkers
    installed: float

    @classmethod
    def of(cls, seed: int, fleet: Fleet) -> World:
        """The world around ``fleet``."""
        weather = Weather(seed)
        installed = datetime.combine(fleet.installed, time(), UTC).timestamp()
        return cls(seed, weather, Walkers(seed, weather, fleet.installed), installed)


@dataclass(frozen=True, slots=True)
class Moment:
    """One look at the world by one device; ``since`` is when it looked before (both Unix seconds)."""

    world: World
    spec: DeviceSpec
    since: int
    t: int

    def noise(self, name: str) -> float:
        """The instrument's own error: around 0 with deviation 1, the same for the same moment."""
        return bell(self.world.seed, key_of(self.spec.id), key_of(name), self.t)


def measure(moment: Moment, name: str) -> float:
    """The value of the observed property ``name`` in its unit; KeyError for one that no sensor here measures."""
    return _SENSORS[name](moment)


def can_measure(name: str) -> bool:
    """Whether there is a sensor for the observed property ``name``."""
    return name in _SENSORS


def _true_temperature(moment: Moment) -> float:
    return moment.world.weather.air_temperature(moment.t) + moment.spec.warmer_by


def _air_temperature(moment: Moment) -> float:
    return round(_true_temperature(moment) + 0.05 * moment.noise("air_temperature"), 1)


def _air_humidity(moment: Moment) -> float:
    true = moment.world.weather.air_humidity(moment.t, _true_temperature(moment))
    return round(clamp(true + 0.4 * moment.noise("air_humidity"), 0.0, 100.0), 1)


def _air_pressure(moment: Moment) -> float:
    true = moment.world.weather.air_pressure(moment.t, moment.spec.height_m)
    return round(true + 0.05 * moment.noise("air_pressure"), 1)


def _illuminance(moment: Moment) -> float:
    leaves = 1.0 - 0.6 * summer(moment.t) * (1.0 - moment.spec.sky_view)
    true = moment.world.weather.illuminance(moment.t, moment.spec.sky_view * leaves)
    return round(true * (1.0 + 0.03 * moment.noise("illuminance")))


def _wind_gust(moment: Moment) -> float:
    true = moment.world.weather.wind_gust(moment.t)
    return round(max(0.0, true * (1.0 + 0.12 * moment.noise("wind_gust"))), 1)


def _rain(moment: Moment) -> float:
    """A tipping bucket of 0.2 mm: whole tips since the last look; what is left in it at midnight dries up."""
    weather, dawn = moment.world.weather, moment.t - moment.t % DAY
    dawn = min(dawn, moment.since - moment.since % DAY)
    tips = int(weather.rain(dawn, moment.t) / 0.2) - int(weather.rain(dawn, moment.since) / 0.2)
    return round(0.2 * tips, 1)


def _soil_moisture(moment: Moment) -> float:
    return round(ground.soil_moisture(moment.world.weather, moment.t) + 0.05 * moment.noise("soil_moisture"), 1)


def _soil_temperature(moment: Moment) -> float:
    return round(ground.soil_temperature(moment.world.weather, moment.t) + 0.03 * moment.noise("soil_temperature"), 1)


def _water_level(moment: Moment) -> float:
    return round(ground.water_level(moment.world.weather, moment.t) + 0.15 * moment.noise("water_level"), 1)


def _surface_wetness(moment: Moment) -> float:
    true = ground.surface_wetness(moment.world.weather, moment.t)
    return round(clamp(true + 0.8 * moment.noise("surface_wetness"), 0.0, 100.0))


def _passes_in_total(moment: Moment) -> float:
    return moment.world.walkers.totals(moment.spec.counts_at, moment.t).inward


def _passes_out_total(moment: Moment) -> float:
    return moment.world.walkers.totals(moment.spec.counts_at, moment.t).outward


def _beacon_adverts(moment: Moment) -> float:
    return int(moment.t * ADVERTS_PER_S) - int(moment.since * ADVERTS_PER_S)


def _charge(moment: Moment) -> float:
    """Share of a full battery, 0..1."""
    spec, t = moment.spec, moment.t
    if spec.power == "solar":
        by_sun = 0.06 * clamp(sun_elevation(t - 7200) / 30.0, -1.0, 1.0)
        return clamp(0.70 + 0.20 * summer(t) + by_sun + 0.04 * moment.world.weather.high(t), 0.05, 1.0)
    age_days = (t - moment.world.installed) / DAY + 500 * chance(moment.world.seed, key_of(spec.id))
    return 1.0 - 0.9 * (age_days % BATTERY_LIFE_DAYS) / BATTERY_LIFE_DAYS


def _battery_level(moment: Moment) -> float:
    return round(100 * _charge(moment))


def _battery_voltage(moment: Moment) -> float:
    cold = min(0.0, _true_temperature(moment)) * 0.008
    low, span = (3.45, 0.70) if moment.spec.power == "solar" else (3.05, 0.55)
    return round(low + span * _charge(moment) + cold + 0.003 * moment.noise("battery_voltage"), 2)


def _fading(moment: Moment) -> float:
    """Decibels lost to wet leaves and chance."""
    wet = min(4.0, moment.world.weather.rain_rate(moment.t))
    return 3.0 * summer(moment.t) + wet + 2.0 * moment.noise("rssi")


def _rssi(moment: Moment) -> float:
    return round(moment.spec.signal_dbm - _fading(moment))


def _snr(moment: Moment) -> float:
    return round(clamp((moment.spec.signal_dbm - _fading(moment) + 112.0) * 0.4, -12.0, 13.0), 1)


_SENSORS: dict[str, Callable[[Moment], float]] = {
    "air_temperature": _air_temperature,
    "air_humidity": _air_humidity,
    "air_pressure": _air_pressure,
    "illuminance": _illuminance,
    "wind_gust": _wind_gust,
    "rain": _rain,
    "soil_moisture": _soil_moisture,
    "soil_temperature": _soil_temperature,
    "water_level": _water_level,
    "surface_wetness": _surface_wetness,
    "passes_in_total": _passes_in_total,
    "passes_out_total": _passes_out_total,
    "beacon_adverts": _beacon_adverts,
    "battery_level": _battery_level,
    "battery_voltage": _battery_voltage,
    "rssi": _rssi,
    "snr": _snr,
}
