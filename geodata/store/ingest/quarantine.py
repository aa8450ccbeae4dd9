"""What could not be stored: each message once, as the bytes that came, with all that was refused of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import LiteralString

from psycopg.rows import TupleRow

from geodata.errors import NotFound
from geodata.store.arrays import array, binaries, texts
from geodata.store.ingest.quarantine_row import QuarantineRow
from geodata.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class QuarantineEntry:
    """A message of which something could not be stored.

    ``reason`` (a short code) and ``detail`` (a sentence for a device maker) are of the first of its ``refused_parts``;
    ``refusals`` has that one and the following, 32 at most. ``payload`` are the bytes as they came, apart from what
    ``kept`` says: ``whole``, ``redacted`` (addresses blacked out), ``cut`` (the beginning of ``size`` bytes), or
    ``rewritten`` (one part of it, as earlier releases kept it: the rest of such a message is not here). ``settled_by``
    said that nothing is left to do about it.
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
    settled_at: datetime | None
    settled_by: str | None


_ENTRY: LiteralString = (
    "SELECT id, reason, detail, refusals, refused_parts, topic, payload, kept, size, device, received_at, replayed_at,"
    " settled_at, settled_by"
)

FROM_SELECTED: LiteralString = """
    FROM quarantine
    WHERE replayed_at IS NULL
    AND (%(entry)s::int8 IS NULL AND (settled_at IS NOT NULL) = %(settled)s OR id = %(entry)s)
    AND (%(reason)s::text IS NULL OR reason = %(reason)s OR %(reason)s = ANY (reasons))
    AND (%(device)s::text IS NULL OR device = %(device)s)
    AND (%(trails)s::text[] IS NULL OR device IN (SELECT id FROM device WHERE trail = ANY (%(trails)s)))
    AND (%(since)s::timestamptz IS NULL OR received_at >= %(since)s)
    AND (%(until)s::timestamptz IS NULL OR received_at < %(until)s)
"""
"""The entries of a Selection; its parameters come from parameters()."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which entries that wait; what is None does not narrow. ``since`` and ``until`` (exclusive) are of the receipt.

    ``trails``: of devices that are registered there. ``settled``: those that somebody has dealt with, in place of those
    that nobody has.
    """

    entry: int | None = None
    reason: str | None = None
    device: str | None = None
    trails: list[str] | None = None
    since: datetime | None = None
    until: datetime | None = None
    settled: bool = False

    def parameters(self) -> dict[str, object]:
        """By name, for a statement."""
        return asdict(self)


_KEEP: LiteralString = """
    INSERT INTO quarantine AS old (partition, digest, reason, detail, refusals, refused_parts, received_parts,
        deliveries, topic, payload, device, received_at, size, kept, reasons)
    SELECT %s::text, digest, reason, detail, refusals, refused_parts, received_parts, deliveries, topic, payload,
        device, to_timestamp(us / 1e6::float8), size, kept, string_to_array(reasons, ' ')
    FROM unnest(%s::bytea[], %s::text[], %s::text[], %s::jsonb[], %s::int4[], %s::int8[], %s::int4[], %s::text[],
        %s::bytea[], %s::text[], %s::int8[], %s::int4[], %s::text[], %s::text[])
        AS input (digest, reason, detail, refusals, refused_parts, received_parts, deliveries, topic, payload, device,
            us, size, kept, reasons)
    ON CONFLICT (digest) DO UPDATE SET deliveries = old.deliveries + excluded.deliveries,
        received_parts = old.received_parts + excluded.received_parts,
        reasons = ARRAY(SELECT DISTINCT unnest(old.reasons || excluded.reasons) ORDER BY 1),
        received_at = least(old.received_at, excluded.received_at)
    RETURNING digest, xmax = 0 AS new
"""


def keep(connection: Transaction, rows: Iterable[QuarantineRow], partition: str) -> dict[str, int]:
    """Keep the messages and return how many refused parts were new, by reason.

    Of a message that is there already only the repetition is noted: so often it was delivered, with so many parts.
    """
    unique: dict[bytes, QuarantineRow] = {}
    deliveries: Counter[bytes] = Counter()
    received: Counter[bytes] = Counter()
    for row in rows:
        unique.setdefault(row.digest, row)
        deliveries[row.digest] += 1
        received[row.digest] += row.message.parts
    if not unique:
        return {}
    distinct_rows = unique.values()
    answer = connection.execute(
        _KEEP,
        [
            partition,
            binaries(unique),
            texts(row.first.reason for row in distinct_rows),
            texts(row.first.detail for row in distinct_rows),
            texts(row.refusals for row in distinct_rows),
            array([row.refused_parts for row in distinct_rows]),
            array([received[digest] for digest in unique]),
            array([deliveries[digest] for digest in unique]),
            texts(row.message.topic for row in distinct_rows),
            binaries(row.message.payload for row in distinct_rows),
            texts(row.message.device for row in distinct_rows),
            array([row.message.received_us for row in distinct_rows]),
            array([row.message.size for row in distinct_rows]),
            texts(row.message.kept for row in distinct_rows),
            texts(row.reasons for row in distinct_rows),
        ],
    )
    counts: Counter[str] = Counter()
    for digest, is_new in answer:
        if is_new:
            counts.update(unique[bytes(digest)].counts)
    return dict(counts)


def newest(
    connection: Transaction, limit: int, which: Selection | None = None, *, skip: int = 0
) -> list[QuarantineEntry]:
    """The latest ``limit`` entries that wait, the newest first, behind the ``skip`` newest; all or ``which``."""
    rows = connection.execute(
        f"{_ENTRY} {FROM_SELECTED} ORDER BY received_at DESC, id DESC LIMIT %(limit)s OFFSET %(skip)s",
        {**(which or Selection()).parameters(), "limit": limit, "skip": skip},
    )
    return [_entry(row) for row in rows]


def find(connection: Transaction, entry: int) -> QuarantineEntry:
    """One entry by its number; raise NotFound."""
    row = connection.execute(f"{_ENTRY} FROM quarantine WHERE id = %s", [entry]).fetchone()
    if row is None:
        raise NotFound("quarantine entry", str(entry))
    return _entry(row)


def knows_device(connection: Transaction, device: str) -> bool:
    """Whether a device of this id is registered, revoked ones too, or anything was ever quarantined under it."""
    row = connection.execute(
        "SELECT EXISTS (SELECT FROM device WHERE id = %(device)s)"
        " OR EXISTS (SELECT FROM quarantine WHERE device = %(device)s)",
        {"device": device},
    ).fetchone()
    return bool(row and row[0])


def count_open(connection: Transaction, which: Selection | None = None) -> int:
    """How many entries wait to be looked at; all or ``which``."""
    row = connection.execute(f"SELECT count(*) {FROM_SELECTED}", (which or Selection()).parameters()).fetchone()
    return int(row[0]) if row else 0


def count_by_device(connection: Transaction, devices: Collection[str]) -> dict[str, int]:
    """How many entries wait of each of ``devices`` that has some, by the device that the topic names."""
    rows = connection.execute(
        "SELECT device, count(*) FROM quarantine WHERE replayed_at IS NULL AND settled_at IS NULL"
        " AND device = ANY (%s) GROUP BY device",
        [list(devices)],
    )
    return {row[0]: row[1] for row in rows}


def count_by_reason(connection: Transaction, which: Selection) -> dict[str, int]:
    """How many entries of ``which`` wait, by the first reason of each."""
    rows = connection.execute(
        f"SELECT quarantine.reason, count(*) {FROM_SELECTED} GROUP BY quarantine.reason ORDER BY count(*) DESC, 1",
        which.parameters(),
    )
    return {row[0]: row[1] for row in rows}


def settle(connection: Transaction, entries: Collection[int], who: str | None) -> int:
    """Say that ``who`` has dealt with these; None: that it is not over after all. Return how many that changed."""
    row = connection.execute("SELECT settle_quarantine(%s::int8[], %s)", [list(entries), who]).fetchone()
    return int(row[0]) if row else 0


def _entry(row: TupleRow) -> QuarantineEntry:
    return QuarantineEntry(*row)
