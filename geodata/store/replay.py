"""Entries of the quarantine written once more: out of the books and in again, as what they are now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg import Connection
from psycopg.rows import TupleRow

from geodata.store import first_receipt, ingest
from geodata.store.flush import Confirmation, Flush, FlushOutcome
from geodata.store.quarantine import FROM_SELECTED, Selection
from geodata.store.times import to_datetime, to_us

CONFIRMATION_CHANNEL = "digitalpfad_confirmation"
"""Payload: JSON object of trail, device, boot, seq: a gateway shall confirm so much to the device."""

_ASIDE = b"\0"
"""Before a digest: the entry steps aside, so that its message can be refused anew and be told from a redelivery."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry to be read again; ``deliveries`` is how often its message came to the gateway of ``partition``."""

    id: int
    topic: str
    payload: bytes
    received_us: int
    partition: str
    deliveries: int


def waiting(connection: Connection[TupleRow], which: Selection, without: Sequence[str]) -> list[int]:
    """Numbers of the entries that wait, in order of receipt; ``without`` are reasons to leave out."""
    rows = connection.execute(
        f"SELECT id {FROM_SELECTED} AND reason <> ALL (%(without)s) ORDER BY received_at, id",
        {**which.parameters(), "without": list(without)},
    )
    return [int(row[0]) for row in rows]


def take(connection: Connection[TupleRow], ids: Sequence[int]) -> list[Waiting]:
    """Lock these entries for the transaction; what another replay holds or has done is left out."""
    rows = connection.execute(
        "SELECT id, topic, payload, received_at, partition, deliveries FROM quarantine"
        " WHERE id = ANY (%s) AND replayed_at IS NULL ORDER BY received_at, id FOR UPDATE SKIP LOCKED",
        [list(ids)],
    )
    return [Waiting(row[0], row[1], row[2], to_us(row[3]), row[4], row[5]) for row in rows]


def write(connection: Connection[TupleRow], flush: Flush, parts: Mapping[Waiting, int], now: datetime) -> FlushOutcome:
    """Write what the entries have become; those refused again stay, with their new reason.

    ``parts`` says of how many parts each entry's message consists. Raises as ingest.write() does.
    """
    ids = [entry.id for entry in parts]
    connection.execute("UPDATE quarantine SET digest = %s || digest WHERE id = ANY (%s)", [_ASIDE, ids])
    _leave_out_outdated_statuses(connection, flush)
    first_receipt.bring_forward(connection, flush.observations)
    outcome = ingest.write(connection, flush)
    _announce(connection, outcome.confirmations)
    _settle(connection, ids, now)
    _correct_books(connection, flush.partition, parts)
    return outcome


def refuse(connection: Connection[TupleRow], entry: int, reason: str, detail: str) -> None:
    """Keep an entry with another reason."""
    connection.execute("UPDATE quarantine SET reason = %s, detail = %s WHERE id = %s", [reason, detail, entry])


def _announce(connection: Connection[TupleRow], confirmations: Sequence[Confirmation]) -> None:
    """Have the gateway tell the devices; where none listens a device asks again, as for any lost confirmation."""
    connection.execute(
        "SELECT pg_notify(%s, json_build_object('trail', trail, 'device', id, 'boot', boot, 'seq', seq)::text)"
        " FROM unnest(%s::text[], %s::text[], %s::int8[]) AS input (of, boot, seq) JOIN device ON id = of",
        [CONFIRMATION_CHANNEL, *([getattr(one, name) for one in confirmations] for name in ("device", "boot", "seq"))],
    )


def _leave_out_outdated_statuses(connection: Connection[TupleRow], flush: Flush) -> None:
    """A status of then must not stand in for a newer one."""
    rows = connection.execute(
        "SELECT device, state_at FROM device_state WHERE device = ANY (%s) AND state_at IS NOT NULL",
        [list(flush.statuses)],
    )
    for device, state_at in rows.fetchall():
        if to_datetime(flush.statuses[device].received_us) < state_at:
            del flush.statuses[device]


def _settle(connection: Connection[TupleRow], ids: list[int], now: datetime) -> None:
    """Entries refused again unmarked with the new reason, all others marked as replayed."""
    refused = connection.execute(
        "DELETE FROM quarantine AS fresh USING quarantine AS old"
        " WHERE old.id = ANY (%s) AND old.digest = %s || fresh.digest RETURNING"
        " old.id, fresh.reason, fresh.detail, fresh.received_at",
        [ids, _ASIDE],
    ).fetchall()
    connection.execute(
        """
        UPDATE quarantine SET digest = substring(digest FROM 2), reason = coalesce(again.reason, quarantine.reason),
            detail = coalesce(again.detail, quarantine.detail),
            received_at = least(quarantine.received_at, again.received_at),
            replayed_at = CASE WHEN again.id IS NULL THEN %s::timestamptz END
        FROM unnest(%s::int8[]) AS of (id)
            LEFT JOIN unnest(%s::int8[], %s::text[], %s::text[], %s::timestamptz[])
                AS again (id, reason, detail, received_at) USING (id)
        WHERE quarantine.id = of.id
        """,
        [now, ids, *([row[i] for row in refused] for i in range(4))],
    )


def _correct_books(connection: Connection[TupleRow], partition: str, parts: Mapping[Waiting, int]) -> None:
    """Take the entries out as they were entered, and count each redelivery as it would be counted now.

    An entry delivered d times stood as d received: 1 quarantined, d - 1 duplicates. The flush entered its n parts
    once; the other d - 1 deliveries of n parts would all have been duplicates.
    """
    entries = len(parts)
    deliveries = sum(entry.deliveries for entry in parts)
    repeated = sum(count * (entry.deliveries - 1) for entry, count in parts.items())
    connection.execute(
        "UPDATE ingest_counter SET received = received - %(deliveries)s + %(repeated)s,"
        " duplicates = duplicates - (%(deliveries)s - %(entries)s) + %(repeated)s,"
        " quarantined = quarantined - %(entries)s WHERE partition = %(partition)s",
        {"deliveries": deliveries, "repeated": repeated, "entries": entries, "partition": partition},
    )
