"""What one transaction of the gateway writes, and what becomes of it.

A *part* is one observed property of one reading, or a message that could not be taken apart. Every part of a flush
ends as stored, duplicate or quarantined.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

CONFLICT = "conflict"
"""Reason of a refusal that only the database could find: another result is stored for this time."""

MORE = "more"
"""Reason of the entry in which all further refusals of a message are summed up."""

LISTED = 32
"""So many refusals of one message are told one by one with their sentences; the others are only counted."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Everything of this ``boot`` up to and including ``seq`` is committed."""

    device: str
    boot: str
    seq: int


class Refusal(msgspec.Struct, frozen=True, gc=False):
    """Why a part of a message cannot be stored.

    ``reason`` is a short code, ``detail`` a sentence for a device maker, ``where`` the place in the message ("seq 7"),
    empty for all of it. ``further``: in the entry MORE, how many parts were refused for which reason.
    """

    reason: str
    detail: str = ""
    where: str = ""
    further: dict[str, int] = {}


def add(refusals: list[Refusal], refusal: Refusal) -> None:
    """Add to the refusals of one message: beyond LISTED they become one entry, however many they are."""
    if len(refusals) < LISTED:
        refusals.append(refusal)
    else:
        count(refusals, refusal.reason, 1)


def count(refusals: list[Refusal], reason: str, parts: int) -> None:
    """Add so many parts to the one entry; LISTED are there already."""
    if len(refusals) == LISTED:
        refusals.append(Refusal(MORE))
    further = refusals[LISTED].further
    further[reason] = further.get(reason, 0) + parts


def join(refusals: list[Refusal], more: list[Refusal]) -> list[Refusal]:
    """The refusals of two parts of one message; neither list is to be used afterwards."""
    if not refusals or not more:
        return refusals or more
    for refusal in more[:LISTED]:
        add(refusals, refusal)
    for refusal in more[LISTED:]:
        for reason, parts in refusal.further.items():
            count(refusals, reason, parts)
    return refusals


def copied(refusals: Sequence[Refusal]) -> list[Refusal]:
    """Refusals to which may be added while the others stay as they are."""
    return [*refusals[:LISTED], *(Refusal(MORE, further=dict(refusal.further)) for refusal in refusals[LISTED:])]


def reasons(refusals: Sequence[Refusal]) -> dict[str, int]:
    """How many parts of a message were refused for which reason."""
    counts = dict(refusals[LISTED].further) if len(refusals) > LISTED else dict[str, int]()
    for refusal in refusals[:LISTED]:
        counts[refusal.reason] = counts.get(refusal.reason, 0) + 1
    return counts


def parts(refusals: Sequence[Refusal]) -> int:
    """How many parts of a message were refused."""
    return len(refusals) if len(refusals) <= LISTED else sum(refusals[LISTED].further.values(), LISTED)


class SourceMessage(msgspec.Struct, gc=False):
    """A message as it came, for the quarantine, and what of it was refused.

    ``payload`` are the bytes as they came, apart from what ``kept`` says: ``whole``, ``redacted`` (addresses blacked
    out) or ``cut`` (only the beginning of ``size`` bytes). ``parts`` counts all its parts, refused or not.
    ``received_us`` (microseconds since 1970) is what a reading without a time gets when the message is read again.
    """

    topic: str
    payload: bytes
    device: str | None
    received_us: int
    size: int = 0
    kept: str = "whole"
    parts: int = 1
    refusals: list[Refusal] = []

    @property
    def digest(self) -> bytes:
        """The message's identity, the same for a redelivery: SHA-256 of what is kept, of a cut one with its size."""
        whole = self.topic.encode() + b"\0" + self.payload
        return hashlib.sha256(whole + b"\0%d" % self.size if self.kept == "cut" else whole).digest()


class ObservationOrigin(msgspec.Struct, frozen=True, gc=False):
    """Where an observation comes from; needed when the database finds a conflict, or the device has no clock."""

    source: SourceMessage
    device: str
    boot: str | None
    seq: int | None


class Observations(msgspec.Struct):
    """Columns of equal length; times are microseconds since 1970 UTC."""

    datastreams: list[int] = []
    times_us: list[int] = []
    results: list[float | None] = []
    qualities: list[int] = []
    flags: list[int] = []
    properties: list[str] = []
    origins: list[ObservationOrigin] = []
    without_device_time: list[int] = []
    """Indexes of rows without device time, dated by their receipt; their origin has boot and seq."""

    def __len__(self) -> int:
        return len(self.datastreams)


@dataclass(slots=True)
class SequenceRange:
    """Sequence numbers of one boot of a device in this flush, as half-open ranges; ``oldest`` as the device says."""

    ranges: list[tuple[int, int]]
    oldest: int
    received_us: int


@dataclass(frozen=True, slots=True)
class StatusReport:
    """What a device, or its will, said of itself."""

    state: str
    received_us: int
    firmware: str = ""
    boot: str = ""
    interval_s: int | None = None


@dataclass(slots=True)
class Flush:
    """What one transaction writes. ``received`` counts parts, ``duplicates`` those found within the flush itself."""

    partition: str
    now_us: int
    messages: int = 0
    received: int = 0
    duplicates: int = 0
    optimistic: bool = False
    """Try first as if no row were known: cheaper where that is so, and more work where it is not."""
    observations: Observations = field(default_factory=Observations)
    refused: list[SourceMessage] = field(default_factory=list[SourceMessage])
    """The messages of which something was refused."""
    sequences: dict[tuple[str, str], SequenceRange] = field(default_factory=dict[tuple[str, str], SequenceRange])
    statuses: dict[str, StatusReport] = field(default_factory=dict[str, StatusReport])
    seen: dict[str, int] = field(default_factory=dict[str, int])
    """Device to the receipt (microseconds) of its last message that was not a retained one."""
    unusable: dict[str, int] = field(default_factory=dict[str, int])
    """Device to the receipt (microseconds) of its last telemetry of which nothing could be stored."""


@dataclass(frozen=True, slots=True)
class FlushOutcome:
    """What became of the parts, and what may be confirmed to the devices after the commit."""

    stored: int
    duplicates: int
    quarantined: int
    confirmations: list[Confirmation]
    reasons: dict[str, int] = field(default_factory=dict[str, int])
    """How many of the quarantined parts have which reason."""
