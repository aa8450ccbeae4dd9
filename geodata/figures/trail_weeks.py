"""The last weeks of a trail as they stand now, each beside the same week a year before; for staff, unsuppressed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo

from geodata.statistics.counting.periods import CountPeriod, start_of
from geodata.statistics.counting.trail_sums import ChannelAtTrail, TrailPeriod, sum_between
from geodata.store.counting import trail_days
from geodata.store.transaction import Transaction

WEEKS = 53
"""A year, and the week with which it began."""
_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class WeekAndYearBefore:
    """A full ISO ``week`` and the one of the same number a year ``before``; None where that year had none."""

    week: TrailPeriod
    before: TrailPeriod | None


def read(connection: Transaction, trail: str, zone: tzinfo, today: date) -> Sequence[ChannelAtTrail]:
    """The channels of the trail with all days that its last weeks and those of a year before need."""
    return trail_days.load(connection, trail, start_of(CountPeriod.WEEK, today) - (2 * WEEKS + 1) * _WEEK, today, zone)


def last_weeks(channels: Sequence[ChannelAtTrail], zone: tzinfo, today: date) -> list[WeekAndYearBefore]:
    """The last WEEKS weeks that were over before ``today``, the newest last."""
    this = start_of(CountPeriod.WEEK, today)
    starts = [this - number * _WEEK for number in range(WEEKS, 0, -1)]
    return [WeekAndYearBefore(_sum(channels, start, zone), _before(channels, start, zone)) for start in starts]


def _before(channels: Sequence[ChannelAtTrail], start: date, zone: tzinfo) -> TrailPeriod | None:
    year, week, _ = start.isocalendar()
    try:
        before = date.fromisocalendar(year - 1, week, 1)
    except ValueError:  # a 53rd week, which few years have
        return None
    return _sum(channels, before, zone)


def _sum(channels: Sequence[ChannelAtTrail], start: date, zone: tzinfo) -> TrailPeriod:
    return sum_between(channels, start, start + _WEEK, zone)
