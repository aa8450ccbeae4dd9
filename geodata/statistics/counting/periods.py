"""Hours, days, ISO weeks, months, seasons and years of a time zone: where each begins, and how long it really is."""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from itertools import pairwise

_FOUR_WEEKS = timedelta(weeks=4)


class CountPeriod(StrEnum):
    """The lattice of sums from days on: each consists of whole days."""

    DAY = "day"
    WEEK = "week"  # ISO 8601: from Monday
    MONTH = "month"
    SEASON = "season"  # of meteorologists: winter is December to February
    YEAR = "year"


def start_of(period: CountPeriod, day: date) -> date:
    """The first day of the period in which ``day`` lies."""
    match period:
        case CountPeriod.DAY:
            return day
        case CountPeriod.WEEK:
            return day - timedelta(days=day.weekday())
        case CountPeriod.MONTH:
            return day.replace(day=1)
        case CountPeriod.SEASON:
            return _months_on(day.replace(day=1), -(day.month % 3))
        case CountPeriod.YEAR:
            return day.replace(month=1, day=1)


def end_of(period: CountPeriod, day: date) -> date:
    """The first day after the period in which ``day`` lies."""
    start = start_of(period, day)
    match period:
        case CountPeriod.DAY:
            return start + timedelta(days=1)
        case CountPeriod.WEEK:
            return start + timedelta(days=7)
        case CountPeriod.MONTH:
            return _months_on(start, 1)
        case CountPeriod.SEASON:
            return _months_on(start, 3)
        case CountPeriod.YEAR:
            return _months_on(start, 12)


def midnight(day: date, zone: tzinfo) -> datetime:
    """When ``day`` begins in the zone, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def length_s(start: date, end: date, zone: tzinfo) -> int:
    """Seconds from the beginning of ``start`` to the beginning of ``end`` there: a day has 23 to 25 hours."""
    return round((midnight(end, zone) - midnight(start, zone)).total_seconds())


def offsets(start: datetime, end: datetime, zone: tzinfo) -> list[tuple[datetime, datetime, int]]:
    """From when to when the clock there is so many full hours before UTC, from ``start`` to ``end``, in order.

    The clock is set at full hours, and never twice within four weeks.
    """
    edges, at = [start], start
    while at < end:
        step = min(_FOUR_WEEKS, end - at)
        if _offset_h(at, zone) != _offset_h(at + step, zone):
            edges.append(_change_between(at, at + step, zone))
        at += step
    return [(begins, ends, _offset_h(begins, zone)) for begins, ends in pairwise([*edges, end]) if begins < ends]


def _change_between(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    """The full hour from which the clock there says as it does ``after``."""
    first = before.replace(minute=0, second=0, microsecond=0)
    hours = range((after - first) // timedelta(hours=1) + 1)
    wanted = _offset_h(after, zone)
    return first + timedelta(
        hours=bisect_left(hours, x=True, key=lambda hour: _offset_h(first + timedelta(hours=hour), zone) == wanted)
    )


def _offset_h(at: datetime, zone: tzinfo) -> int:
    return (at.astimezone(zone).utcoffset() or timedelta()) // timedelta(hours=1)


def _months_on(first: date, months: int) -> date:
    """The first day of the month so many months after that of ``first``."""
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)
