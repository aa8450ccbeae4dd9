"""What could not be stored: each message once, as the bytes that came, with all that was refused of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import LiteralString

import msgspec
from psycopg import Connection
from psycopg.rows import TupleRow

from geodata.errors import NotFound
from geodata.store.flush import LISTED, Refusal, SourceMessage
from geodata.store.times import to_datetime

Refused = list[tuple[SourceMessage, list[Refusal]]]
"""Messages with what was refused of each, at least one part."""


@dataclass(frozen=True, slots=True)
class QuarantineEntry:
    """A message of which something could not be stored.

    ``reason`` (a short code) and ``detail`` (a sentence for a device maker) are of the first of its ``refused_parts``;
    ``refusals`` has that one and the following, 32 at most. ``payload`` are the bytes as they came, apart from what
    ``kept`` says: ``whole``, ``redacted`` (addresses blacked out), ``cut`` (the beginning of ``size`` bytes), or
    ``rewritten`` (one part of it, as earlier releases kept it: the rest of such a message is not here).
    """

    id: int
    reason: str
    detail: str
    refusals: list[dict[str, str]]
    refused_parts: int
    topic: str
    payload: bytes
    kept: str
    size: int
    device: str | None
    received_at: datetime
    replayed_at: datetime | None


_ENTRY: LiteralString = (
    "SELECT id, reason, detail, refusals, refused_parts, topic, payload, kept, size, device, received_at, replayed_at"
)

FROM_SELECTED: LiteralString = """
    FROM quarantine
    WHERE replayed_at IS NULL
    AND (%(entry)s::int8 IS NULL OR id = %(entry)s)
    AND (%(reason)s::text IS NULL OR reason = %(reason)s OR %(reason)s = ANY (reasons))
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


_KEEP: LiteralString = """
    INSERT INTO quarantine AS old (partition, digest, reason, detail, refusals, refused_parts, received_parts,
        deliveries, topic, payload, device, received_at, size, kept, reasons)
    SELECT %s::text, digest, reason, detail, refusals, refused_parts, received_parts, deliveries, topic, payload,
        device, received_at, size, kept, string_to_array(reasons, ' ')
    FROM unnest(%s::bytea[], %s::text[], %s::text[], %s::jsonb[], %s::int4[], %s::int8[], %s::int4[], %s::text[],
        %s::bytea[], %s::text[], %s::timestamptz[], %s::int4[], %s::text[], %s::text[])
        AS input (digest, reason, detail, refusals, refused_parts, received_parts, deliveries, topic, payload, device,
            received_at, size, kept, reasons)
    ON CONFLICT (digest) DO UPDATE SET deliveries = old.deliveries + excluded.deliveries,
        received_parts = old.received_parts + excluded.received_parts,
        reasons = ARRAY(SELECT DISTINCT unnest(old.reasons || excluded.reasons) ORDER BY 1),
        received_at = least(old.received_at, excluded.received_at)
    RETURNING digest, xmax = 0 AS new
"""


def keep(connection: Connection[TupleRow], refused: Refused, partition: str) -> dict[str, int]:
    """Keep the messages and return how many refused parts were new, by reason.

    Of a message that is there already only the repetition is noted: so often it was delivered, with so many parts.
    """
    unique: dict[bytes, tuple[SourceMessage, list[Refusal]]] = {}
    deliveries: Counter[bytes] = Counter()
    received: Counter[bytes] = Counter()
    for message, refusals in refused:
        digest = message.digest
        unique.setdefault(digest, (message, refusals))
        deliveries[digest] += 1
        received[digest] += message.parts
    if not unique:
        return {}
    messages = [message for message, _ in unique.values()]
    rows = connection.execute(
        _KEEP,
        [
            partition,
            list(unique),
            [refusals[0].reason for _, refusals in unique.values()],
            [refusals[0].detail for _, refusals in unique.values()],
            [msgspec.json.encode(refusals[:LISTED]).decode() for _, refusals in unique.values()],
            [len(refusals) for _, refusals in unique.values()],
            [received[digest] for digest in unique],
            [deliveries[digest] for digest in unique],
            [message.topic for message in messages],
            [message.payload for message in messages],
            [message.device for message in messages],
            [to_datetime(message.received_us) for message in messages],
            [message.size for message in messages],
            [message.kept for message in messages],
            [" ".join(sorted({refusal.reason for refusal in refusals})) for _, refusals in unique.values()],
        ],
    )
    new = [bytes(digest) for digest, is_new in rows if is_new]
    return dict(Counter(refusal.reason for digest in new for refusal in unique[digest][1]))


def newest(connection: Connection[TupleRow], limit: int, which: Selection | None = None) -> list[QuarantineEntry]:
    """The latest ``limit`` entries that wait, the newest first; all or ``which``."""
    rows = connection.execute(
        f"{_ENTRY} {FROM_SELECTED} ORDER BY received_at DESC, id DESC LIMIT %(limit)s",
        {**(which or Selection()).parameters(), "limit": limit},
    )
    return [_entry(row) for row in rows]


def find(connection: Connection[TupleRow], entry: int) -> QuarantineEntry:
    """One entry by its number; raise NotFound."""
    row = connection.execute(f"{_ENTRY} FROM quarantine WHERE id = %s", [entry]).fetchone()
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
