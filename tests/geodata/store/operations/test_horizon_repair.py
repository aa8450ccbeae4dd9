"""Deletion by ours alone, on TimescaleDB: what its own job deleted is known afterwards, and nothing else is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from geodata.store.ingest.transaction import write
from geodata.store.migrate import bundled_migrations
from geodata.store.transaction import Transaction
from tests.fixtures.databases.database import empty, one_row
from tests.geodata.flushes import Part, flush_of, register

WEEK = timedelta(days=7)
OLDEST = (
    datetime.fromtimestamp(0, UTC) + (datetime.now(UTC) - datetime.fromtimestamp(0, UTC)) // WEEK * WEEK - 20 * WEEK
)
"""Where the chunk of 20 weeks ago begins."""


@pytest.fixture
def connection(migrated_timescale: str) -> Iterator[Transaction]:
    """A transaction that is undone, over observations of each of the last 20 weeks with their hours."""
    empty(migrated_timescale)
    with psycopg.connect(migrated_timescale, options="-c timezone=UTC") as connection:
        register(connection)
        put(connection, *(OLDEST + number * WEEK + timedelta(hours=half) for number in range(20) for half in (3, 30)))
        yield connection
        connection.rollback()


def put(connection: Transaction, *times: datetime) -> None:
    write(connection, flush_of(connection, [Part(time=time) for time in times], datetime.now(UTC)))


def repaired(connection: Transaction) -> datetime | None:
    (migration,) = (one for one in bundled_migrations() if "deletion_by_ours_alone" in one.name)
    connection.execute(migration.sql.encode())
    row = connection.execute("SELECT before FROM observation_horizon").fetchone()
    return row[0] if row else None


def let_timescale_delete(connection: Transaction, weeks: int) -> None:
    """As its job does: chunks that lie wholly before the first ``weeks`` from OLDEST on are over."""
    kept = datetime.now(UTC) - (OLDEST + weeks * WEEK + timedelta(hours=1))  # the transaction began before this moment
    job = one_row(connection, "SELECT add_retention_policy('observation', drop_after => %s)", kept)[0]
    connection.execute("CALL run_job(%s)", [job])


def deletes(connection: Transaction) -> bool:
    """Whether a job of TimescaleDB's own deletes observations; others of its jobs may be there from other tests."""
    return bool(
        connection.execute(
            "SELECT FROM timescaledb_information.jobs"
            " WHERE hypertable_name = 'observation' AND proc_name = 'policy_retention'"
        ).fetchall()
    )


def test_where_nothing_was_deleted_everything_is_taken_as_before(connection: Transaction) -> None:
    assert repaired(connection) is None


def test_chunks_that_somebody_dropped_by_hand_make_nothing_too_old(connection: Transaction) -> None:
    connection.execute("SELECT remove_retention_policy('observation', if_exists => true)")  # another test's
    connection.execute("SELECT drop_chunks('observation', older_than => %s)", [OLDEST + 5 * WEEK])
    assert repaired(connection) is None


def test_what_the_job_of_timescaledb_deleted_is_over_and_the_job_is_gone(connection: Transaction) -> None:
    let_timescale_delete(connection, weeks=5)
    assert deletes(connection)
    last_hour = OLDEST + 4 * WEEK + timedelta(hours=30)
    assert repaired(connection) == last_hour + timedelta(hours=1)
    assert not deletes(connection)


def test_a_part_that_a_repetition_brought_back_does_not_bring_its_week_back(connection: Transaction) -> None:
    let_timescale_delete(connection, weeks=5)
    put(connection, OLDEST + 3 * WEEK + timedelta(hours=3), OLDEST + 4 * WEEK + timedelta(hours=3))
    assert repaired(connection) == OLDEST + 5 * WEEK


def test_a_horizon_that_is_known_already_stays_also_within_a_week(connection: Transaction) -> None:
    known = OLDEST + 5 * WEEK + timedelta(days=1)  # a month ended there, before the data came to TimescaleDB
    connection.execute("INSERT INTO observation_horizon (before) VALUES (%s)", [known])
    let_timescale_delete(connection, weeks=5)
    connection.execute("DELETE FROM observation WHERE phenomenon_time < %s", [known])
    assert repaired(connection) == known


def test_what_somebody_deleted_lately_refuses_nothing_young(connection: Transaction) -> None:
    connection.execute("SELECT remove_retention_policy('observation', if_exists => true)")
    connection.execute("SELECT add_retention_policy('observation', drop_after => interval '10 days')")
    connection.execute("DELETE FROM observation")  # rows, not chunks
    horizon = repaired(connection)
    assert horizon is not None
    assert OLDEST + 15 * WEEK <= horizon <= datetime.now(UTC) - timedelta(days=30)
