"""What of a counter decides how its reports are read: bits, capacity, rhythm, and the time it hangs where it hangs."""

from __future__ import annotations

from dataclasses import dataclass

from geodata.model.counting.counter import CAPACITY
from geodata.times import HOUR_US

_STEPS = 2.5  # two lost messages are bridged, and some drift
_LEAST_BRIDGED_US = 90_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterTraits:
    """How the reports of one channel are read.

    ``interval_us``: the time between two reports as the device means it, until it was ``changed``: from when on
    (microseconds since 1970) it was which, in order. ``width`` and ``capacity`` are those of the record Channel;
    ``starts_us`` (within) and ``ends_us`` (not within) bound its mounting period, None where it has no such end.
    """

    interval_us: int
    changed: tuple[tuple[int, int], ...] = ()
    width: int | None = None
    capacity: int = CAPACITY
    starts_us: int | None = None
    ends_us: int | None = None

    def interval_at(self, at_us: int) -> int:
        """The interval of that time, in microseconds."""
        return next((interval for since, interval in reversed(self.changed) if since <= at_us), self.interval_us)

    def bridged_us(self, before_us: int, after_us: int) -> int:
        """The longest step between two reports of these times that is no silence: 2.5 intervals, at least 90 s.

        Where the interval changed in between, the longer one decides.
        """
        interval_us = max(self.interval_at(before_us), self.interval_at(after_us))
        return max(round(_STEPS * interval_us), _LEAST_BRIDGED_US)

    def most_within(self, elapsed_us: int) -> int:
        """The passes that can be in so much time.

        Of less than a quarter of an hour as in that: what waited at the broker arrives, and is dated, at once.
        """
        return self.capacity * max(elapsed_us, HOUR_US // 4) // HOUR_US

    def holds(self, at_us: int) -> bool:
        """Whether a report of this time is of this mounting period."""
        return (self.starts_us is None or self.starts_us <= at_us) and (self.ends_us is None or at_us < self.ends_us)

    def is_cut(self, hour: int, after_us: int = 0) -> bool:
        """Whether the period begins (or ``after_us`` later), or ends, within the hour (counted since 1970)."""
        start, end = hour * HOUR_US, (hour + 1) * HOUR_US
        begins = None if self.starts_us is None else self.starts_us + after_us
        return any(edge is not None and start < edge < end for edge in (begins, self.ends_us))
