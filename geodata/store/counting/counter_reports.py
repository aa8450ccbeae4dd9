"""What counters reported one by one around a session, and which counters hang where at a moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString

from psycopg.rows import TupleRow

from geodata.model.counting.counter import Channel, Direction, Mounting
from geodata.model.observation import Quality
from geodata.store.transaction import Transaction

_CHANNEL: LiteralString = (
    "SELECT channel.id, direction, total, increment, width, capacity, mounting.id, device, trail, station, starts_at,"
    " ends_at, technology, note FROM counter_mounting AS mounting"
    " JOIN counter_channel AS channel ON channel.mounting = mounting.id"
)


def channels_at(connection: Transaction, device: str, moment: datetime) -> Sequence[Channel]:
    """The channels of a counter in the mounting period of ``moment``; none where it hung nowhere."""
    rows = connection.execute(
        _CHANNEL + " WHERE device = %(device)s AND (starts_at IS NULL OR starts_at <= %(moment)s)"
        " AND (ends_at IS NULL OR %(moment)s < ends_at) ORDER BY direction",
        {"device": device, "moment": moment},
    )
    return [_channel(row) for row in rows]


def channels_of(connection: Transaction, mounting: int) -> Sequence[Channel]:
    """The channels of a mounting period."""
    rows = connection.execute(_CHANNEL + " WHERE mounting.id = %s ORDER BY direction", [mounting])
    return [_channel(row) for row in rows]


def hanging(connection: Transaction, moment: datetime) -> Sequence[Channel]:
    """The channels of all counters that hang somewhere at ``moment``, by device."""
    rows = connection.execute(
        _CHANNEL + " WHERE (starts_at IS NULL OR starts_at <= %(moment)s)"
        " AND (ends_at IS NULL OR %(moment)s < ends_at) ORDER BY device, direction",
        {"moment": moment},
    )
    return [_channel(row) for row in rows]


def reports(connection: Transaction, datastream: int, start: datetime, end: datetime) -> list[tuple[datetime, float]]:
    """The results of a datastream from ``start`` to ``end``, both within, that are plainly ok, rising in time."""
    rows = connection.execute(
        "SELECT phenomenon_time, result FROM observation WHERE datastream = %s AND phenomenon_time BETWEEN %s AND %s"
        " AND quality = %s ORDER BY phenomenon_time",
        [datastream, start, end, Quality.OK],
    )
    return [(row[0], float(row[1])) for row in rows]


def first_report(connection: Transaction, datastreams: Sequence[int]) -> datetime | None:
    """When the first single observation of these series was measured of which the database still knows."""
    row = connection.execute(
        "SELECT min(first) FROM unnest(%s::integer[]) AS wanted (datastream) CROSS JOIN LATERAL"
        " (SELECT min(phenomenon_time) FROM observation"
        " WHERE observation.datastream = wanted.datastream) AS own (first)",
        [list(datastreams)],
    ).fetchone()
    return row[0] if row else None


def _channel(row: TupleRow) -> Channel:
    mounting = Mounting(
        id=row[6], device=row[7], trail=row[8], station=row[9], starts_at=row[10], ends_at=row[11], technology=row[12],
        note=row[13],
    )  # fmt: skip
    return Channel(
        id=row[0], mounting=mounting, direction=Direction(row[1]), total=row[2], increment=row[3], width=row[4],
        capacity=row[5],
    )  # fmt: skip
