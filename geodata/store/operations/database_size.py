"""How large the database is, and was on the days before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from geodata.model.operator import DatabaseSize
from geodata.store.transaction import Transaction


def note(connection: Transaction, day: date) -> int:
    """Keep how large the database is as the size of ``day``, once; answers 1 where that is new, else 0."""
    return connection.execute(
        "INSERT INTO database_size (day, bytes) VALUES (%s, pg_database_size(current_database()))"
        " ON CONFLICT (day) DO NOTHING",
        [day],
    ).rowcount


def since(connection: Transaction, day: date) -> Sequence[DatabaseSize]:
    """The sizes of ``day`` and later, the oldest first."""
    rows = connection.execute("SELECT day, bytes FROM database_size WHERE day >= %s ORDER BY day", [day])
    return [DatabaseSize(row[0], row[1]) for row in rows]


def now(connection: Transaction) -> int:
    """Bytes that the database takes at this moment."""
    row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    return int(row[0]) if row else 0
