"""Days from hours: in the municipality's time zone, 23 to 25 hours long, and whether one is fit for comparisons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, tzinfo

from geodata.model.counting.counter import CountedDay, CountedHour, CountFlag, SilentTime, together
from geodata.times import HOUR_US, hour_begin, hour_of

COVERED_S = 2700
"""An hour of which so much is known counts as covered: three quarters."""

VALID_HOURS = 20
DAYLIGHT = range(8, 20)
"""The hours by the clock there that must all be covered: in them people walk, in any season.

Fixed ones and not those from sunrise to sunset: whoever answers for a figure can tell them by heart, in winter they
hold the whole daylight, and a day's being valid hangs on nothing but its counts.
"""


def day_of(hour: int, zone: tzinfo) -> date:
    """The day in which an hour (counted since 1970) begins there."""
    return hour_begin(hour).astimezone(zone).date()


def count_days(hours: Iterable[CountedHour], silences: Iterable[SilentTime], zone: tzinfo) -> list[CountedDay]:
    """The days of these hours in order; all known hours of each are given, and all silences that touch it."""
    by_day: dict[date, list[CountedHour]] = {}
    for hour in hours:
        by_day.setdefault(day_of(hour.hour, zone), []).append(hour)
    within: dict[date, int] = {}
    reached: set[date] = set()
    for silence in silences:
        first, last = day_of(silence.start_us // HOUR_US, zone), day_of((silence.end_us - 1) // HOUR_US, zone)
        if first == last:
            within[first] = within.get(first, 0) + silence.passes
        else:
            reached.update(day for day in by_day if first <= day <= last)
    return [_count_day(day, by_day[day], within.get(day, 0), zone, estimated=day in reached) for day in sorted(by_day)]


def _count_day(day: date, hours: Sequence[CountedHour], within: int, zone: tzinfo, *, estimated: bool) -> CountedDay:
    """``within``: what passed in silences of the day alone; of the hours it is unknown, of the day it is exact."""
    flags = together(hour.flags for hour in hours) & ~CountFlag.ESTIMATED
    covered = {hour.hour for hour in hours if hour.covered_s >= COVERED_S}
    return CountedDay(
        day=day,
        passes=sum(hour.passes for hour in hours) + within,
        shared=sum(hour.shared for hour in hours) - within,
        covered_s=sum(hour.covered_s for hour in hours),
        covered_hours=len(covered),
        valid=len(covered) >= VALID_HOURS and covered >= _daylight(day, zone),
        flags=flags | CountFlag.ESTIMATED if estimated else flags,
    )


def _daylight(day: date, zone: tzinfo) -> set[int]:
    return {hour_of(datetime(day.year, day.month, day.day, at, tzinfo=zone)) for at in DAYLIGHT}
