"""Which of a station's texts is shown on a day: that of the season it lies in, else that of all the year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache

from geodata.model.content import StationContent
from geodata.model.station import Station
from geodata.vocabulary.season import Season, midnight

_LEAP_YEAR = 2028


def texts_on(station: Station, day: date) -> Station:
    """The station with the texts of ``day`` as its contents; the same object where no season changes them."""
    seasonal_texts = {text.variant: text for text in station.seasonal if text.show is not None and text.show.holds(day)}
    return replace(station, contents=station.contents | seasonal_texts) if seasonal_texts else station


def next_switch(stations: Iterable[Station], at: datetime, timezone: tzinfo) -> datetime | None:
    """The first local midnight after ``at`` at which one of the stations shows another text; None without seasons."""
    seasons = {text.show for station in stations for text in station.seasonal if text.show is not None}
    today = at.astimezone(timezone).date()
    return min((midnight(_switch_day(season, today), timezone) for season in seasons), default=None)


def overlap(one: StationContent, second: StationContent) -> date | None:
    """The first day of a leap year on which both would be shown; None where they keep out of each other's way."""
    if one.variant != second.variant or one.show is None or second.show is None:
        return None
    first = date(_LEAP_YEAR, 1, 1)
    days = (first + timedelta(days=passed) for passed in range(366))
    return next((day for day in days if one.show.holds(day) and second.show.holds(day)), None)


@lru_cache(maxsize=4096)
def _switch_day(season: Season, today: date) -> date:
    """The next day on which the season begins, or has ended: it does both every year."""
    days = (today + timedelta(days=passed) for passed in range(1, 367))
    return next(day for day in days if season.holds(day) != season.holds(today))
