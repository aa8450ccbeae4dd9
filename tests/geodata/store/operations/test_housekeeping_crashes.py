"""Housekeeping whose database session dies before any one of its statements or commits: nothing young is missed."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString, cast
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo
from psycopg.rows import TupleRow

from geodata.errors import StoreUnavailable
from geodata.store.database import Database
from geodata.store.ingest.flush import Flush
from geodata.store.ingest.transaction import write
from geodata.store.operations.retention import Retention, run, steps
from geodata.store.transaction import Transaction
from geodata.times import to_us
from tests.fixtures.databases.database import Template, close_for_copying
from tests.geodata.flushes import Part, flush_of, refused, register

NOW = datetime.now(UTC).replace(microsecond=0)  # the database refuses to delete what is young by its own clock
KEEP = Retention(
    raw_days=90, hourly_days=150, quarantine_days=60, quarantine_rows=3, minute_days=30, receipt_days=70, audit_days=80
)
KEPT: dict[str, tuple[LiteralString, float]] = {
    "observation": ("SELECT phenomenon_time FROM observation", 90),
    "rollup_hour": ("SELECT hour + interval '1 hour' FROM rollup_hour", 150),
    "quarantine": ("SELECT received_at FROM quarantine", 4),  # three rows are kept, the oldest of them is so old
    "ingest_minute": ("SELECT minute + interval '1 minute' FROM ingest_minute WHERE partition = 'aged'", 30),
    "receipt_time": ("SELECT phenomenon_time FROM receipt_time", 70),
    "audit": ("SELECT last_at FROM audit", 80),
}
"""Where each class of data has its times, and up to how many days it must be there."""


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


class Fragile(Database):
    """Its session is ended by the server before the ``last``-th statement or commit of all its transactions."""

    def __init__(self, url: str, last: int) -> None:
        super().__init__(url, pool_size=1)
        self._url = url
        self._left = last

    @contextmanager
    def transaction(self) -> Generator[Transaction]:
        with super().transaction() as connection:
            yield cast("Transaction", Counted(connection, self))
            self.count(connection)

    def count(self, connection: Transaction) -> None:
        self._left -= 1
        if self._left == 0:
            with psycopg.connect(self._url, autocommit=True) as killer:
                killer.execute("SELECT pg_terminate_backend(%s, 10000)", [connection.info.backend_pid])

    @property
    def survived(self) -> bool:
        return self._left > 0


class Counted:
    """A connection that tells Fragile of every statement before it goes out."""

    def __init__(self, connection: Transaction, fragile: Fragile) -> None:
        self._connection = connection
        self._fragile = fragile

    def execute(self, *arguments: Any) -> psycopg.Cursor[TupleRow]:
        self._fragile.count(self._connection)
        return self._connection.execute(*arguments)


@pytest.fixture
def aged(postgres_server: str, template: Template) -> Iterator[str]:
    """Name of a database with old and young data of every class."""
    name = f"{template.name}_aged"
    with psycopg.connect(postgres_server, autocommit=True) as admin:
        admin.execute(_create(name, template.name))
        with Database(make_conninfo(postgres_server, dbname=name), pool_size=1) as database:
            _fill(database)
        close_for_copying(postgres_server, name)
        yield name
        admin.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))


def _create(name: str, template: str) -> sql.Composed:
    return sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))


def _fill(database: Database) -> None:
    with database.transaction() as connection:
        register(connection)
        parts = [Part(time=ago(days)) for days in (300, 200, 160, 130, 100, 89.9, 60, 1, 0)]
        write(connection, flush_of(connection, parts, NOW))
        for days in (70, 61, 20, 10, 4, 2, 0):
            entry = refused(str(days).encode(), received=ago(days))
            write(connection, Flush("p", to_us(NOW), received=1, refused=[entry]))
        connection.execute("UPDATE quarantine SET replayed_at = now() WHERE received_at = %s", [ago(20)])
        for number, days in enumerate((80, 75, 71, 69, 31, 29, 5)):
            connection.execute("INSERT INTO ingest_minute VALUES ('aged', %s, 1)", [ago(days)])
            connection.execute("INSERT INTO receipt_time VALUES ('pond', 'b', %s, %s)", [number, ago(days)])
        for days in (90, 81, 79, 31, 5):
            connection.execute(
                "INSERT INTO audit (origin, actor, action, outcome, at, last_at)"
                " VALUES ('command-line', 'root', 'login', 'done', %(at)s, %(at)s)",
                {"at": ago(days)},
            )


def _times(database: Database) -> dict[str, list[datetime]]:
    with database.transaction() as connection:
        return {
            name: sorted(row[0] for row in connection.execute(query).fetchall()) for name, (query, _) in KEPT.items()
        }


def _young(times: dict[str, list[datetime]]) -> dict[str, list[datetime]]:
    return {name: [time for time in times[name] if time >= ago(days)] for name, (_, days) in KEPT.items()}


@contextmanager
def _copy(server: str, of: str) -> Generator[str]:
    name = f"{of}_{uuid4().hex[:6]}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(_create(name, of))
        yield make_conninfo(server, dbname=name)
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.mark.timeout(300)
def test_a_crash_before_any_statement_or_commit_costs_nothing_young_and_the_next_run_finishes(
    postgres_server: str, aged: str
) -> None:
    with _copy(postgres_server, aged) as url, Database(url, pool_size=1) as database:
        before = _times(database)
        assert run(database, steps(KEEP), NOW) is not None
        after = _times(database)
    assert all(set(after[name]) < set(before[name]) for name in KEPT), "of every class something was to go"
    assert {name: set(times) for name, times in _young(before).items()} == {
        name: set(times) for name, times in _young(after).items()
    }
    crashes = 0
    while True:
        with _copy(postgres_server, aged) as url:
            with Fragile(url, crashes + 1) as fragile:
                if fragile_run(fragile):
                    break
            crashes += 1
            with Database(url, pool_size=1) as database:
                halfway = _times(database)
                assert _young(halfway) == _young(before), f"after a crash before statement {crashes}"
                assert run(database, steps(KEEP), NOW) is not None
                assert _times(database) == after, f"after a crash before statement {crashes} and another run"
                again = run(database, steps(KEEP), NOW)
                assert again is not None
                assert not any(again.values())
    assert crashes > 60, "two statements and a commit of each of nine steps, and of each that found something to do"


def fragile_run(fragile: Fragile) -> bool:
    """Whether it came to its end unharmed; if not, the error must be one that is tried again."""
    try:
        run(fragile, steps(KEEP), NOW)
    except StoreUnavailable:
        return False
    assert fragile.survived, "the session was ended, and housekeeping noticed nothing"
    return True
