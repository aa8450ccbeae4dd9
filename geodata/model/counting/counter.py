"""Counters of people: where one hangs and since when, what it counts in which direction. Times are aware UTC."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntFlag, StrEnum

CAPACITY = 10_000
"""Passes in an hour that no path takes: a larger step of a running total is a counter that began anew."""

LARGEST_CAPACITY = 100_000
LEAST_WIDTH, LARGEST_WIDTH = 8, 53
"""Bits of a running total: no counter has fewer, and no number of JSON more."""


class Direction(StrEnum):
    """Which way the people go whom a counter counts."""

    IN = "in"
    OUT = "out"
    BOTH = "both"  # it cannot tell


class CounterTechnology(StrEnum):
    """How a counter sees who passes. Cameras are none of them: no picture of anybody is taken on a trail."""

    UNKNOWN = "unknown"
    PASSIVE_INFRARED = "passive-infrared"
    ACTIVE_INFRARED = "active-infrared"
    RADAR = "radar"
    PRESSURE = "pressure"
    LASER = "laser"
    MAGNETIC = "magnetic"
    RADIO_BEAM = "radio-beam"
    OTHER = "other"


class CountFlag(IntFlag):
    """What is to be said of a count beside its number; a bit set."""

    NONE = 0
    ESTIMATED = 1  # when they passed is shared out: within a silence over which the running total went on
    AT_LEAST = 2  # the total may have begun anew more often than could be seen
    RESET = 4  # the counter began anew at 0: what it had counted between its last report and that is lost
    WITNESSES_DIFFER = 8  # its running total and its increments do not say the same


def together(flags: Iterable[CountFlag]) -> CountFlag:
    """All of them in one."""
    joined = CountFlag.NONE
    for flag in flags:
        joined |= flag
    return joined


@dataclass(frozen=True, slots=True, kw_only=True)
class Mounting:
    """A period in which a counter hangs at one place in one way: at ``station`` of ``trail`` (None: beside it).

    ``starts_at`` None: always; ``ends_at`` (not within): None where it hangs there still.
    """

    id: int
    device: str
    trail: str
    station: str | None
    starts_at: datetime | None
    ends_at: datetime | None
    technology: str = "unknown"
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """What a mounted counter counts in one direction, and the datastreams that say so (at least one of the two).

    ``width``: bits of the running total, None where nobody knows; ``capacity``: passes an hour that cannot be more.
    """

    id: int
    mounting: Mounting
    direction: Direction
    total: int | None
    increment: int | None
    width: int | None = None
    capacity: int = CAPACITY


@dataclass(frozen=True, slots=True)
class CountedHour:
    """What passed a channel in an hour (counted since 1970), and for how many seconds of it that is known.

    ``passes`` were counted in it; ``shared`` is its part of what passed in silences, an estimate. Covered for no second
    it is a gap, not 0.
    """

    hour: int
    passes: int
    shared: int
    covered_s: int
    flags: CountFlag = CountFlag.NONE


@dataclass(frozen=True, slots=True)
class SilentTime:
    """A time (microseconds since 1970) over which the running total went on unheard, and what passed in it."""

    start_us: int
    end_us: int
    passes: int
    flags: CountFlag = CountFlag.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedDay:
    """What passed a channel on a day of the municipality's time zone, 23 to 25 hours long.

    ``passes``: counted, with what passed in silences that lie wholly within the day; ``shared``: its part of those that
    reach over its ends. ``valid``: fit for comparisons.
    """

    day: date
    passes: int
    shared: int
    covered_s: int
    covered_hours: int
    valid: bool
    flags: CountFlag = CountFlag.NONE
