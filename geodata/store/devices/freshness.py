"""How new the newest observation is."""

from __future__ import annotations

from datetime import datetime

from geodata.store.transaction import Transaction


def newest_time(connection: Transaction) -> datetime | None:
    """When the most recent observation of all was measured; None without any."""
    row = connection.execute("SELECT max(phenomenon_time) FROM latest").fetchone()
    return row[0] if row else None
