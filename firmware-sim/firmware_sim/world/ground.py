"""What rain, warmth and dew do to soil, pond and boards; slow answers to the weather, still pure functions of time."""

from __future__ import annotations

import math

from firmware_sim.world.chance import clamp
from firmware_sim.world.weather import DAY, HOUR, Shower, Weather, summer


def soil_moisture(weather: Weather, t: float) -> float:
    """Volume percent of water, 20 cm deep: up within hours after rain, down within a week."""
    dry = 33.0 - 15.0 * summer(t - 30 * DAY)
    water = sum(_answer(s, t, rise_s=2 * HOUR, fall_s=6 * DAY) for s in weather.showers(t - 30 * DAY, t))
    return dry + (46.0 - dry) * (1.0 - math.exp(-water / 22.0))


def soil_temperature(weather: Weather, t: float) -> float:
    """Degrees Celsius 20 cm deep: the air of the last three days, damped."""
    air = [weather.mean_temperature(t - hours * HOUR) for hours in range(0, 73, 9)]
    course = 0.7 * math.cos(2 * math.pi * (t / HOUR + 0.6 - 19) / 24) * summer(t)
    return max(0.4, 0.8 * sum(air) / len(air) + 2.1 + course)


def water_level(weather: Weather, t: float) -> float:
    """Centimetres at the pond's gauge: half a day behind the rain, two weeks to run off."""
    base = 74.0 - 12.0 * summer(t - 45 * DAY)
    inflow = sum(_answer(s, t, rise_s=12 * HOUR, fall_s=9 * DAY) for s in weather.showers(t - 45 * DAY, t))
    return base + 48.0 * (1.0 - math.exp(-inflow / 70.0))


def surface_wetness(weather: Weather, t: float) -> float:
    """Percent of the boards that are wet, by rain that dries off or by dew."""
    drying_s = (9.0 - 6.0 * summer(t)) * HOUR
    rained = sum(_answer(s, t, rise_s=60.0, fall_s=drying_s) for s in weather.showers(t - 3 * DAY, t))
    humidity = weather.air_humidity(t, weather.air_temperature(t))
    dew = 9.0 * (humidity - 94.0)
    return clamp(max(100.0 * (1.0 - math.exp(-2.5 * rained)), dew), 0.0, 100.0)


def _answer(shower: Shower, t: float, rise_s: float, fall_s: float) -> float:
    """Millimetres of a shower that are still felt at ``t``."""
    middle = (shower.start + shower.end) / 2
    passed = max(0.0, t - middle)
    return shower.fallen(t) * (1.0 - math.exp(-(passed + 60.0) / rise_s)) * math.exp(-passed / fall_s)
