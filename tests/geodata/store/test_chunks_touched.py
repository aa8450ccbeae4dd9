"""However much is stored: a flush reads the chunks (or partitions) of its own times, and only its own keys there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Self, cast

import pytest
from psycopg import Cursor
from psycopg.rows import TupleRow

from geodata.model.observation import Flag
from geodata.store.database import Database
from geodata.store.ingest import first_receipt
from geodata.store.ingest.flush import Flush
from geodata.store.ingest.transaction import write
from geodata.store.transaction import Transaction
from geodata.times import to_us
from tests.geodata.flushes import NOW, Part, flush_of, register

MONTHS = [datetime(2022 + month // 12, month % 12 + 1, 1, tzinfo=UTC) for month in range(60)]
DEVICES = [f"pond-{number:02}" for number in range(20)]
MINUTES = [NOW - timedelta(days=3, minutes=minute) for minute in range(50)]
CHUNK = r"^(observation_2|_hyper_\d|compress_hyper_)"
BEYOND_PREPARED = 12
"""The driver prepares a statement after 5 executions, the server may plan it without its values after 5 more."""


class Recorder(Cursor[TupleRow]):
    """Keeps each statement that reads observations, as the product sends it, with its values."""

    sent: list[tuple[bytes, Any]]

    def execute(self, query: Any, params: Any = None, **more: Any) -> Self:
        text = str(query)
        if re.search(r"(FROM|JOIN) observation\b", text):
            self.sent.append((text.encode(), params))
        return super().execute(query, params, **more)


@contextmanager
def recorded(connection: Transaction) -> Generator[list[tuple[bytes, Any]]]:
    """What the product sends within the block."""
    sent: list[tuple[bytes, Any]] = []
    connection.cursor_factory = type("Recorder", (Recorder,), {"sent": sent})
    yield sent
    connection.cursor_factory = Cursor


@pytest.fixture
def database(any_database: Database) -> Database:
    """Sixty chunks on either layout: a row of each of twenty series at the beginning of each month."""
    with any_database.transaction() as connection:
        register(connection, *DEVICES)
        connection.execute("SELECT ensure_observation_partitions(%s, %s)", [MONTHS[0], MONTHS[-1]])
        write(connection, readings(connection, MONTHS))
    return any_database


def readings(connection: Transaction, times: Sequence[datetime]) -> Flush:
    """A value of each device at each of these times."""
    flush = flush_of(connection, [Part(device=device) for device in DEVICES])
    rows = flush.observations
    for name in ("datastreams", "results", "qualities", "flags", "properties", "origins"):
        setattr(rows, name, getattr(rows, name) * len(times))
    rows.times_us = [to_us(time) for time in times for _ in DEVICES]
    flush.received = len(rows)
    return flush


def scans(connection: Transaction) -> Counter[str]:
    """How often each chunk was scanned, counted by the server itself."""
    found = connection.execute(
        "SELECT relname, coalesce(seq_scan, 0) + coalesce(idx_scan, 0) FROM pg_stat_xact_all_tables WHERE relname ~ %s",
        [CHUNK],
    )
    return Counter(dict(found.fetchall()))


def explained(connection: Transaction, sent: Sequence[tuple[bytes, Any]]) -> tuple[set[str], int]:
    """The chunks in which these statements look, and how many rows they read there, by EXPLAIN (ANALYZE)."""
    chunks, rows = set[str](), 0
    for statement, values in sent:
        with connection.transaction(force_rollback=True):
            row = connection.execute(b"EXPLAIN (ANALYZE, FORMAT JSON) " + statement, values, prepare=False).fetchone()
        for node in nodes(cast("tuple[list[dict[str, Any]]]", row)[0][0]["Plan"]):
            if (
                node["Node Type"].endswith("Scan")
                and node["Actual Loops"]
                and re.match(CHUNK, node.get("Relation Name", ""))
            ):
                chunks.add(node["Relation Name"])
                rows += round((node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"])
    return chunks, rows


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A plan's nodes."""
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def test_a_thousand_repeated_rows_are_looked_up_in_the_chunk_where_they_are(database: Database) -> None:
    with database.transaction() as connection:
        flush = readings(connection, MINUTES)
        assert write(connection, flush).stored == 1_000
        with recorded(connection) as sent:
            assert write(connection, flush).duplicates == 1_000
        chunks, rows = explained(connection, sent)
    assert len(chunks) == 1
    assert rows == 1_000


def test_rows_of_all_chunks_repeated_at_once_are_read_each_once(database: Database) -> None:
    with database.transaction() as connection:
        with recorded(connection) as sent:
            assert write(connection, readings(connection, MONTHS)).duplicates == 1_200
        chunks, rows = explained(connection, sent)
    assert len(chunks) == 60
    assert rows == 1_200


def test_a_flush_that_the_server_has_planned_often_still_touches_only_its_own_chunk(database: Database) -> None:
    with database.transaction() as connection:
        flush = readings(connection, MINUTES[:1])
        write(connection, flush)
        for _ in range(BEYOND_PREPARED):
            before = scans(connection)
            write(connection, flush)
            touched = {chunk for chunk, count in scans(connection).items() if count > before[chunk]}
            assert len(touched) == 1


def test_readings_brought_forward_touch_the_chunks_of_both_their_times(database: Database) -> None:
    """And at most one more: that of the newest value of their series."""
    first, second = MONTHS[20] + timedelta(minutes=5), MONTHS[40] + timedelta(minutes=5)
    keys = [Part(device=device, boot="b", seq=seq, without_device_time=True) for device in DEVICES for seq in range(2)]
    with database.transaction() as connection:
        flush = flush_of(connection, keys)
        rows = flush.observations
        rows.flags = [int(Flag.TIME_OF_RECEIPT)] * len(keys)
        rows.times_us = [to_us(second) + i for i in range(len(keys))]
        assert write(connection, flush).stored == 40
        rows.times_us = [to_us(first) + i for i in range(len(keys))]
        before = scans(connection)
        with recorded(connection) as sent:
            first_receipt.backdate(connection, rows)
        touched = {chunk for chunk, count in scans(connection).items() if count > before[chunk]}
        [moved] = connection.execute(
            "SELECT count(*) FROM observation WHERE phenomenon_time >= %s AND phenomenon_time < %s",
            [first, first + timedelta(minutes=1)],
        ).fetchone() or [0]
    assert sent
    assert moved == 40
    assert len(touched) <= 3
