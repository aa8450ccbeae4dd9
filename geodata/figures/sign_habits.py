"""What kind of day each day of a station was: from the calendar of its Land, and the rain on its trail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from geodata.model.municipality import Municipality
from geodata.statistics.comparison.day import NO_WEATHER, WeatherDay
from geodata.statistics.signs.day_kind import day_kind
from geodata.statistics.weather.choice import chosen
from geodata.store.catalogue.trail import load_municipalities
from geodata.store.comparison import weather
from geodata.store.counting.sign_days import StationDay
from geodata.store.transaction import Transaction


class Habits:
    """The kinds of some days of the stations of one trail, read at once.

    The weather is that of the trail's own sensors, else of the climate station; a day whose weather is read in later
    than the day closes stays one of unknown weather.
    """

    def __init__(self, connection: Transaction, days: Sequence[StationDay]) -> None:
        self._town = load_municipalities(connection)[days[0].municipality] if days else None
        self._weather: Mapping[date, WeatherDay] = {} if self._town is None else _weather(connection, self._town, days)

    def kind(self, day: StationDay) -> str:
        """The kind of one of the days."""
        assert self._town is not None, "there are days"  # noqa: S101 - for the type
        return day_kind(day.day, self._town.land, self._weather.get(day.day, NO_WEATHER).rain)


def _weather(connection: Transaction, town: Municipality, of_trail: Sequence[StationDay]) -> Mapping[date, WeatherDay]:
    days = sorted({each.day for each in of_trail})
    own = weather.measured(connection, of_trail[0].trail, town.timezone, days[0], days[-1])
    return chosen(own, weather.load(connection, town.slug, days[0], days[-1]), days)
