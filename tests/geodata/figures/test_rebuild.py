"""A rebuild is written down with what stood before, and undone bit by bit; what was right stays as it is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from geodata.errors import InvalidInput, NotFound, StoreUnavailable
from geodata.figures.rebuild import alone, rebuild, undo
from geodata.store.counting import log, queue
from geodata.store.database import Database
from geodata.store.ingest import intervals
from geodata.store.transaction import Transaction
from tests.geodata.figures.test_passes import BEGIN, count_all, deliver, hours, report, tables
from tests.geodata.flushes import register

DAYS = timedelta(days=1)
BY = {"by": "anna", "reason": "Zähler war falsch eingestellt"}


@pytest.fixture
def connection(database: Database):
    with database.transaction() as opened:
        register(opened, "gate")
        deliver(opened, *(report(10 * i, (65_000 + 9 * i) % 65_536) for i in range(6 * 60) if i // 30 % 3 != 1))
        count_all(opened)
        yield opened


def anew(connection: Transaction) -> int:
    return rebuild(connection, ["gate"], BEGIN, BEGIN + 3 * DAYS, **BY).entry


def test_a_rebuild_of_what_is_right_changes_nothing_and_is_written_down(connection: Transaction) -> None:
    before = tables(connection)
    done = rebuild(connection, ["gate"], BEGIN, BEGIN + 3 * DAYS, **BY)
    assert (done.channels, done.changed_hours) == (1, 0)
    assert tables(connection) == before
    (entry,) = log.load(connection, 10)
    assert (entry.id, entry.done_by, entry.what, entry.reason) == (done.entry, "anna", "rebuild", BY["reason"])
    assert entry.hours_before == len(before[0])


def test_a_rebuild_is_undone_bit_by_bit_and_so_is_its_undoing(connection: Transaction) -> None:
    before = tables(connection)
    connection.execute("UPDATE counter_channel SET width = 32, capacity = 50")
    done = rebuild(connection, ["gate"], BEGIN + DAYS, BEGIN + 2 * DAYS, **BY)
    rebuilt = tables(connection)
    assert done.changed_hours > 0
    assert rebuilt != before
    undone = undo(connection, done.entry, by="bert", reason="doch richtig")
    assert tables(connection) == before
    assert undone.changed_hours == done.changed_hours
    undo(connection, undone.entry, **BY)
    assert tables(connection) == rebuilt


def test_a_device_that_reports_less_often_now_does_not_change_what_was_counted_before(connection: Transaction) -> None:
    intervals.said(connection, "gate", BEGIN, 60)
    anew(connection)
    before = hours(connection)
    intervals.said(connection, "gate", BEGIN + 2 * DAYS, 600)
    assert rebuild(connection, ["gate"], BEGIN, BEGIN + 3 * DAYS, **BY).changed_hours > 0
    changed = {hour for hour, row in hours(connection).items() if row != before[hour]}
    assert min(changed) == 2 * 24 - 1  # in which the step over the change begins


def test_what_stands_outside_of_the_asked_time_stays(connection: Transaction) -> None:
    connection.execute("UPDATE passes_hour SET passes = 12345 WHERE hour = %s", [BEGIN])
    rebuild(connection, ["gate"], BEGIN + 2 * DAYS, BEGIN + 3 * DAYS, **BY)
    assert tables(connection)[0][0][2] == 12_345
    anew(connection)
    assert tables(connection)[0][0][2] != 12_345


def test_only_the_last_entry_over_the_same_hours_is_undone_and_only_once(connection: Transaction) -> None:
    first, second = anew(connection), anew(connection)
    with pytest.raises(InvalidInput, match=f"{second} did so after it"):
        undo(connection, first, **BY)
    undo(connection, second, **BY)
    with pytest.raises(InvalidInput, match="an entry that stands"):
        undo(connection, second, **BY)
    undo(connection, first, **BY)
    with pytest.raises(NotFound):
        undo(connection, 4711, **BY)


def test_where_nothing_was_reported_there_is_nothing_to_rebuild(connection: Transaction) -> None:
    with pytest.raises(InvalidInput, match="in which counters reported"):
        rebuild(connection, ["gate"], BEGIN + 50 * DAYS, BEGIN + 60 * DAYS, **BY)


def test_a_rebuild_waits_for_who_counts_and_not_for_ever(database: Database) -> None:
    with database.transaction() as other:
        queue.lock(other)
        with pytest.raises(StoreUnavailable), alone(database, 0.0):
            pass
    with alone(database, 0.0) as connection:
        assert queue.waiting(connection) == 0
