"""How many messages the gateway commits, by minute."""

from __future__ import annotations

from datetime import datetime, timedelta

from geodata.store.transaction import Transaction


def per_minute(connection: Transaction, now: datetime, minutes: int = 5) -> float:
    """Messages per minute, averaged over the last full ``minutes``, of all partitions together."""
    end = now.replace(second=0, microsecond=0)
    row = connection.execute(
        "SELECT coalesce(sum(messages), 0)::float8 FROM ingest_minute WHERE minute >= %s AND minute < %s",
        [end - timedelta(minutes=minutes), end],
    ).fetchone()
    return row[0] / minutes if row else 0.0
