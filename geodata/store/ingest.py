"""Write one flush of the gateway in one transaction: all of it or nothing, the same again changes nothing.

A *part* is one observed property of one reading, or a message that could not be taken apart. Every part of a flush
ends as stored, duplicate or quarantined, and the books in ``ingest_counter`` are kept in the same transaction.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import LiteralString, cast

import msgspec
from psycopg import Connection
from psycopg.errors import UniqueViolation
from psycopg.rows import TupleRow

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NOTIFY_LIMIT = 7_500  # bytes; PostgreSQL takes 8000
DAY_US = 86_400_000_000
_LIVE_AGE_US = 300_000_000  # older observations change figures, but are no news
CONFLICT = "conflict"
"""Reason of a rejection that only the database could find: another result is stored for this time."""

OBSERVATION_CHANNEL = "digitalpfad_observation"
"""Payload: JSON list of [datastream, phenomenon_time in microseconds, result or null, quality]; or empty: reload."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Everything of this ``boot`` up to and including ``seq`` is committed."""

    device: str
    boot: str
    seq: int


@dataclass(frozen=True, slots=True)
class Rejection:
    """A message, or a part of one as a message of its own, for the quarantine.

    ``payload`` can be decoded again by itself. ``reason`` is a short code, ``detail`` a sentence for a device maker.
    """

    topic: str
    payload: bytes
    device: str | None
    reason: str
    detail: str
    received_us: int

    @property
    def digest(self) -> bytes:
        """The identity of the entry: a redelivery is the same."""
        return hashlib.sha256(self.topic.encode() + b"\0" + self.payload).digest()


class Origin(msgspec.Struct, frozen=True, gc=False):
    """Where an observation comes from; needed when the database finds a conflict. ``time`` as the device wrote it."""

    topic: str
    device: str
    boot: str | None
    seq: int | None
    time: str | int | None
    received_us: int


class Observations(msgspec.Struct):
    """Columns of equal length; times are microseconds since 1970 UTC."""

    datastreams: list[int] = []
    times_us: list[int] = []
    results: list[float | None] = []
    qualities: list[int] = []
    flags: list[int] = []
    properties: list[str] = []
    origins: list[Origin] = []
    clockless: list[int] = []
    """Indexes of rows whose device has no clock; their origin has boot and seq."""

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
    hopeful: bool = False
    """Try first as if no row were known: cheaper where that is so, and more work where it is not."""
    observations: Observations = field(default_factory=Observations)
    rejections: list[Rejection] = field(default_factory=list[Rejection])
    sequences: dict[tuple[str, str], SequenceRange] = field(default_factory=dict[tuple[str, str], SequenceRange])
    statuses: dict[str, StatusReport] = field(default_factory=dict[str, StatusReport])
    seen: dict[str, int] = field(default_factory=dict[str, int])
    """Device to the receipt (microseconds) of its last message that was not a retained one."""


@dataclass(frozen=True, slots=True)
class FlushOutcome:
    """What became of the parts, and what may be confirmed to the devices after the commit."""

    stored: int
    duplicates: int
    quarantined: int
    confirmations: list[Confirmation]
    reasons: dict[str, int] = field(default_factory=dict[str, int])
    """How many of the quarantined parts have which reason."""


def write(connection: Connection[TupleRow], flush: Flush) -> FlushOutcome:
    """Write ``flush``; the caller's transaction commits it.

    Raises StoreUnavailable (the same flush may succeed later) or StoreRejected (a value the database will never take).
    """
    inserted = _insert_observations(connection, flush)
    rejections = [*flush.rejections, *inserted.conflicts]
    reasons = _quarantine(connection, rejections, flush.partition)
    quarantined = sum(reasons.values())
    duplicates = flush.duplicates + inserted.duplicates + len(rejections) - quarantined
    outcome = FlushOutcome(
        stored=inserted.stored,
        duplicates=duplicates,
        quarantined=quarantined,
        confirmations=_advance_sequences(connection, flush.sequences),
        reasons=reasons,
    )
    _write_states(connection, flush)
    _keep_books(connection, flush, outcome)
    return outcome


@dataclass(slots=True)
class _Inserted:
    stored: int = 0
    duplicates: int = 0
    conflicts: list[Rejection] = field(default_factory=list[Rejection])


def array(values: Sequence[float | None]) -> str:
    """A PostgreSQL array literal; ten times faster than letting the driver write element by element."""
    return "{" + msgspec.json.encode(values).decode()[1:-1] + "}"


def _insert_observations(connection: Connection[TupleRow], flush: Flush) -> _Inserted:
    rows = flush.observations
    if not rows.datastreams:
        return _Inserted()
    if rows.clockless:
        _settle_receipt_times(connection, rows)
    keep, doubled = _first_of_each_key(rows)
    _ensure_partitions(connection, rows.times_us)
    fresh = _insert(connection, rows, keep, hopeful=flush.hopeful)
    outcome = _Inserted(stored=len(fresh))
    if len(fresh) < len(rows):
        _sort_out(connection, rows, fresh, [*keep, *doubled], outcome)
    _notify(connection, flush, fresh)
    return outcome


def _sort_out(
    connection: Connection[TupleRow], rows: Observations, fresh: Sequence[int], offered: list[int], outcome: _Inserted
) -> None:
    """Tell duplicates from conflicts among the rows that were not new."""
    new = set(fresh)
    repeated = [i for i in offered if i not in new]
    present = {(rows.datastreams[i], rows.times_us[i]): rows.results[i] for i in fresh}
    unknown = [i for i in repeated if (rows.datastreams[i], rows.times_us[i]) not in present]
    present |= _results(connection, rows, unknown)
    for i in repeated:
        first = present[rows.datastreams[i], rows.times_us[i]]
        if first == rows.results[i]:
            outcome.duplicates += 1
        else:
            outcome.conflicts.append(_conflict(rows, i, first))


def _first_of_each_key(rows: Observations) -> tuple[Sequence[int], list[int]]:
    """Indexes of the first row of each (datastream, time), and of the others."""
    if len(set(zip(rows.datastreams, rows.times_us, strict=True))) == len(rows):
        return range(len(rows)), []
    seen: set[tuple[int, int]] = set()
    keep: list[int] = []
    doubled: list[int] = []
    for i, key in enumerate(zip(rows.datastreams, rows.times_us, strict=True)):
        if key in seen:
            doubled.append(i)
        else:
            seen.add(key)
            keep.append(i)
    return keep, doubled


_INSERT: LiteralString = """
    WITH fresh AS (
        INSERT INTO observation (phenomenon_time, result, datastream, quality, flags)
        SELECT to_timestamp(us / 1e6::float8), result, datastream, quality, flags
        FROM unnest(%s::int8[], %s::float8[], %s::int4[], %s::int2[], %s::int2[])
            AS input (us, result, datastream, quality, flags)
        ORDER BY datastream, us
"""
_UNLESS_KNOWN: LiteralString = " ON CONFLICT DO NOTHING "
_WITH_HOURS_AND_LATEST: LiteralString = """
        RETURNING datastream, phenomenon_time, result, quality, flags
    ), hours AS (
        INSERT INTO rollup_hour AS old (datastream, hour, count, sum, minimum, maximum,
            first_time, first_result, last_time, last_result, suspect, missing)
        SELECT datastream, date_bin('1 hour', phenomenon_time, '2000-01-01Z') AS hour,
            count(*) FILTER (WHERE quality = 0),
            coalesce(sum(result::numeric) FILTER (WHERE quality = 0), 0),
            min(result) FILTER (WHERE quality = 0), max(result) FILTER (WHERE quality = 0),
            min(phenomenon_time) FILTER (WHERE quality = 0),
            (array_agg(result ORDER BY phenomenon_time) FILTER (WHERE quality = 0))[1],
            max(phenomenon_time) FILTER (WHERE quality = 0),
            (array_agg(result ORDER BY phenomenon_time) FILTER (WHERE quality = 0))
                [count(*) FILTER (WHERE quality = 0)],
            count(*) FILTER (WHERE quality = 1), count(*) FILTER (WHERE quality = 2)
        FROM fresh GROUP BY 1, 2 ORDER BY 1, 2
        ON CONFLICT (datastream, hour) DO UPDATE SET
            count = old.count + excluded.count,
            sum = old.sum + excluded.sum,
            minimum = least(old.minimum, excluded.minimum),
            maximum = greatest(old.maximum, excluded.maximum),
            first_time = least(old.first_time, excluded.first_time),
            first_result = CASE WHEN old.first_time < excluded.first_time OR excluded.first_time IS NULL
                THEN old.first_result ELSE excluded.first_result END,
            last_time = greatest(old.last_time, excluded.last_time),
            last_result = CASE WHEN old.last_time > excluded.last_time OR excluded.last_time IS NULL
                THEN old.last_result ELSE excluded.last_result END,
            suspect = old.suspect + excluded.suspect,
            missing = old.missing + excluded.missing
    ), newest AS (
        INSERT INTO latest AS old (datastream, phenomenon_time, result, quality, flags)
        SELECT DISTINCT ON (datastream) datastream, phenomenon_time, result, quality, flags
        FROM fresh ORDER BY datastream, phenomenon_time DESC
        ON CONFLICT (datastream) DO UPDATE SET phenomenon_time = excluded.phenomenon_time,
            result = excluded.result, quality = excluded.quality, flags = excluded.flags
        WHERE old.phenomenon_time < excluded.phenomenon_time
    )
    SELECT array_agg(datastream), array_agg(round(extract(epoch FROM phenomenon_time) * 1000000)::int8)
    FROM fresh HAVING count(*) < %s  -- usually all are new: then nothing is sent back
"""


def _insert(
    connection: Connection[TupleRow], rows: Observations, keep: Sequence[int], *, hopeful: bool
) -> Sequence[int]:
    """Insert with rollup and latest in one statement; return the indexes of the rows that were new, rising."""
    columns = (rows.times_us, rows.results, rows.datastreams, rows.qualities, rows.flags)
    parameters = [*(array(_pick(column, keep)) for column in columns), len(keep)]
    if hopeful:  # looking up each key first is a third of the work
        with suppress(UniqueViolation), connection.transaction():
            connection.execute(_INSERT + _WITH_HOURS_AND_LATEST, parameters)
            return keep
    found = connection.execute(_INSERT + _UNLESS_KNOWN + _WITH_HOURS_AND_LATEST, parameters).fetchone()
    if found is None:
        return keep
    new = set(zip(found[0] or (), found[1] or (), strict=True))
    return [i for i in keep if (rows.datastreams[i], rows.times_us[i]) in new]


def _pick(column: Sequence[float | None], keep: Sequence[int]) -> Sequence[float | None]:
    return column if len(keep) == len(column) else [column[i] for i in keep]


def _results(
    connection: Connection[TupleRow], rows: Observations, indexes: list[int]
) -> dict[tuple[int, int], float | None]:
    """What the table holds for these rows' keys."""
    found = connection.execute(
        """
        SELECT input.datastream, input.us, observation.result
        FROM unnest(%s::int4[], %s::int8[]) AS input (datastream, us)
        JOIN observation ON observation.datastream = input.datastream
            AND observation.phenomenon_time = to_timestamp(input.us / 1e6::float8)
        """,
        [array([rows.datastreams[i] for i in indexes]), array([rows.times_us[i] for i in indexes])],
    )
    return {(int(datastream), int(us)): result for datastream, us, result in found}


def _settle_receipt_times(connection: Connection[TupleRow], rows: Observations) -> None:
    """Give rows of clockless devices the time of their first receipt, also when this is a redelivery."""
    wanted: dict[tuple[str, str, int], int] = {}
    for i in rows.clockless:
        origin = rows.origins[i]
        wanted.setdefault((origin.device, cast("str", origin.boot), cast("int", origin.seq)), rows.times_us[i])
    keys = sorted(wanted)
    parameters = [
        [key[0] for key in keys],
        [key[1] for key in keys],
        array([key[2] for key in keys]),
        array([wanted[key] for key in keys]),
    ]
    connection.execute(
        "INSERT INTO receipt_time (device, boot, seq, phenomenon_time)"
        " SELECT device, boot, seq, to_timestamp(us / 1e6::float8)"
        " FROM unnest(%s::text[], %s::text[], %s::int8[], %s::int8[]) AS input (device, boot, seq, us)"
        " ON CONFLICT DO NOTHING",
        parameters,
    )
    settled = {
        (str(device), str(boot), int(seq)): int(us)
        for device, boot, seq, us in connection.execute(
            "SELECT device, boot, seq, round(extract(epoch FROM phenomenon_time) * 1000000)::int8 FROM receipt_time"
            " JOIN unnest(%s::text[], %s::text[], %s::int8[]) AS input (device, boot, seq) USING (device, boot, seq)",
            parameters[:3],
        )
    }
    for i in rows.clockless:
        origin = rows.origins[i]
        rows.times_us[i] = settled[origin.device, cast("str", origin.boot), cast("int", origin.seq)]


def _ensure_partitions(connection: Connection[TupleRow], times_us: list[int]) -> None:
    """Make room for each month that occurs: one late reading must not make partitions for all months since."""
    first_of_month: dict[tuple[int, int], datetime] = {}
    for day in sorted({us // DAY_US for us in times_us}):
        moment = to_datetime(day * DAY_US)
        first_of_month.setdefault((moment.year, moment.month), moment)
    for moment in first_of_month.values():
        connection.execute("SELECT ensure_observation_partitions(%s, %s)", [moment, moment])


def _conflict(rows: Observations, i: int, first: float | None) -> Rejection:
    origin = rows.origins[i]
    message: dict[str, object] = {"boot": origin.boot, "seq": origin.seq, "time": origin.time}
    message = {name: value for name, value in message.items() if value is not None}
    message["values"] = {rows.properties[i]: rows.results[i]}
    return Rejection(
        topic=origin.topic,
        payload=msgspec.json.encode(message),
        device=origin.device,
        reason=CONFLICT,
        detail=f"{rows.properties[i]} at {to_datetime(rows.times_us[i]).isoformat()} is already stored as {first};"
        f" the first value stays, {rows.results[i]} is kept here. Send each measurement once, with its own time.",
        received_us=origin.received_us,
    )


def _quarantine(connection: Connection[TupleRow], rejections: list[Rejection], partition: str) -> dict[str, int]:
    """Keep the rejections and return how many were new, by reason; of the others only the repetition is noted."""
    unique: dict[bytes, Rejection] = {}
    deliveries: Counter[bytes] = Counter()
    for rejection in rejections:
        digest = rejection.digest
        unique.setdefault(digest, rejection)
        deliveries[digest] += 1
    if not unique:
        return {}
    entries = list(unique.values())
    rows = connection.execute(
        """
        INSERT INTO quarantine AS old
            (digest, reason, detail, topic, payload, device, received_at, deliveries, partition)
        SELECT input.*, %s::text
        FROM unnest(%s::bytea[], %s::text[], %s::text[], %s::text[], %s::bytea[], %s::text[], %s::timestamptz[],
            %s::int4[]) AS input
        ON CONFLICT (digest) DO UPDATE SET deliveries = old.deliveries + excluded.deliveries,
            received_at = least(old.received_at, excluded.received_at)
        RETURNING reason, xmax = 0 AS new
        """,
        [
            partition,
            list(unique),
            [entry.reason for entry in entries],
            [entry.detail for entry in entries],
            [entry.topic for entry in entries],
            [entry.payload for entry in entries],
            [entry.device for entry in entries],
            [to_datetime(entry.received_us) for entry in entries],
            [deliveries[digest] for digest in unique],
        ],
    )
    return dict(Counter(str(reason) for reason, new in rows if new))


def _advance_sequences(
    connection: Connection[TupleRow], sequences: dict[tuple[str, str], SequenceRange]
) -> list[Confirmation]:
    """Unite the committed sequence numbers and say how far each boot is complete."""
    if not sequences:
        return []
    keys = sorted(sequences)
    rows = connection.execute(
        """
        INSERT INTO device_boot AS old (device, boot, seqs, oldest, first_received_at, last_received_at)
        SELECT device, boot, seqs::int8multirange, oldest, at, at
        FROM unnest(%s::text[], %s::text[], %s::text[], %s::int8[], %s::int8[])
                AS input (device, boot, seqs, oldest, us),
            LATERAL to_timestamp(us / 1e6::float8) AS at
        ON CONFLICT (device, boot) DO UPDATE SET seqs = old.seqs + excluded.seqs,
            oldest = greatest(old.oldest, excluded.oldest),
            first_received_at = least(old.first_received_at, excluded.first_received_at),
            last_received_at = greatest(old.last_received_at, excluded.last_received_at)
        RETURNING device, boot, confirmed_seq(seqs, oldest)
        """,
        [
            [device for device, _ in keys],
            [boot for _, boot in keys],
            [_multirange(sequences[key].ranges) for key in keys],
            array([sequences[key].oldest for key in keys]),
            array([sequences[key].received_us for key in keys]),
        ],
    )
    return [Confirmation(device, boot, seq) for device, boot, seq in rows if seq is not None]


def _multirange(ranges: Iterable[tuple[int, int]]) -> str:
    return "{" + ",".join(f"[{low},{high})" for low, high in ranges) + "}"


def _write_states(connection: Connection[TupleRow], flush: Flush) -> None:
    for device, status in sorted(flush.statuses.items()):
        connection.execute(
            """
            INSERT INTO device_state AS old (device, state, state_at, firmware, boot, interval_s)
            VALUES (%s, %s, %s, %s, %s, %s)
            ON CONFLICT (device) DO UPDATE SET state = excluded.state,
                state_at = CASE WHEN old.state = excluded.state THEN old.state_at ELSE excluded.state_at END,
                firmware = coalesce(nullif(excluded.firmware, ''), old.firmware),
                boot = coalesce(nullif(excluded.boot, ''), old.boot),
                interval_s = coalesce(excluded.interval_s, old.interval_s)
            """,
            [
                device,
                status.state,
                to_datetime(status.received_us),
                status.firmware,
                status.boot,
                status.interval_s,
            ],
        )
    if flush.seen:
        devices = sorted(flush.seen)
        connection.execute(
            "INSERT INTO device_state AS old (device, last_seen_at)"
            " SELECT device, to_timestamp(us / 1e6::float8) FROM unnest(%s::text[], %s::int8[]) AS input (device, us)"
            " ON CONFLICT (device) DO UPDATE SET last_seen_at = greatest(old.last_seen_at, excluded.last_seen_at)",
            [devices, array([flush.seen[device] for device in devices])],
        )


def _keep_books(connection: Connection[TupleRow], flush: Flush, outcome: FlushOutcome) -> None:
    now = to_datetime(flush.now_us)
    connection.execute(
        "INSERT INTO ingest_counter AS old"
        " (partition, messages, received, stored, duplicates, quarantined, updated_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (partition) DO UPDATE SET"
        " messages = old.messages + excluded.messages, received = old.received + excluded.received,"
        " stored = old.stored + excluded.stored, duplicates = old.duplicates + excluded.duplicates,"
        " quarantined = old.quarantined + excluded.quarantined, updated_at = excluded.updated_at",
        [
            flush.partition,
            flush.messages,
            flush.received,
            outcome.stored,
            outcome.duplicates,
            outcome.quarantined,
            now,
        ],
    )
    connection.execute(
        "INSERT INTO ingest_minute AS old (partition, minute, messages)"
        " VALUES (%s, date_trunc('minute', %s::timestamptz), %s)"
        " ON CONFLICT (partition, minute) DO UPDATE SET messages = old.messages + excluded.messages",
        [flush.partition, now, flush.messages],
    )


def _notify(connection: Connection[TupleRow], flush: Flush, fresh: Sequence[int]) -> None:
    """Tell listeners: news one by one, anything older by an empty payload that says «read again»."""
    rows = flush.observations
    news = [i for i in fresh if rows.times_us[i] > flush.now_us - _LIVE_AGE_US]
    payloads = [""] if len(news) < len(fresh) else []
    part: list[str] = []
    size = 0
    for i in news:
        entry = msgspec.json.encode(
            (rows.datastreams[i], rows.times_us[i], rows.results[i], rows.qualities[i])
        ).decode()
        if size + len(entry) > _NOTIFY_LIMIT:
            payloads.append(f"[{','.join(part)}]")
            part, size = [], 0
        part.append(entry)
        size += len(entry) + 1
    if part:
        payloads.append(f"[{','.join(part)}]")
    for payload in payloads:
        connection.execute("SELECT pg_notify(%s, %s)", [OBSERVATION_CHANNEL, payload])


def to_datetime(us: int) -> datetime:
    """Microseconds since 1970 as an aware UTC time, exactly."""
    return _EPOCH + timedelta(microseconds=us)


def to_us(moment: datetime) -> int:
    """An aware time as microseconds since 1970, exactly."""
    return (moment - _EPOCH) // timedelta(microseconds=1)
