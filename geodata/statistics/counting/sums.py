"""Sums of days over weeks, months, seasons and years, each with how much of its time was counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, tzinfo

from geodata.model.counting.counter import CountedDay, CountFlag, together
from geodata.statistics.counting.periods import CountPeriod, end_of, length_s, start_of


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedPeriod:
    """Passes of one channel from the day ``start`` to before the day ``end``.

    ``passes`` is None where nothing at all was counted: a gap is not 0. ``shared`` is its part
    of what passed in silences over the ends of days: an estimate, and no part of ``passes``. ``coverage``: the share of
    its time that is known, 0 to 1.
    """

    start: date
    end: date
    passes: int | None
    shared: int
    coverage: float
    valid_days: int
    flags: CountFlag


def sum_up(days: Iterable[CountedDay], period: CountPeriod, zone: tzinfo) -> list[CountedPeriod]:
    """The periods in which days are known, in order; those in which none is are left out."""
    by_start: dict[date, list[CountedDay]] = {}
    for day in days:
        by_start.setdefault(start_of(period, day.day), []).append(day)
    return [_sum(start, end_of(period, start), by_start[start], zone) for start in sorted(by_start)]


def _sum(start: date, end: date, days: list[CountedDay], zone: tzinfo) -> CountedPeriod:
    covered_s = sum(day.covered_s for day in days)
    passes = sum(day.passes for day in days)
    return CountedPeriod(
        start=start,
        end=end,
        passes=passes if covered_s or passes else None,
        shared=sum(day.shared for day in days),
        coverage=covered_s / length_s(start, end, zone),
        valid_days=sum(day.valid for day in days),
        flags=together(day.flags for day in days),
    )
