"""What could not be kept, to be looked at."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import LiteralString

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


FROM_SELECTED: LiteralString = """
    FROM quarantine
    WHERE replayed_at IS NULL
    AND (%(entry)s::int8 IS NULL OR id = %(entry)s)
    AND (%(reason)s::text IS NULL OR reason = %(reason)s)
    AND (%(device)s::text IS NULL OR device = %(device)s)
    AND (%(since)s::timestamptz IS NULL OR received_at >= %(since)s)
    AND (%(until)s::timestamptz IS NULL OR received_at < %(until)s)
"""
"""The entries of a Selection; its parameters come from parameters()."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which entries that wait; what is None does not narrow. ``since`` and ``until`` (exclusive) are of the receipt."""

    entry: int | None = None
    reason: str | None = None
    device: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def parameters(self) -> dict[str, object]:
        """By name, for a statement."""
        return asdict(self)


def newest(connection: Connection[TupleRow], limit: int, which: Selection | None = None) -> list[QuarantineEntry]:
    """The latest ``limit`` entries that wait, the newest first; all or ``which``."""
    rows = connection.execute(
        "SELECT id, reason, detail, topic, payload, device, received_at, replayed_at "
        f"{FROM_SELECTED} ORDER BY received_at DESC, id DESC LIMIT %(limit)s",
        {**(which or Selection()).parameters(), "limit": limit},
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


def knows_device(connection: Connection[TupleRow], device: str) -> bool:
    """Whether a device of this id is registered, revoked ones too, or anything was ever quarantined under it."""
    row = connection.execute(
        "SELECT EXISTS (SELECT FROM device WHERE id = %(device)s)"
        " OR EXISTS (SELECT FROM quarantine WHERE device = %(device)s)",
        {"device": device},
    ).fetchone()
    return bool(row and row[0])


def count_open(connection: Connection[TupleRow], which: Selection | None = None) -> int:
    """How many entries wait to be looked at; all or ``which``."""
    row = connection.execute(f"SELECT count(*) {FROM_SELECTED}", (which or Selection()).parameters()).fetchone()
    return int(row[0]) if row else 0


def count_by_device(connection: Connection[TupleRow]) -> dict[str, int]:
    """How many entries wait, by the device that the topic names."""
    rows = connection.execute(
        "SELECT device, count(*) FROM quarantine WHERE replayed_at IS NULL AND device IS NOT NULL GROUP BY device"
    )
    return {row[0]: row[1] for row in rows}


def _entry(row: TupleRow) -> QuarantineEntry:
    return QuarantineEntry(*row)
