"""Into how long stretches a span of days is divided, which lengths make sense of it, and where each begins."""

from __future__ import annotations

from datetime import date, timedelta, tzinfo
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from geodata.statistics.counting.periods import CountPeriod, midnight, offsets, start_of
from geodata.statistics.usage.ranges import DaySpan

MOST_HOURS_DAYS = 31
"""Days of which hours are shown: more of them nobody can read."""
MOST_DAYS = 366 * 25
"""Days of a span at most."""


class UsageBucket(StrEnum):
    """The length of one point."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


_YEAR_OF_WEEKS = timedelta(weeks=52)
_PERIODS = {
    UsageBucket.DAY: CountPeriod.DAY,
    UsageBucket.WEEK: CountPeriod.WEEK,
    UsageBucket.MONTH: CountPeriod.MONTH,
}


def offered(span: DaySpan) -> list[UsageBucket]:
    """The lengths that ``span`` may be divided into: at least two points, and hours for a month at most."""
    found = [] if span.days > MOST_HOURS_DAYS else [UsageBucket.HOUR]
    for bucket, least in ((UsageBucket.DAY, 1), (UsageBucket.WEEK, 14), (UsageBucket.MONTH, 59)):
        if span.days >= least:
            found.append(bucket)
    return found


def sensible(span: DaySpan) -> UsageBucket:
    """The length that shows most of it at a glance."""
    if span.days <= 2:
        return UsageBucket.HOUR
    if span.days <= 92:
        return UsageBucket.DAY
    return UsageBucket.WEEK if span.days <= 400 else UsageBucket.MONTH


def coarser(bucket: UsageBucket) -> UsageBucket:
    """The next longer one."""
    return {UsageBucket.HOUR: UsageBucket.DAY, UsageBucket.DAY: UsageBucket.WEEK}.get(bucket, UsageBucket.MONTH)


def span_before(bucket: UsageBucket, span: DaySpan) -> DaySpan:
    """Of months the same ones a year before; else 52 weeks before, so that each weekday stands beside its like."""
    if bucket is UsageBucket.MONTH:
        return span.year_before()
    return DaySpan(span.first - _YEAR_OF_WEEKS, span.last - _YEAR_OF_WEEKS)


def slots(bucket: UsageBucket, span: DaySpan, zone: tzinfo) -> NDArray[np.int64]:
    """The edges, in seconds since 1970, of what is counted: local days, of hours full hours; one more than there are.

    Clocks are set by full hours from UTC in all zones of Germany.
    """
    if bucket is UsageBucket.HOUR:
        first, end = (int(midnight(day, zone).timestamp()) for day in (span.first, span.end))
        return np.arange(first, end + 1, 3600, dtype=np.int64)
    return midnights(span, zone)


def midnights(span: DaySpan, zone: tzinfo) -> NDArray[np.int64]:
    """When each day of ``span`` begins, and the day after it, in seconds since 1970."""
    days = np.arange(np.datetime64(span.first), np.datetime64(span.end) + 1)
    naive = days.astype("datetime64[s]").astype(np.int64)
    found = naive.copy()
    for begin, end, shift_s in _shifts(span, zone):
        here = (naive >= begin + shift_s) & (naive < end + shift_s)
        found[here] = naive[here] - shift_s
    found[-1] = int(midnight(span.end, zone).timestamp())
    return found


def local(moments: NDArray[np.int64], span: DaySpan, zone: tzinfo) -> NDArray[np.int64]:
    """What the clock says there at these moments within ``span``, in seconds since 1970 as if it were UTC."""
    found = moments.copy()
    for begin, end, shift_s in _shifts(span, zone):
        here = (moments >= begin) & (moments < end)
        found[here] = moments[here] + shift_s
    return found


def _shifts(span: DaySpan, zone: tzinfo) -> list[tuple[int, int, int]]:
    """From when to when the clock there is so many seconds before UTC."""
    spans = offsets(midnight(span.first, zone), midnight(span.end, zone), zone)
    return [(int(begin.timestamp()), int(end.timestamp()), 3600 * hours) for begin, end, hours in spans]


def firsts(bucket: UsageBucket, span: DaySpan, edges: NDArray[np.int64]) -> NDArray[np.int64]:
    """The index of the first slot of each point: the first point, and the last one, may be cut by the span."""
    if bucket in {UsageBucket.HOUR, UsageBucket.DAY}:
        return np.arange(len(edges) - 1)
    days = np.arange(np.datetime64(span.first), np.datetime64(span.end))
    if bucket is UsageBucket.MONTH:
        marks = days.astype("datetime64[M]").astype(np.int64)
    else:
        marks = (days.astype(np.int64) + 3) // 7  # 1970 began on a Thursday
    return np.flatnonzero(np.concatenate([[True], marks[1:] != marks[:-1]]))


def whole_start(bucket: UsageBucket, day: date) -> date:
    """Where the whole week or month begins in which a point's first day is."""
    return start_of(_PERIODS[bucket], day) if bucket in _PERIODS else day
