"""Hours of counters that changed and wait to be counted; and the one lock of whoever counts them or moves counters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString

from geodata.store.transaction import Transaction

OF_COUNTERS: LiteralString = """
    SELECT FROM datastream JOIN observed_property ON observed_property.id = datastream.observed_property
    WHERE datastream.id = changed.datastream AND direction IS NOT NULL
"""
"""Whether passes hang on ``changed.datastream``: in the statement that changes an hour, which then notes it here."""


_NOTE: LiteralString = f"""
    INSERT INTO passes_queue (datastream, hour) SELECT datastream, hour
    FROM unnest(%s::int4[], %s::timestamptz[]) AS changed (datastream, hour) WHERE EXISTS ({OF_COUNTERS})
"""  # noqa: S608 - constants


def note(connection: Transaction, changed: Sequence[tuple[int, datetime]]) -> None:
    """Have these hours of these datastreams counted; those of other properties are left out."""
    connection.execute(
        _NOTE,
        [[datastream for datastream, _ in changed], [hour for _, hour in changed]],
    )


def note_since(connection: Transaction, device: str, hour: datetime | None) -> None:
    """Have all hours of a device's counters counted from ``hour`` on, None: all that are known."""
    connection.execute(
        "INSERT INTO passes_queue (datastream, hour) SELECT rollup_hour.datastream, rollup_hour.hour"
        " FROM datastream JOIN observed_property ON observed_property.id = datastream.observed_property"
        " JOIN rollup_hour ON rollup_hour.datastream = datastream.id"
        " WHERE device = %s AND direction IS NOT NULL AND hour >= coalesce(%s, '-infinity'::timestamptz)"
        " ORDER BY 1, 2",
        [device, hour],
    )


def take(connection: Transaction, limit: int) -> list[tuple[int, datetime]]:
    """Take the ``limit`` oldest entries and all others of their counters, each hour of each datastream once.

    What was counted of a counter is then that of one moment, and its days never mix two. They wait on if the
    transaction fails.
    """
    return [(int(datastream), hour) for datastream, hour in connection.execute(_TAKE, [limit])]


_TAKE: LiteralString = """
    WITH oldest AS (SELECT DISTINCT datastream FROM (SELECT datastream FROM passes_queue ORDER BY id LIMIT %s) AS o),
    counter AS (
        SELECT datastream FROM oldest
        UNION SELECT other.id FROM oldest JOIN datastream AS one ON one.id = oldest.datastream
            JOIN datastream AS other ON other.device = one.device
    ), taken AS (
        DELETE FROM passes_queue USING counter WHERE passes_queue.datastream = counter.datastream
        RETURNING passes_queue.datastream, hour
    )
    SELECT DISTINCT datastream, hour FROM taken ORDER BY 1, 2
"""


def waiting(connection: Transaction) -> int:
    """How many entries wait."""
    row = connection.execute("SELECT count(*) FROM passes_queue").fetchone()
    return int(row[0]) if row else 0


def oldest(connection: Transaction) -> datetime | None:
    """Since when the oldest entry waits; None where none does."""
    row = connection.execute("SELECT min(noted_at) FROM passes_queue").fetchone()
    return None if row is None else row[0]


def try_lock(connection: Transaction) -> bool:
    """Whether this transaction alone counts passes now; held until it ends."""
    row = connection.execute(f"SELECT pg_try_advisory_xact_lock({_LOCK})").fetchone()
    return row is not None and bool(row[0])


def lock(connection: Transaction) -> None:
    """Wait until nobody counts passes, and have it so until the transaction ends.

    Taken before the row of any device: whoever counts holds it while new mountings refer to devices.
    """
    connection.execute(f"SELECT pg_advisory_xact_lock({_LOCK})")


_LOCK: LiteralString = "hashtext('digitalpfad'), hashtext('passes')"
