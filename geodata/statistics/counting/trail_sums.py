"""Sums of all counters of a trail over some days, with how much of the time they hung there was counted.

Here a counter that hangs and says nothing is silent: its time is expected, and not covered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from geodata.model.counting.counter import CountedDay, CountFlag, together
from geodata.statistics.counting.periods import midnight

_DAY = timedelta(days=1)
_ALWAYS = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelAtTrail:
    """A channel that counts there from ``starts_at`` to before ``ends_at`` (None: still), with its counted days."""

    channel: int
    mounting: int
    starts_at: datetime
    ends_at: datetime | None
    days: Mapping[date, CountedDay]

    def hung_s(self, start: datetime, end: datetime) -> float:
        """For how many seconds of that time it hung there."""
        return max((min(end, self.ends_at or _ALWAYS) - max(start, self.starts_at)).total_seconds(), 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailPeriod:
    """What passed the counters of a trail from the day ``start`` to before the day ``end``, in all directions.

    ``passes`` is None where nothing was counted: a gap is not 0. ``shared`` passed in silences over the ends of days:
    an estimate, and no part of ``passes``. ``coverage``: the share of the time in which counters hung that is known, 0
    to 1. ``valid_days``: those on which every counter that hung is fit for comparisons. ``counters`` hung there then.
    """

    start: date
    end: date
    passes: int | None
    shared: int
    coverage: float
    valid_days: int
    counters: int
    flags: CountFlag

    @property
    def estimated_share(self) -> float:
        """The share of ``shared`` in all that is known or thought to have passed, 0 to 1."""
        return self.shared / (self.shared + (self.passes or 0)) if self.shared else 0.0


def sum_between(channels: Iterable[ChannelAtTrail], start: date, end: date, zone: tzinfo) -> TrailPeriod:
    """All ``channels`` from the day ``start`` to before the day ``end``, as days are in ``zone``."""
    begin, finish = midnight(start, zone), midnight(end, zone)
    hung = [each for each in channels if each.hung_s(begin, finish) > 0]
    dates = [start + number * _DAY for number in range((end - start).days)]
    counted = [day for each in hung for at in dates if (day := each.days.get(at)) is not None]
    covered_s, passes = sum(day.covered_s for day in counted), sum(day.passes for day in counted)
    expected_s = sum(each.hung_s(begin, finish) for each in hung)
    return TrailPeriod(
        start=start,
        end=end,
        passes=passes if covered_s or passes else None,
        shared=sum(day.shared for day in counted),
        coverage=min(covered_s / expected_s, 1.0) if expected_s else 0.0,
        valid_days=sum(_is_valid(hung, at, zone) for at in dates),
        counters=len({each.mounting for each in hung}),
        flags=together(day.flags for day in counted),
    )


def _is_valid(channels: Sequence[ChannelAtTrail], at: date, zone: tzinfo) -> bool:
    begin, end = midnight(at, zone), midnight(at + _DAY, zone)
    there = [each.days.get(at) for each in channels if each.hung_s(begin, end) > 0]
    return bool(there) and all(day is not None and day.valid for day in there)
