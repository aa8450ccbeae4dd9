"""Scans that phones counted themselves, without a network, from a trail that was taken along: which of them are taken.

Whoever wants to can make them up, as anybody can ask for a page over and over: they are bounded per network, per
request, and to hours of the last 30 days.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from geodata.errors import InvalidInput
from geodata.store.access.scan import ScanKey
from geodata.store.access.scan_receipt import TAKEN_DAYS
from geodata.times import full_hour
from geodata.vocabulary.languages import VARIANTS

MOST = 50
"""Scans in one request."""
MOST_BYTES = 16_384


class LateScan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that a phone tells of one scan; ``id`` is made at random for it, ``hour`` begins then."""

    id: UUID
    station: Annotated[str, msgspec.Meta(max_length=10)]
    hour: Annotated[datetime, msgspec.Meta(tz=True)]
    variant: Annotated[str, msgspec.Meta(max_length=20)]
    entry: Literal["sign", "nfc", "link"]


class LateScans(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a phone sends."""

    scans: Annotated[list[LateScan], msgspec.Meta(min_length=1, max_length=MOST)]


@dataclass(frozen=True, slots=True)
class Judged:
    """The scans that are taken, by id, and why the others are not: the phone may forget both."""

    taken: Mapping[UUID, ScanKey]
    refused: Mapping[UUID, str]


def read(body: bytes) -> list[LateScan]:
    """What a phone sent; raises InvalidInput."""
    try:
        return msgspec.json.decode(body, type=LateScans).scans
    except msgspec.DecodeError as error:
        raise InvalidInput("scans", f"{len(body)} bytes", "scans as our pages send them", str(error)) from error


def judge(scans: Collection[LateScan], stations: Collection[str], now: datetime) -> Judged:
    """Which of ``scans`` are taken; ``stations`` are the codes that there are."""
    reasons = {scan.id: _fault(scan, stations, now) for scan in scans}
    taken = {scan.id: (scan.station, scan.hour, scan.variant, scan.entry) for scan in scans if reasons[scan.id] is None}
    return Judged(taken, {identity: reason for identity, reason in reasons.items() if reason is not None})


def _fault(scan: LateScan, stations: Collection[str], now: datetime) -> str | None:
    if scan.station not in stations:
        return "unknown-station"
    if scan.variant not in VARIANTS:
        return "unknown-variant"
    if scan.hour != full_hour(scan.hour):
        return "no-full-hour"
    if scan.hour > now:
        return "future"
    return "too-old" if scan.hour < now - timedelta(days=TAKEN_DAYS) else None
