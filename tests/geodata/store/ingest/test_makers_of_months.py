"""Two sessions that make partitions at once: whoever comes second waits, goes on, and nobody fails."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime

import psycopg
import pytest

from tests.fixtures.process.waiting import wait_until

MAY, JUNE = datetime(2031, 5, 7, tzinfo=UTC), datetime(2031, 6, 7, tzinfo=UTC)
Connection = psycopg.Connection[tuple[int, ...]]


@pytest.fixture
def two(monthly: None, database_url: str) -> Iterator[tuple[Connection, Connection]]:
    with psycopg.connect(database_url) as one, psycopg.connect(database_url) as other:
        yield one, other


@pytest.fixture
def second() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


def make(connection: Connection, moment: datetime) -> int:
    row = connection.execute("SELECT ensure_observation_partitions(%s, %s)", [moment, moment]).fetchone()
    assert row is not None
    return row[0]


def wait_for_its_turn(url: str, waiting: Connection) -> None:
    """Until the session waits for another one's lock."""
    with psycopg.connect(url, autocommit=True) as watching:
        query = "SELECT count(*) FROM pg_locks WHERE pid = %s AND NOT granted"
        wait_until(lambda: (watching.execute(query, [waiting.info.backend_pid]).fetchone() or (0,))[0], 10, "a wait")


def put(connection: Connection, moment: datetime) -> None:
    connection.execute(
        "INSERT INTO observation (phenomenon_time, result, datastream, quality, flags) VALUES (%s, 1, 1, 0, 0)",
        [moment],
    )


@pytest.mark.parametrize("first_commits", [True, False])
def test_the_second_maker_of_a_month_waits_for_the_first_and_writes_into_it(
    two: tuple[Connection, Connection], database_url: str, second: ThreadPoolExecutor, first_commits: bool
) -> None:
    one, other = two
    assert make(one, MAY) == 1
    made: Future[int] = second.submit(make, other, MAY)
    wait_for_its_turn(database_url, other)
    if first_commits:
        one.commit()
    else:
        one.rollback()
    assert made.result(10) == (0 if first_commits else 1)
    put(other, MAY)
    other.commit()


def test_makers_of_two_months_do_not_wait_for_each_other(
    two: tuple[Connection, Connection], database_url: str, second: ThreadPoolExecutor
) -> None:
    one, other = two
    assert make(one, MAY) == 1
    made: Future[int] = second.submit(make, other, JUNE)
    wait_for_its_turn(database_url, other)
    assert make(one, JUNE) == 1  # which the other one is about to make
    one.commit()
    assert made.result(10) == 0
    put(other, JUNE)
    other.commit()
