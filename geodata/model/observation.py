"""What is measured: properties, series, values. Times are aware UTC."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, IntFlag, StrEnum

import msgspec

from geodata.model.counting.counter import Direction
from geodata.model.sentences import NO_SENTENCES, Sentences

UNRANKED = 1000
"""The rank of an observed property that no page puts before others."""


class Quality(IntEnum):
    """Whether a result may be shown and counted."""

    OK = 0
    SUSPECT = 1
    MISSING = 2


class Flag(IntFlag):
    """Why an observation is not plainly ok, or where its time comes from; a bit set."""

    NONE = 0
    TIME_OF_RECEIPT = 1  # the device has no clock: phenomenon_time is when the gateway got it
    OUT_OF_RANGE = 2  # outside the property's plausible range
    SENSOR_FAILED = 4  # the device sent null


class PropertyKind(StrEnum):
    """How the results of an observed property add up."""

    GAUGE = "gauge"  # an instantaneous value: mean, minimum and maximum make sense
    RUNNING_TOTAL = "running_total"  # only differences make sense; may wrap or reset
    INCREMENT = "increment"  # an amount since the previous observation: sums make sense


class Audience(StrEnum):
    """Who reads the values of an observed property."""

    HIKERS = "hikers"  # on the pages of stations, and staff
    STAFF = "staff"
    TECHNICAL = "technical"  # staff alone, and it speaks of the device itself, not of the place


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedProperty:
    """What is measured, in which UCUM ``unit``; results outside ``minimum``..``maximum`` are suspect.

    What has the lowest ``rank`` comes first on hikers' pages; the lowest ``staff_rank`` of a device's properties is
    the value that staff see of it. ``counts_things``: a count, and not of people. ``direction``: which way the people
    go whose passes it counts, None where it counts none. ``aliases``: names that it had before, which devices and
    readers may go on using.
    """

    id: str
    unit: str
    kind: PropertyKind
    minimum: float
    maximum: float
    label_de: str
    label_en: str
    decimals: int = 1
    audience: Audience = Audience.HIKERS
    rank: int = UNRANKED
    staff_rank: int = UNRANKED
    counts_things: bool = False
    direction: Direction | None = None
    aliases: tuple[str, ...] = ()
    sentences: Sentences = NO_SENTENCES

    @property
    def is_count(self) -> bool:
        """Whether it counts: passes, a running total, or an increment without a unit, whatever it is called."""
        if self.direction is not None:
            return True
        if self.kind is PropertyKind.INCREMENT:
            return self.unit in {"", "1"} or self.unit.startswith("{")  # UCUM: {passes}
        return self.kind is PropertyKind.RUNNING_TOTAL


def by_name(properties: Iterable[ObservedProperty]) -> dict[str, ObservedProperty]:
    """Observed properties by their ids and, where a name is no id of another, by their aliases."""
    found = {prop.id: prop for prop in properties}
    for prop in tuple(found.values()):
        for alias in prop.aliases:
            found.setdefault(alias, prop)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Datastream:
    """The series of one observed property of one device. ``sensor`` names the instrument."""

    id: int
    device: str
    observed_property: str
    sensor: str = ""


@dataclass(frozen=True, slots=True)
class Observation:
    """One measured value; ``result`` is None exactly when ``quality`` is MISSING."""

    datastream_id: int
    phenomenon_time: datetime
    result: float | None
    quality: Quality = Quality.OK
    flags: Flag = Flag.NONE


class Bucket(msgspec.Struct, frozen=True, gc=False):  # a year of hours is 8760 of them: a dataclass takes 10 ms longer
    """A time interval of a series. Only results of quality ok count in ``count``, mean, minimum and maximum."""

    start: datetime
    count: int
    mean: float | None
    minimum: float | None
    maximum: float | None
    first: float | None
    last: float | None
    suspect: int = 0
    missing: int = 0
