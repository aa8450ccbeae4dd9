"""When closing times begin and end in a municipality's time zone: geodata.statistics.counting.periods, by span."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from geodata.statistics.counting import periods
from geodata.statistics.counting.periods import CountPeriod
from geodata.vocabulary.figures import Span

_DAY = timedelta(days=1)
_HOUR_S = 3600


def start_of(span: Span, day: date) -> date:
    """The first day of the week, month or year in which ``day`` is."""
    return periods.start_of(CountPeriod(span), day)


def end_of(span: Span, start: date) -> date:
    """The day after the last of the time that begins on ``start``."""
    return periods.end_of(CountPeriod(span), start)


def bounds(span: Span, start: date) -> tuple[date, date]:
    """Its first day, and the day after its last."""
    return start, end_of(span, start)


def starts(part: Span, span: Span, start: date) -> list[date]:
    """The first days of the days or months of the time that begins on ``start``."""
    days = [start + number * _DAY for number in range((end_of(span, start) - start).days)]
    return [day for day in days if start_of(part, day) == day]


def midnight(day: date, timezone: str) -> datetime:
    """When ``day`` begins, in UTC."""
    return periods.midnight(day, ZoneInfo(timezone))


def hours(day: date, timezone: str) -> tuple[datetime, int]:
    """The first full hour of the day in UTC, and how many it has: 23 to 25."""
    return midnight(day, timezone), periods.length_s(day, day + _DAY, ZoneInfo(timezone)) // _HOUR_S


def local_day(moment: datetime, timezone: str) -> date:
    """The day that it is there at this moment."""
    return moment.astimezone(ZoneInfo(timezone)).date()
