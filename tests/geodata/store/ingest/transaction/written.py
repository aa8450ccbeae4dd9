"""Flushes written to the database, and the rows that they leave."""

from __future__ import annotations

from datetime import datetime
from typing import LiteralString

from psycopg.rows import TupleRow

from geodata.store.database import Database
from geodata.store.ingest.flush import Flush, FlushOutcome
from geodata.store.ingest.transaction import write
from tests.geodata.flushes import NOW, Part, flush_of

COUNTERS = "SELECT messages, received, stored, duplicates, quarantined FROM ingest_counter WHERE partition = 'test'"


def put(database: Database, *parts: Part, now: datetime = NOW) -> FlushOutcome:
    with database.transaction() as connection:
        return write(connection, flush_of(connection, parts, now))


def write_one(database: Database, flush: Flush) -> FlushOutcome:
    with database.transaction() as connection:
        return write(connection, flush)


def rows(database: Database, query: LiteralString) -> list[TupleRow]:
    with database.transaction() as connection:
        return connection.execute(query).fetchall()
