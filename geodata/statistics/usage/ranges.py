"""The stretches of days that people ask for by a name, such as the last month or the school holidays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from geodata.statistics.calendars import school_holidays
from geodata.statistics.counting.periods import CountPeriod, start_of

_DAY = timedelta(days=1)
_SEASON = (4, 10)
"""From April to October: when most people walk."""


class RangePreset(StrEnum):
    """A stretch by its name; the values stand in addresses."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    SEVEN_DAYS = "7-days"
    THIS_MONTH = "this-month"
    LAST_MONTH = "last-month"
    SEASON = "season"
    THIS_YEAR = "this-year"
    LAST_YEAR = "last-year"
    SCHOOL_HOLIDAYS = "school-holidays"
    ALL = "all"


@dataclass(frozen=True, slots=True, order=True)
class DaySpan:
    """The days from ``first`` to ``last``, both within."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"{self.last} is before {self.first}")

    @property
    def end(self) -> date:
        """The day after the last."""
        return self.last + _DAY

    @property
    def days(self) -> int:
        """How many they are."""
        return (self.end - self.first).days

    def year_before(self) -> DaySpan:
        """These days in the year before; 29 February becomes the 28th."""
        return DaySpan(_a_year_before(self.first), _a_year_before(self.last))


def span_of(preset: RangePreset, today: date, land: str, since: date) -> DaySpan | None:
    """The days that a name means ``today``, none of them in the future; None where that is not known.

    ``since`` is the first day of which anything is known; ``land``: the letters of the Land whose holidays hold. Seven
    days are the last seven that are over.
    """
    if preset is RangePreset.SCHOOL_HOLIDAYS:
        return _holidays(today, land)
    yesterday, month = today - _DAY, today.replace(day=1)
    last_year = today.year - 1
    return {
        RangePreset.TODAY: DaySpan(today, today),
        RangePreset.YESTERDAY: DaySpan(yesterday, yesterday),
        RangePreset.SEVEN_DAYS: DaySpan(today - 7 * _DAY, yesterday),
        RangePreset.THIS_MONTH: DaySpan(month, today),
        RangePreset.LAST_MONTH: DaySpan(start_of(CountPeriod.MONTH, month - _DAY), month - _DAY),
        RangePreset.SEASON: _season(today),
        RangePreset.THIS_YEAR: DaySpan(today.replace(month=1, day=1), today),
        RangePreset.LAST_YEAR: DaySpan(date(last_year, 1, 1), date(last_year, 12, 31)),
        RangePreset.ALL: DaySpan(min(since, today), today),
    }[preset]


def _season(today: date) -> DaySpan:
    """The one that runs, else the last one."""
    first, last = _SEASON
    year = today.year if today.month >= first else today.year - 1
    return DaySpan(date(year, first, 1), min(date(year, last, 31), today))


def _holidays(today: date, land: str) -> DaySpan | None:
    """Those that run, else the last ones."""
    begun = [each for each in school_holidays.known(land) if each.first <= today]
    return DaySpan(begun[-1].first, min(begun[-1].last, today)) if begun else None


def _a_year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
