"""How far the web processes' files of scans are added to the counts: in the same transaction, so that it is once."""

from __future__ import annotations

from uuid import UUID

from geodata.store.transaction import Transaction


def position(connection: Transaction, journal: UUID) -> int:
    """Up to which byte ``journal`` is added, 0 for one that is not known; nobody else adds it until this ends."""
    row = connection.execute(
        "INSERT INTO scan_journal AS old (id, position) VALUES (%s, 0)"
        " ON CONFLICT (id) DO UPDATE SET position = old.position RETURNING position",
        [journal],
    ).fetchone()
    return int(row[0]) if row else 0


def move(connection: Transaction, journal: UUID, position: int) -> None:
    """Say that ``journal`` is added up to the byte ``position``."""
    connection.execute("UPDATE scan_journal SET position = %s WHERE id = %s", [position, journal])


def forget(connection: Transaction, journal: UUID) -> None:
    """Forget ``journal``, whose file is emptied already; one that is not known is fine."""
    connection.execute("DELETE FROM scan_journal WHERE id = %s", [journal])
