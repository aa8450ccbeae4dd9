"""The weather over Lemgo as a pure function of seed and time: any moment can be asked for, in any order.

Times are Unix seconds. Plausible, not a forecast: yearly and daily curves, highs and lows that wander
over days, showers that depend on them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum

from firmware_sim.world.chance import chance, clamp, drift

LATITUDE_DEG, LONGITUDE_DEG = 52.05, 8.92
HOUR, DAY = 3600, 86400
YEAR_DAYS = 365.2425
_DAYS_1970_TO_2000 = 10957


class _WeatherStream(IntEnum):
    """Independent streams of chance."""

    SLOW_PRESSURE = 1
    PRESSURE = 2
    AIR_MASS = 3
    CLOUD = 4
    WIND = 5
    SHOWERS = 6


@dataclass(frozen=True, slots=True)
class Shower:
    """Rain of ``amount_mm`` that swells and ebbs between ``start`` and ``end`` (Unix seconds)."""

    start: float
    end: float
    amount_mm: float

    def fallen(self, t: float) -> float:
        """Millimetres that have come down until ``t``."""
        share = clamp((t - self.start) / (self.end - self.start), 0.0, 1.0)
        return self.amount_mm * (share - math.sin(2 * math.pi * share) / (2 * math.pi))


def summer(t: float) -> float:
    """1 at the height of summer (20 July), 0 in deepest winter."""
    return 0.5 + 0.5 * math.cos(2 * math.pi * (day_of_year(t) - 201) / YEAR_DAYS)


def day_of_year(t: float) -> float:
    """Days since the beginning of the (mean) year, 0..365.24."""
    return (t / DAY - _DAYS_1970_TO_2000) % YEAR_DAYS


def solar_hour(t: float) -> float:
    """Hour of the day by the mean sun, 0..24; 12 is noon."""
    return (t / HOUR + LONGITUDE_DEG / 15) % 24


def sun_elevation(t: float) -> float:
    """Degrees of the sun above the horizon, negative at night; good to about a degree."""
    turn = 2 * math.pi / YEAR_DAYS * (day_of_year(t) + 10)
    declination = math.radians(-23.44) * math.cos(turn)
    hour_angle = math.radians(15) * (solar_hour(t) - 12)
    latitude = math.radians(LATITUDE_DEG)
    height = math.sin(latitude) * math.sin(declination)
    height += math.cos(latitude) * math.cos(declination) * math.cos(hour_angle)
    return math.degrees(math.asin(clamp(height, -1.0, 1.0)))


def vapour_pressure(celsius: float) -> float:
    """Saturation vapour pressure in hPa (Magnus formula)."""
    return 6.112 * math.exp(17.62 * celsius / (243.12 + celsius))


class Weather:
    """Air, light, rain and wind above the trail; the same seed is always the same weather."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._showers: dict[int, tuple[Shower, ...]] = {}

    def high(self, t: float) -> float:
        """Anticyclone near 1, depression near -1."""
        slow = drift(self._seed, _WeatherStream.SLOW_PRESSURE, t, 5.3 * DAY)
        return 0.65 * slow + 0.35 * drift(self._seed, _WeatherStream.PRESSURE, t, 1.7 * DAY)

    def air_pressure(self, t: float, height_m: float) -> float:
        """Pressure in hPa at ``height_m`` above sea level, not reduced."""
        tide = 0.6 * math.cos(4 * math.pi * (solar_hour(t) - 10) / 24)
        return (1014.5 + 19.0 * self.high(t) + tide) * math.exp(-height_m / 8300.0)

    def cloud(self, t: float) -> float:
        """Share of the sky that is covered, 0..1."""
        if self.rain_rate(t) > 0.05:
            return 1.0
        return clamp(0.55 - 0.6 * self.high(t) + 0.4 * drift(self._seed, _WeatherStream.CLOUD, t, 7 * HOUR), 0.0, 1.0)

    def mean_temperature(self, t: float) -> float:
        """Degrees Celsius of year and air mass, without the course of the day."""
        return 1.3 + 16.6 * summer(t) + 5.5 * drift(self._seed, _WeatherStream.AIR_MASS, t, 4.1 * DAY)

    def air_temperature(self, t: float) -> float:
        """Degrees Celsius two metres above open ground."""
        swing = (1.4 + 4.2 * summer(t)) * (1.25 - 0.85 * self.cloud(t))
        course = swing * math.cos(2 * math.pi * (solar_hour(t) - 15) / 24)
        return self.mean_temperature(t) + course - min(2.0, 0.8 * self.rain_rate(t))

    def air_humidity(self, t: float, celsius: float) -> float:
        """Relative humidity in % of air that has ``celsius`` degrees there."""
        spread = 1.2 + 3.0 * summer(t) + 3.0 * (1.0 - self.cloud(t)) * summer(t)
        dew_point = self.mean_temperature(t) - spread + min(2.5, 1.5 * self.rain_rate(t))
        return clamp(100.0 * vapour_pressure(dew_point) / vapour_pressure(celsius), 18.0, 100.0)

    def illuminance(self, t: float, sky_view: float) -> float:
        """Lux on the ground where ``sky_view`` (0..1) of the light comes through the leaves."""
        elevation = sun_elevation(t)
        if elevation < 0:
            clear = 400.0 * 10 ** (elevation / 3.0)
        else:
            clear = 400.0 + 105_000.0 * math.sin(math.radians(elevation)) ** 1.15
        return clear * (1.0 - 0.8 * self.cloud(t)) * sky_view

    def wind_gust(self, t: float) -> float:
        """The strongest gust of the last minutes, in m/s at an open place."""
        storm = max(0.0, -self.high(t)) * (1.6 - summer(t))
        by_day = 1.0 + 0.35 * math.cos(2 * math.pi * (solar_hour(t) - 14) / 24)
        squall = min(6.0, 1.2 * self.rain_rate(t))
        wander = 1.0 + 0.5 * drift(self._seed, _WeatherStream.WIND, t, 11 * 60)
        return (3.2 + 9.0 * storm) * by_day * wander + squall

    def rain(self, since: float, until: float) -> float:
        """Millimetres between two moments."""
        return sum(shower.fallen(until) - shower.fallen(since) for shower in self.showers(since, until))

    def rain_rate(self, t: float) -> float:
        """Millimetres per hour around ``t``."""
        return self.rain(t - 300, t + 300) * 6.0

    def showers(self, since: float, until: float) -> list[Shower]:
        """The showers that touch the time between two moments."""
        days = range(math.floor(since / DAY) - 1, math.floor(until / DAY) + 1)
        candidates = [shower for day in days for shower in self._of_day(day)]
        return [shower for shower in candidates if shower.end > since and shower.start < until]

    def _of_day(self, day: int) -> tuple[Shower, ...]:
        if day not in self._showers:
            self._showers[day] = self._roll(day)
        return self._showers[day]

    def _roll(self, day: int) -> tuple[Shower, ...]:
        noon = (day + 0.5) * DAY
        wet = clamp(0.42 - 0.95 * self.high(noon), 0.0, 1.0)
        number = int(5.0 * wet * chance(self._seed, _WeatherStream.SHOWERS, day) + 0.45)
        return tuple(self._one(day, index, summer(noon)) for index in range(number))

    def _one(self, day: int, index: int, warmth: float) -> Shower:
        """Summer brings short heavy showers in the afternoon, winter long drizzle at any hour."""
        when, length, weight = (chance(self._seed, _WeatherStream.SHOWERS, day, index, part) for part in range(3))
        start_hour = 24 * when if when < 1 - 0.5 * warmth else 12 + 8 * chance(self._seed, day, index)
        hours = (0.4 + 5.0 * length**2) * (1.25 - 0.75 * warmth)
        start = day * DAY + start_hour * HOUR
        return Shower(start, start + hours * HOUR, round(0.3 + 6.0 * weight**2.5 * (0.7 + warmth), 2))
