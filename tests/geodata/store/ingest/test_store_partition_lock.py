"""One process at a time serves a partition, and only while it holds the lock does it write."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import psycopg
import pytest

from geodata.errors import StoreRejected, StoreTimeout, StoreUnavailable
from geodata.store.database import Database, translate
from geodata.store.ingest.partition_lock import PartitionLock
from tests.fixtures.databases.database import one_row
from tests.fixtures.process.waiting import wait_until


@pytest.fixture
def new_lock(database: Database) -> Iterator[Callable[[str | None], PartitionLock]]:
    """Makes locks of a trail or, with None, of all trails."""
    locks: list[PartitionLock] = []

    def make(trail: str | None) -> PartitionLock:
        locks.append(PartitionLock(database, trail))
        return locks[-1]

    yield make
    for lock in locks:
        lock.close()


NewLock = Callable[["str | None"], PartitionLock]


def _terminate_holders(database: Database) -> None:
    with database.transaction() as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )


def test_a_lock_is_held_once_and_is_free_when_its_holder_lets_go(new_lock: NewLock) -> None:
    first, second = new_lock(None), new_lock(None)
    assert first.acquire()
    assert not second.acquire()
    first.close()
    wait_until(second.acquire, what="the lock to be free")


def test_single_trails_go_side_by_side_and_all_trails_go_alone(new_lock: NewLock) -> None:
    one, other, everything = (new_lock(trail) for trail in ("stadtwald", "other", None))
    assert one.acquire()
    assert other.acquire()
    assert not new_lock("other").acquire()
    assert not everything.acquire()
    one.close()
    assert not everything.acquire()
    other.close()
    wait_until(everything.acquire, what="all trails to be free")
    assert not new_lock("stadtwald").acquire()


def test_who_lost_the_lock_without_noticing_cannot_commit(database: Database, new_lock: NewLock) -> None:
    lock, other = new_lock(None), new_lock(None)
    assert lock.acquire()
    _terminate_holders(database)
    wait_until(other.acquire, what="the lock to be free")
    assert lock.held, "it has not noticed yet"
    with pytest.raises(StoreUnavailable), lock.transaction() as connection:
        connection.execute("DELETE FROM observed_property")
    assert not lock.held
    with other.transaction() as connection:
        assert one_row(connection, "SELECT count(*) > 0 FROM observed_property") == (True,)


def test_a_lock_in_the_middle_of_whose_transaction_the_session_ends_commits_nothing(
    database: Database, new_lock: NewLock
) -> None:
    lock = new_lock(None)
    assert lock.acquire()
    with pytest.raises(StoreUnavailable), lock.transaction() as connection:  # noqa: PT012 - the end of the block raises
        connection.execute("DELETE FROM observed_property")
        _terminate_holders(database)
    with database.transaction() as connection:
        assert one_row(connection, "SELECT count(*) > 0 FROM observed_property") == (True,)


def test_a_call_that_hangs_can_be_broken_off_and_counts_as_one_that_took_too_long(new_lock: NewLock) -> None:
    lock = new_lock(None)
    assert lock.acquire()
    lock.abort()
    with pytest.raises(StoreTimeout):
        lock.acquire()
    assert not lock.held
    wait_until(lock.acquire, what="the lock again")


def test_a_lock_is_sure_while_its_session_answers_or_is_seen_to_hold_it(
    database: Database, new_lock: NewLock, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = new_lock(None)
    assert not lock.is_lease_valid
    assert lock.acquire()
    assert lock.is_lease_valid
    now = time.monotonic() + 60
    monkeypatch.setattr("geodata.store.ingest.partition_lock.time.monotonic", lambda: now)
    assert lock.held, "as after a freeze of a minute"
    assert not lock.is_lease_valid
    with database.listener() as other:
        lock.verify_held(other)
        assert lock.is_lease_valid
        _terminate_holders(database)
        wait_until(lambda: lock.verify_held(other) or not lock.is_lease_valid, what="the loss to be seen")


def test_nobody_writes_without_the_lock(new_lock: NewLock) -> None:
    with pytest.raises(StoreUnavailable, match="may not write"), new_lock(None).transaction():
        pytest.fail("there is no transaction without the lock")


def test_what_the_driver_itself_refuses_is_refused_for_good(database: Database) -> None:
    """A NUL never reaches the server: without SQLSTATE, and yet no reason to try again for ever."""
    with pytest.raises(StoreRejected), database.transaction() as connection:
        connection.execute("SELECT %s::text", ["a\0b"])
    assert isinstance(translate(psycopg.OperationalError("no route")), StoreUnavailable)
