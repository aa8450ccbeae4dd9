"""The counters of received, stored, duplicate and refused messages always balance."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from geodata.errors import StoreRejected
from geodata.store.database import Database
from geodata.store.ingest.flush import Flush, FlushOutcome
from geodata.times import to_us
from tests.fixtures.databases.database import one_row
from tests.geodata.flushes import NOW, Part, flush_of, refused
from tests.geodata.store.ingest.transaction.written import COUNTERS, put, rows, write_one


def test_the_quarantine_keeps_a_message_once_and_the_books_balance(database: Database) -> None:
    flush = Flush("test", to_us(NOW), messages=3, received=3, refused=[refused(b"{"), refused(b"{"), refused(b"\xff")])
    assert write_one(database, flush) == FlushOutcome(0, 1, 2, [], {"not-json": 2})
    assert write_one(database, replace(flush)) == FlushOutcome(0, 3, 0, [])
    assert rows(database, "SELECT payload, deliveries FROM quarantine ORDER BY id") == [(b"{", 4), (b"\xff", 2)]
    with database.transaction() as connection:
        assert one_row(connection, COUNTERS) == (6, 6, 0, 4, 2)


def test_the_books_are_those_of_what_happened(database: Database) -> None:
    put(database, Part(result=1.0), Part(result=1.0), Part(result=2.0), Part(time=NOW + timedelta(1), result=None))
    with database.transaction() as connection:
        assert one_row(connection, COUNTERS) == (4, 4, 2, 1, 1)


def test_books_that_do_not_balance_are_refused_with_all_that_came_with_them(database: Database) -> None:
    with database.transaction() as connection:
        flush = flush_of(connection, [Part()], NOW)
    flush.received += 1
    with pytest.raises(StoreRejected):
        write_one(database, flush)
    assert rows(database, "SELECT count(*) FROM observation") == [(0,)]


def test_messages_are_counted_by_the_minute(database: Database) -> None:
    put(database, Part(), now=NOW)
    put(database, Part(), now=NOW + timedelta(seconds=59))
    put(database, Part(), now=NOW + timedelta(seconds=60))
    assert rows(database, "SELECT minute, messages FROM ingest_minute ORDER BY 1") == [
        (NOW, 2),
        (NOW + timedelta(minutes=1), 1),
    ]
