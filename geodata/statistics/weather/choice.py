"""Whose weather a comparison takes: the trail's own sensors, else the climate station.

Never of both for the same part: a sensor in the shade of the trail and a station in a meadow differ by degrees, and
where the one follows the other that difference would pass for a change of the weather.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeAlias

from geodata.statistics.comparison.day import NO_WEATHER, WeatherDay
from geodata.statistics.comparison.yearly_model import LEAST_KNOWN, PARTS

WeatherByDay: TypeAlias = Mapping[date, WeatherDay]


def chosen(own: WeatherByDay, station: WeatherByDay, days: Sequence[date]) -> dict[date, WeatherDay]:
    """The weather of ``days``, each part from the first of both that knows it on enough days of every year."""
    source = {part: own if _knows(own, part, days) else station for part in PARTS}
    found = {
        day: WeatherDay(**{part: getattr(source[part].get(day, NO_WEATHER), part) for part in PARTS}) for day in days
    }
    return {day: weather for day, weather in found.items() if weather != NO_WEATHER}


def _knows(weather: WeatherByDay, part: str, days: Sequence[date]) -> bool:
    for year in {day.year for day in days}:
        of_year = [getattr(weather.get(day, NO_WEATHER), part) is not None for day in days if day.year == year]
        if sum(of_year) < LEAST_KNOWN * len(of_year):
            return False
    return True
