"""Write one flush of the gateway in one transaction: all of it or nothing, the same again changes nothing.

The counters in ``ingest_counter`` are kept in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from geodata.store.arrays import array
from geodata.store.channels import LATE_CHANNEL, OBSERVATION_CHANNEL
from geodata.store.ingest import boots, intervals, observation, quarantine, quarantine_row
from geodata.store.ingest.flush import (
    Confirmation,
    Flush,
    FlushOutcome,
    Observations,
    Refusal,
    SequenceRange,
    SourceMessage,
    add,
    copied,
)
from geodata.store.ingest.quarantine_row import QuarantineRow
from geodata.store.transaction import Transaction
from geodata.times import AHEAD_US, to_datetime

_NOTIFY_LIMIT = 7_500  # bytes; PostgreSQL takes 8000
_LIVE_AGE_US = 300_000_000  # older observations change figures, but are no news
_LATE_LIMIT = 100  # late observations in one flush that are told one by one: one notification
_LATE_SERIES_LIMIT = 1_000  # with late observations in one flush: some five notifications


def write(connection: Transaction, flush: Flush, rows: Mapping[int, QuarantineRow] | None = None) -> FlushOutcome:
    """Write ``flush``; the caller's transaction commits it.

    ``rows`` are those of the refused messages where the caller has built them already, before its transaction began.
    Raises StoreUnavailable (the same flush may succeed later) or StoreRejected (a value the database will never take).
    """
    ready = quarantine_row.rows(flush.refused) if rows is None else rows
    inserted = observation.insert(connection, flush)
    refused = _with_conflicts(ready, inserted.conflicts) if inserted.conflicts else ready
    reasons = quarantine.keep(connection, refused.values(), flush.partition)
    quarantined = sum(reasons.values())
    parts = sum(row.refused_parts for row in refused.values())
    duplicates = flush.duplicates + inserted.duplicates + parts - quarantined
    outcome = FlushOutcome(
        stored=inserted.stored,
        duplicates=duplicates,
        quarantined=quarantined,
        confirmations=_advance_sequences(connection, flush.sequences, _soon(flush)),
        reasons=reasons,
    )
    _notify(connection, flush, inserted.fresh)
    _write_states(connection, flush)
    _update_counters(connection, flush, outcome)
    return outcome


def _soon(flush: Flush) -> datetime:
    """What was noted as received later than this was noted by a wrong clock, and replaces nothing newer."""
    return to_datetime(flush.now_us + AHEAD_US)


def _with_conflicts(
    ready: Mapping[int, QuarantineRow], conflicts: Sequence[tuple[SourceMessage, Refusal]]
) -> dict[int, QuarantineRow]:
    """Each message once with all its refusals; the messages themselves stay as they are, for another attempt."""
    by_message: dict[int, tuple[SourceMessage, list[Refusal]]] = {}
    for message, conflict in conflicts:
        _, refusals = by_message.setdefault(id(message), (message, copied(message.refusals)))
        add(refusals, conflict)
    return {**ready, **{key: quarantine_row.row(*both) for key, both in by_message.items()}}


def _advance_sequences(
    connection: Transaction, sequences: dict[tuple[str, str], SequenceRange], soon: datetime
) -> list[Confirmation]:
    """Unite the committed sequence numbers and say how far each boot is complete."""
    if not sequences:
        return []
    keys = sorted(sequences)
    answer = connection.execute(
        """
        INSERT INTO device_boot AS old (device, boot, seqs, oldest, first_received_at, last_received_at)
        SELECT device, boot, seqs::int8multirange, oldest, at, at
        FROM unnest(%s::text[], %s::text[], %s::text[], %s::int8[], %s::int8[])
                AS input (device, boot, seqs, oldest, us),
            LATERAL to_timestamp(us / 1e6::float8) AS at
        ON CONFLICT (device, boot) DO UPDATE SET seqs = old.seqs + excluded.seqs,
            oldest = greatest(old.oldest, excluded.oldest),
            first_received_at = least(old.first_received_at, excluded.first_received_at),
            last_received_at = greatest(
                CASE WHEN old.last_received_at <= %s THEN old.last_received_at END, excluded.last_received_at)
        RETURNING device, boot, confirmed_seq(seqs, oldest), xmax = 0
        """,
        [
            [device for device, _ in keys],
            [boot for _, boot in keys],
            [_multirange(sequences[key].ranges) for key in keys],
            array([sequences[key].oldest for key in keys]),
            array([sequences[key].received_us for key in keys]),
            soon,
        ],
    ).fetchall()
    if begun := {device for device, _, _, is_new in answer if is_new}:
        boots.forget(connection, begun, soon)
    return [Confirmation(device, boot, seq) for device, boot, seq, _ in answer if seq is not None]


def _multirange(ranges: Iterable[tuple[int, int]]) -> str:
    return "{" + ",".join(f"[{low},{high})" for low, high in ranges) + "}"


def _write_states(connection: Transaction, flush: Flush) -> None:
    for device, status in sorted(flush.statuses.items()):
        connection.execute(
            """
            INSERT INTO device_state AS old (device, state, state_at, firmware, boot, interval_s, status_at)
            VALUES (%(device)s, %(state)s, %(at)s, %(firmware)s, %(boot)s, %(interval_s)s, %(at)s)
            ON CONFLICT (device) DO UPDATE SET state = excluded.state,
                state_at = CASE WHEN old.state = excluded.state THEN old.state_at ELSE excluded.state_at END,
                firmware = coalesce(nullif(excluded.firmware, ''), old.firmware),
                boot = coalesce(nullif(excluded.boot, ''), old.boot),
                interval_s = coalesce(excluded.interval_s, old.interval_s),
                status_at = greatest(
                    CASE WHEN old.status_at <= %(soon)s THEN old.status_at END, excluded.status_at)
            """,
            {
                "device": device,
                "state": status.state,
                "at": to_datetime(status.received_us),
                "firmware": status.firmware,
                "boot": status.boot,
                "interval_s": status.interval_s,
                "soon": _soon(flush),
            },
        )
        if status.interval_s is not None:
            intervals.said(connection, device, to_datetime(status.received_us), status.interval_s)
    _write_receipts(connection, flush)


def _write_receipts(connection: Transaction, flush: Flush) -> None:
    """When each device was last heard, and when it last sent what cannot be read."""
    if flush.seen:
        devices = sorted(flush.seen)
        connection.execute(
            "INSERT INTO device_state AS old (device, last_seen_at)"
            " SELECT device, to_timestamp(us / 1e6::float8) FROM unnest(%s::text[], %s::int8[]) AS input (device, us)"
            " ON CONFLICT (device) DO UPDATE SET last_seen_at = greatest("
            "CASE WHEN old.last_seen_at <= %s THEN old.last_seen_at END, excluded.last_seen_at)",
            [devices, array([flush.seen[device] for device in devices]), _soon(flush)],
        )
    if flush.unusable:
        devices = sorted(flush.unusable)
        connection.execute(
            "INSERT INTO device_state AS old (device, unusable_at)"
            " SELECT device, to_timestamp(us / 1e6::float8) FROM unnest(%s::text[], %s::int8[]) AS input (device, us)"
            " ON CONFLICT (device) DO UPDATE SET unusable_at = greatest("
            "CASE WHEN old.unusable_at <= %s THEN old.unusable_at END, excluded.unusable_at)",
            [devices, array([flush.unusable[device] for device in devices]), _soon(flush)],
        )


def _update_counters(connection: Transaction, flush: Flush, outcome: FlushOutcome) -> None:
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


def _notify(connection: Transaction, flush: Flush, fresh: Sequence[int]) -> None:
    """Tell listeners: news one by one, and older ones while they are few.

    Of many older ones only the newest of each series, of very many series only that there are some.
    """
    rows = flush.observations
    oldest_news_us = flush.now_us - _LIVE_AGE_US
    news = [i for i in fresh if rows.times_us[i] > oldest_news_us]
    _tell(connection, OBSERVATION_CHANNEL, rows, news)
    if len(news) == len(fresh):
        return
    late = [i for i in fresh if rows.times_us[i] <= oldest_news_us]
    if len(late) > _LATE_LIMIT:
        late = _newest_of_each(rows, late)
    if len(late) > _LATE_SERIES_LIMIT:
        connection.execute("SELECT pg_notify(%s, '')", [OBSERVATION_CHANNEL])
    else:
        _tell(connection, LATE_CHANNEL, rows, late)


def _newest_of_each(rows: Observations, indexes: Iterable[int]) -> list[int]:
    newest: dict[int, int] = {}
    for i in indexes:
        newest_index = newest.setdefault(rows.datastreams[i], i)
        if rows.times_us[newest_index] < rows.times_us[i]:
            newest[rows.datastreams[i]] = i
    return list(newest.values())


def _tell(connection: Transaction, channel: str, rows: Observations, indexes: Iterable[int]) -> None:
    """These rows in as many notifications as they need."""
    payloads: list[str] = []
    part: list[str] = []
    size = 0
    for i in indexes:
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
        connection.execute("SELECT pg_notify(%s, %s)", [channel, payload])
