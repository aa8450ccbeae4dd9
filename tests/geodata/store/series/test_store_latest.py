"""The latest observation is by measuring time and never of the future."""

from __future__ import annotations

from datetime import timedelta

from geodata.store.database import Database
from geodata.store.ingest.transaction import write
from geodata.store.series import latest
from tests.geodata.flushes import NOW, Part, flush_of, register


def test_what_a_clock_ahead_measured_is_the_latest_once_its_time_has_come(any_database: Database) -> None:
    ahead = NOW + timedelta(minutes=9)
    with any_database.transaction() as connection:
        register(connection)
        write(connection, flush_of(connection, [Part(time=ahead, result=9.0), Part(time=NOW, result=7.0)]))
        write(connection, flush_of(connection, [Part(time=NOW - timedelta(hours=1), result=6.0)]))
        before, then = latest.load(connection, NOW), latest.load(connection, ahead)
    assert [(seen.phenomenon_time, seen.result) for seen in before.values()] == [(NOW, 7.0)]
    assert [(seen.phenomenon_time, seen.result) for seen in then.values()] == [(ahead, 9.0)]


def test_a_series_that_lies_in_the_future_altogether_has_no_latest_yet(any_database: Database) -> None:
    with any_database.transaction() as connection:
        register(connection)
        write(connection, flush_of(connection, [Part(time=NOW + timedelta(minutes=1))]))
        assert latest.load(connection, NOW) == {}
