"""Entries of the quarantine written once more: out of the ingest counters and in again, as what they are now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from geodata.errors import StoreRejected
from geodata.store.ingest import first_receipt, transaction
from geodata.store.ingest.flush import Confirmation, Flush, FlushOutcome
from geodata.store.ingest.quarantine import FROM_SELECTED, Selection
from geodata.store.transaction import Transaction
from geodata.times import to_datetime, to_us

CONFIRMATION_CHANNEL = "digitalpfad_confirmation"
"""Payload: JSON object of trail, device, boot, seq: a gateway shall confirm so much to the device."""

_RENAMED = b"\0"
"""Before a digest: the entry is renamed temporarily, so that its message can be refused anew, as no redelivery."""


class NeedsOwner(StoreRejected):
    """Reading these again moves what is stored, which only the owner of the tables may."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry to be read again.

    Its message came to the gateway of ``partition`` ``deliveries`` times, with ``received_parts`` parts in all, of
    which ``refused_parts`` were counted as quarantined.
    """

    id: int
    topic: str
    payload: bytes
    received_us: int
    partition: str
    deliveries: int
    received_parts: int
    refused_parts: int
    size: int


def waiting(connection: Transaction, which: Selection) -> list[tuple[int, str | None]]:
    """Number and device of the entries that wait, in order of receipt; a message that was cut cannot be read again."""
    rows = connection.execute(
        f"SELECT id, device {FROM_SELECTED} AND kept <> 'cut' ORDER BY received_at, id", which.parameters()
    )
    return [(int(row[0]), row[1]) for row in rows]


def count_staying(connection: Transaction, entries: Sequence[Waiting]) -> int:
    """How many of these still wait."""
    row = connection.execute(
        "SELECT count(*) FROM quarantine WHERE id = ANY (%s) AND replayed_at IS NULL", [[entry.id for entry in entries]]
    ).fetchone()
    return int(row[0]) if row else 0


def take(connection: Transaction, ids: Sequence[int]) -> list[Waiting]:
    """Lock these entries for the transaction; what another replay holds or has done is left out."""
    rows = connection.execute(
        "SELECT id, topic, payload, received_at, partition, deliveries, received_parts, refused_parts, size"
        " FROM quarantine"
        " WHERE id = ANY (%s) AND replayed_at IS NULL ORDER BY received_at, id FOR UPDATE SKIP LOCKED",
        [list(ids)],
    )
    return [Waiting(row[0], row[1], row[2], to_us(row[3]), *row[4:]) for row in rows]


def check_needs_no_owner(connection: Transaction, flush: Flush) -> None:
    """Raise NeedsOwner where write() would move what is stored."""
    if first_receipt.has_later(connection, flush.observations):
        raise NeedsOwner


def write(connection: Transaction, flush: Flush, parts: Mapping[Waiting, int], now: datetime) -> FlushOutcome:
    """Write what the entries have become; those refused again stay, with their new reason.

    ``parts`` says of how many parts each entry's message consists now. Raises as ingest.write() does.
    """
    ids = [entry.id for entry in parts]
    connection.execute("UPDATE quarantine SET digest = %s || digest WHERE id = ANY (%s)", [_RENAMED, ids])
    _leave_out_outdated_statuses(connection, flush)
    first_receipt.backdate(connection, flush.observations)
    outcome = transaction.write(connection, flush)
    _announce(connection, outcome.confirmations)
    _settle(connection, parts, now)
    _correct_counters(connection, flush.partition, parts)
    return outcome


def refuse(connection: Transaction, entry: int, reason: str, detail: str) -> None:
    """Keep an entry with another reason."""
    connection.execute(
        "UPDATE quarantine SET reason = %(reason)s, detail = %(detail)s, refusals = jsonb_build_array("
        " jsonb_build_object('reason', %(reason)s::text, 'detail', %(detail)s::text, 'where', '')),"
        " reasons = ARRAY[%(reason)s::text] WHERE id = %(id)s",
        {"reason": reason, "detail": detail, "id": entry},
    )


def _announce(connection: Transaction, confirmations: Sequence[Confirmation]) -> None:
    """Have the gateway tell the devices; where none listens a device asks again, as for any lost confirmation."""
    connection.execute(
        "SELECT pg_notify(%s, json_build_object('trail', trail, 'device', id, 'boot', boot, 'seq', seq)::text)"
        " FROM unnest(%s::text[], %s::text[], %s::int8[]) AS input (of, boot, seq) JOIN device ON id = of",
        [
            CONFIRMATION_CHANNEL,
            *([getattr(confirmation, name) for confirmation in confirmations] for name in ("device", "boot", "seq")),
        ],
    )


def _leave_out_outdated_statuses(connection: Transaction, flush: Flush) -> None:
    """A status of then must not replace a newer one."""
    rows = connection.execute(
        "SELECT device, status_at FROM device_state WHERE device = ANY (%s) AND status_at IS NOT NULL",
        [list(flush.statuses)],
    )
    for device, status_at in rows.fetchall():
        if to_datetime(flush.statuses[device].received_us) < status_at:
            del flush.statuses[device]


def _settle(connection: Transaction, parts: Mapping[Waiting, int], now: datetime) -> None:
    """Entries refused again unmarked with the new reason, all others marked as replayed."""
    refused = connection.execute(
        "DELETE FROM quarantine AS fresh USING quarantine AS old"
        " WHERE old.id = ANY (%s) AND old.digest = %s || fresh.digest RETURNING"
        " old.id, fresh.reason, fresh.detail, fresh.refusals::text, fresh.refused_parts, fresh.received_at,"
        " array_to_json(fresh.reasons)::text",
        [[entry.id for entry in parts], _RENAMED],
    ).fetchall()
    connection.execute(
        """
        UPDATE quarantine SET digest = substring(digest FROM 2), reason = coalesce(again.reason, quarantine.reason),
            detail = coalesce(again.detail, quarantine.detail),
            refusals = coalesce(again.refusals, quarantine.refusals),
            reasons = coalesce(again.reasons, quarantine.reasons),
            refused_parts = coalesce(again.refused_parts, quarantine.refused_parts),
            received_parts = of.received_parts,
            received_at = least(quarantine.received_at, again.received_at),
            replayed_at = CASE WHEN again.id IS NULL THEN %s::timestamptz END
        FROM unnest(%s::int8[], %s::int8[]) AS of (id, received_parts)
            LEFT JOIN (
                SELECT id, reason, detail, refusals, refused_parts, received_at,
                    ARRAY(SELECT jsonb_array_elements_text(all_reasons)) AS reasons
                FROM unnest(%s::int8[], %s::text[], %s::text[], %s::jsonb[], %s::int4[], %s::timestamptz[], %s::jsonb[])
                    AS fresh (id, reason, detail, refusals, refused_parts, received_at, all_reasons)
            ) AS again USING (id)
        WHERE quarantine.id = of.id
        """,
        [
            now,
            [entry.id for entry in parts],
            [entry.deliveries * count for entry, count in parts.items()],
            *([row[i] for row in refused] for i in range(7)),
        ],
    )


def _correct_counters(connection: Transaction, partition: str, parts: Mapping[Waiting, int]) -> None:
    """Count each delivery of the entries as it would be counted now.

    An entry delivered d times entered its received parts, of which the refused ones as quarantined and the others as
    stored or as duplicates; these stay so. The flush entered its n parts once more: as stored, as quarantined, and
    what was stored long ago as duplicates. Right are d times n parts, all but those of the first delivery duplicates.
    """
    refused = sum(entry.refused_parts for entry in parts)
    entered = sum(entry.received_parts for entry in parts)
    right = sum(entry.deliveries * count for entry, count in parts.items())
    repeated = right - sum(parts.values())
    connection.execute(
        "UPDATE ingest_counter SET received = stored + right_duplicates + quarantined - %(refused)s,"
        " duplicates = right_duplicates, quarantined = quarantined - %(refused)s"
        # not below 0: of a message that is refused whole by now, something may have been stored long ago
        " FROM (SELECT partition AS of, greatest(duplicates - (%(entered)s - %(refused)s) + %(repeated)s, 0)"
        " AS right_duplicates FROM ingest_counter) AS counted WHERE partition = of AND partition = %(partition)s",
        {"entered": entered, "repeated": repeated, "refused": refused, "partition": partition},
    )
