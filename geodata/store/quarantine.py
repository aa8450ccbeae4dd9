"""What could not be kept, to be looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from psycopg import Connection
from psycopg.rows import TupleRow

from geodata.errors import NotFound


@dataclass(frozen=True, slots=True)
class QuarantineEntry:
    """One message, or part of one, with the ``reason`` (a short code) and a sentence for a device maker."""

    id: int
    reason: str
    detail: str
    topic: str
    payload: bytes
    device: str | None
    received_at: datetime
    replayed_at: datetime | None


def newest(connection: Connection[TupleRow], limit: int, device: str | None = None) -> list[QuarantineEntry]:
    """The latest ``limit`` entries that were not replayed, the newest first; of one device where given."""
    rows = connection.execute(
        "SELECT id, reason, detail, topic, payload, device, received_at, replayed_at FROM quarantine"
        " WHERE replayed_at IS NULL AND (%s::text IS NULL OR device = %s) ORDER BY received_at DESC, id DESC LIMIT %s",
        [device, device, limit],
    )
    return [_entry(row) for row in rows]


def find(connection: Connection[TupleRow], entry: int) -> QuarantineEntry:
    """One entry by its number; raise NotFound."""
    row = connection.execute(
        "SELECT id, reason, detail, topic, payload, device, received_at, replayed_at FROM quarantine WHERE id = %s",
        [entry],
    ).fetchone()
    if row is None:
        raise NotFound("quarantine entry", str(entry))
    return _entry(row)


def count_open(connection: Connection[TupleRow]) -> int:
    """How many entries wait to be looked at."""
    row = connection.execute("SELECT count(*) FROM quarantine WHERE replayed_at IS NULL").fetchone()
    return int(row[0]) if row else 0


def count_by_device(connection: Connection[TupleRow]) -> dict[str, int]:
    """How many entries wait, by the device that the topic names."""
    rows = connection.execute(
        "SELECT device, count(*) FROM quarantine WHERE replayed_at IS NULL AND device IS NOT NULL GROUP BY device"
    )
    return {row[0]: row[1] for row in rows}


def _entry(row: TupleRow) -> QuarantineEntry:
    return QuarantineEntry(*row)
