"""Scans of stations by day or hour as columns, and for how much of the time anybody counted them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import LiteralString

import numpy as np
from numpy.typing import NDArray

from geodata.statistics.counting.periods import midnight, offsets
from geodata.statistics.usage.ranges import DaySpan
from geodata.store.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class StationScans:
    """Scans of a ``station`` by slot, from 0; columns of equal length. ``made_s``: since when it was there, or None."""

    station: str
    slot: NDArray[np.int64]
    count: NDArray[np.int64]
    made_s: int | None


def by_day(connection: Transaction, stations: Sequence[str], span: DaySpan, zone: tzinfo) -> list[StationScans]:
    """Slots are days of ``zone`` after the first of ``span``."""
    return _scans(connection, stations, _asked(span, zone, slot_h=24))


def by_hour(connection: Transaction, stations: Sequence[str], span: DaySpan, zone: tzinfo) -> list[StationScans]:
    """Slots are hours after the first midnight of ``span``."""
    return _scans(connection, stations, _asked(span, zone, slot_h=1))


def minutes_by_day(connection: Transaction, span: DaySpan, zone: tzinfo) -> NDArray[np.int64]:
    """In how many minutes of each day scans were counted."""
    return _minutes(connection, _asked(span, zone, slot_h=24), span.days)


def minutes_by_hour(connection: Transaction, span: DaySpan, zone: tzinfo) -> NDArray[np.int64]:
    """In how many minutes of each hour scans were counted."""
    length = midnight(span.end, zone) - midnight(span.first, zone)
    return _minutes(connection, _asked(span, zone, slot_h=1), round(length.total_seconds() / 3600))


def _asked(span: DaySpan, zone: tzinfo, slot_h: int) -> dict[str, object]:
    """Days are reckoned by the clock there, hours from the first midnight on."""
    begin, end = midnight(span.first, zone), midnight(span.end, zone)
    spans: list[tuple[datetime, datetime, int]] = offsets(begin, end, zone) if slot_h > 1 else [(begin, end, 0)]
    first_h = int(begin.timestamp()) // 3600 + spans[0][2]
    return {
        "begins": [begins for begins, _, _ in spans],
        "ends": [ends for _, ends, _ in spans],
        "shifts": [shift - first_h for _, _, shift in spans],
        "slot_h": slot_h,
    }


def _scans(connection: Transaction, stations: Sequence[str], asked: dict[str, object]) -> list[StationScans]:
    rows = connection.execute(_SCANS, asked | {"stations": list(stations)}, binary=True)
    return [
        StationScans(
            station=station,
            slot=np.frombuffer(slot or b"", ">i4").astype(np.int64),
            count=np.frombuffer(count or b"", ">i4").astype(np.int64),
            made_s=None if made_at is None else int(made_at.timestamp()),
        )
        for station, made_at, slot, count in rows
    ]


def _minutes(connection: Transaction, asked: dict[str, object], slots: int) -> NDArray[np.int64]:
    found = np.zeros(slots, dtype=np.int64)
    row = connection.execute(_MINUTES, asked, binary=True).fetchone()
    if row and row[0] is not None:
        found[np.frombuffer(row[0], ">i4")] = np.frombuffer(row[1], ">i4")
    return found


_SCANS: LiteralString = """
    SELECT code, made_at, found.* FROM station, LATERAL (
        SELECT string_agg(int4send(slot), ''), string_agg(int4send(scans), '') FROM (
            SELECT ((date_part('epoch', hour)::int8 / 3600 + shift) / %(slot_h)s)::int4 AS slot,
                sum(count)::int4 AS scans
            FROM unnest(%(begins)s::timestamptz[], %(ends)s::timestamptz[], %(shifts)s::int4[])
                AS span (begins, ends, shift), scan_hour
            WHERE scan_hour.station = code AND hour >= begins AND hour < ends
            GROUP BY slot) AS of_slot) AS found
    WHERE code = ANY (%(stations)s) ORDER BY code
"""
_MINUTES: LiteralString = """
    SELECT string_agg(int4send(slot), ''), string_agg(int4send(minutes), '') FROM (
        SELECT ((date_part('epoch', hour)::int8 / 3600 + shift) / %(slot_h)s)::int4 AS slot,
            sum(bit_count(minutes))::int4 AS minutes
        FROM unnest(%(begins)s::timestamptz[], %(ends)s::timestamptz[], %(shifts)s::int4[])
            AS span (begins, ends, shift), scan_uptime
        WHERE hour >= begins AND hour < ends GROUP BY slot) AS of_slot
"""
