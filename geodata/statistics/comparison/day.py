"""What is known of a day: how many passed each counter, what kind of day it was, and its weather."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

WET_MM = 1.0
"""Rain above which a day is a rainy one."""


@dataclass(frozen=True, slots=True)
class ComparedDay:
    """The passes of one counter at one place on a day; ``valid`` where enough of the day was counted to compare it.

    ``counter`` names the mounting period: a counter that was moved or replaced is another one.
    """

    counter: int
    day: date
    passes: int
    valid: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class WeatherDay:
    """The weather of a day: mean temperature in °C, rain in mm, sunshine in hours; None where nobody measured it."""

    temperature: float | None = None
    rain: float | None = None
    sunshine: float | None = None


NO_WEATHER = WeatherDay()
"""Of a day of which nothing is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayKind:
    """What the calendar says of a day. ``school_holidays`` is None where those of its school year are not known."""

    public_holiday: bool = False
    bridge_day: bool = False
    school_holidays: bool | None = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What days of a comparison were like: ``kinds`` and ``weather`` by day; a day without weather is not in there."""

    kinds: Mapping[date, DayKind]
    weather: Mapping[date, WeatherDay]
