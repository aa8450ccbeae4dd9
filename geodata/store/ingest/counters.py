"""The gateway's ingest counters: received = stored + duplicates + quarantined, at every moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from geodata.store.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class PartitionCounters:
    """What became of the parts that reached one partition of the topics since the first day."""

    partition: str
    messages: int
    received: int
    stored: int
    duplicates: int
    quarantined: int
    updated_at: datetime


def load(connection: Transaction) -> list[PartitionCounters]:
    """The ingest counters of all partitions."""
    rows = connection.execute(
        "SELECT partition, messages, received, stored, duplicates, quarantined, updated_at"
        " FROM ingest_counter ORDER BY partition"
    )
    return [
        PartitionCounters(
            partition=row[0],
            messages=row[1],
            received=row[2],
            stored=row[3],
            duplicates=row[4],
            quarantined=row[5],
            updated_at=row[6],
        )
        for row in rows
    ]


def last_commit(connection: Transaction) -> datetime | None:
    """When a gateway last stored messages, by its own clock; None where none ever did."""
    row = connection.execute("SELECT max(updated_at) FROM ingest_counter").fetchone()
    return row[0] if row else None


def open_quarantine(connection: Transaction) -> dict[str, int]:
    """How many quarantine entries of each reason wait to be looked at."""
    rows = connection.execute(
        "SELECT reason, count(*) FROM quarantine WHERE replayed_at IS NULL AND settled_at IS NULL"
        " GROUP BY reason ORDER BY reason"
    )
    return {row[0]: row[1] for row in rows}
