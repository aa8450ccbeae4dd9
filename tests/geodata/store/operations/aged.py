"""Observations and entries of the quarantine of a given age, and the ages of those that are left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from geodata.store.database import Database
from geodata.store.ingest.flush import Flush
from geodata.store.ingest.transaction import write
from geodata.store.operations.retention import Retention
from geodata.times import to_us
from tests.geodata.flushes import Part, flush_of, refused

NOW = datetime.now(UTC).replace(microsecond=0)  # the database refuses to delete what is young by its own clock
KEEP = Retention(raw_days=90)


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def put(database: Database, *parts: Part) -> None:
    with database.transaction() as connection:
        write(connection, flush_of(connection, parts, NOW))


def ages(database: Database) -> list[float]:
    with database.transaction() as connection:
        found = connection.execute("SELECT phenomenon_time FROM observation ORDER BY 1 DESC").fetchall()
    return [round((NOW - row[0]) / timedelta(days=1), 6) for row in found]


def reject(database: Database, *entries: tuple[float, bool]) -> None:
    """Entries of the quarantine: days ago, and whether replayed."""
    with database.transaction() as connection:
        for number, (age, replayed) in enumerate(entries):
            entry = refused(f"{number} {age}".encode(), received=ago(age))
            write(connection, Flush("p", to_us(NOW), received=1, refused=[entry]))
            if replayed:
                connection.execute("UPDATE quarantine SET replayed_at = now() WHERE payload = %s", [entry.payload])


def waiting(database: Database) -> list[tuple[float, bool]]:
    with database.transaction() as connection:
        found = connection.execute("SELECT received_at, replayed_at FROM quarantine ORDER BY received_at")
        return [((NOW - row[0]) / timedelta(days=1), row[1] is not None) for row in found]
