"""The weather beside the usage of a place: the trail's own sensors, else the climate station of the municipality."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean

from geodata.figures.usage.exploring import UsagePoint, UsedPlace
from geodata.statistics.comparison.day import NO_WEATHER, WeatherDay
from geodata.statistics.usage.ranges import DaySpan
from geodata.statistics.weather.choice import chosen
from geodata.store.comparison import weather
from geodata.store.transaction import Transaction

OWN_DAYS = 400
"""Beyond so many days only the climate station is read: hours of sensors are many, and no day of them is kept."""


@dataclass(frozen=True, slots=True)
class PointWeather:
    """The mean ``temperature`` in °C and the sum of ``rain`` in mm of the days of a point; None where unknown."""

    temperature: float | None
    rain: float | None


def of_days(connection: Transaction, place: UsedPlace, span: DaySpan) -> dict[date, WeatherDay]:
    """The weather of the days of ``span`` that are known."""
    station = weather.load(connection, place.town.slug, span.first, span.last)
    if span.days > OWN_DAYS or len(place.trails) != 1:
        return station
    own = weather.measured(connection, place.trails[0], place.town.timezone, span.first, span.last)
    days = [span.first + timedelta(days=number) for number in range(span.days)]
    return chosen(own, station, days)


def of_point(days: Mapping[date, WeatherDay], point: UsagePoint) -> PointWeather:
    """Of a point that is whole days long; of rain the sum of the days that are known, which is said to be that."""
    last = (point.end - timedelta(seconds=1)).date()
    known = [
        days.get(point.start.date() + timedelta(days=number), NO_WEATHER)
        for number in range((last - point.start.date()).days + 1)
    ]
    temperatures = [each.temperature for each in known if each.temperature is not None]
    rains = [each.rain for each in known if each.rain is not None]
    return PointWeather(fmean(temperatures) if temperatures else None, sum(rains) if rains else None)
