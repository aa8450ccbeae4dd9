"""In whatever order, split or repetition messages arrive: the tables end the same, and rollups equal a recount."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import LiteralString

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.rows import TupleRow

from geodata.store.database import Database
from geodata.store.ingest.flush import SequenceRange
from geodata.store.ingest.transaction import write
from geodata.store.transaction import Transaction
from geodata.times import to_datetime, to_us
from tests.fixtures.databases.database import one_row
from tests.geodata.flushes import NOW, Part, flush_of, register

TABLES: tuple[LiteralString, ...] = (
    "SELECT * FROM observation ORDER BY datastream, phenomenon_time",
    "SELECT * FROM rollup_hour ORDER BY datastream, hour",
    "SELECT * FROM latest ORDER BY datastream",
    "SELECT device, boot, seqs, oldest FROM device_boot ORDER BY device, boot",
    "SELECT device, boot, seq FROM receipt_time ORDER BY device, boot, seq",
)
Delivery = Sequence[Sequence[Part]]
bounded = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

times = st.sampled_from([0, 1, 59, 60, 61, 3_599, 3_600, 3_601, 86_400, 45 * 86_400]).map(
    lambda seconds: NOW - timedelta(seconds=seconds, microseconds=1)
)
results = st.none() | st.integers(-40_000, 50_000).map(lambda thousandths: thousandths / 1000)
parts = st.builds(
    Part,
    device=st.sampled_from(["pond", "gate"]),
    prop=st.sampled_from(["air_temperature", "rain"]),
    time=times,
    result=results,
    boot=st.sampled_from(["b1", "b2"]),
    seq=st.integers(0, 6),
)


@st.composite
def deliveries(draw: st.DrawFn, sent: Sequence[Part]) -> Delivery:
    """Every part at least once, shuffled and cut into flushes."""
    order = draw(st.permutations([*sent, *draw(st.lists(st.sampled_from(sent), max_size=8))]))
    cuts = sorted(draw(st.lists(st.integers(0, len(order)), max_size=4)))
    return [order[low:high] for low, high in zip([0, *cuts], [*cuts, len(order)], strict=True)]


def _key(part: Part) -> tuple[str, str, datetime]:
    return part.device, part.prop, part.time


def _deliver(connection: Transaction, delivery: Delivery, *, optimistic: bool = False) -> list[list[TupleRow]]:
    """What the tables hold after it; the connection is as before."""
    register(connection, "pond", "gate")
    connection.execute("ALTER SEQUENCE datastream_id_seq RESTART")
    for device in ("pond", "gate"):
        flush_of(connection, [Part(device=device), Part(device=device, prop="rain")])
    for group in delivery:
        flush = flush_of(connection, group)
        flush.optimistic = optimistic
        for part in group:
            if part.boot is not None and part.seq is not None:
                known = flush.sequences.setdefault((part.device, part.boot), SequenceRange([], 0, to_us(NOW)))
                known.ranges.append((part.seq, part.seq + 1))
        outcome = write(connection, flush)
        assert outcome.stored + outcome.duplicates + outcome.quarantined == len(group)
    found = [connection.execute(query).fetchall() for query in TABLES]
    counters = one_row(connection, "SELECT received, stored, duplicates + quarantined FROM ingest_counter")
    assert counters == (sum(map(len, delivery)), len(found[0]), sum(map(len, delivery)) - len(found[0]))
    _assert_rollups_equal_a_recount(found[0], found[1])
    connection.rollback()
    return found


def _assert_rollups_equal_a_recount(observations: list[TupleRow], rollups: list[TupleRow]) -> None:
    hours: dict[tuple[int, datetime], list[TupleRow]] = defaultdict(list)
    for row in observations:
        hours[row[2], row[0].replace(minute=0, second=0, microsecond=0)].append(row)
    recount: list[TupleRow] = []
    for (stream, hour), rows in sorted(hours.items()):
        good = [(time, result) for time, result, _, quality, _ in rows if quality == 0]
        values = [result for _, result in good]
        first, last = (good[0], good[-1]) if good else ((None, None), (None, None))
        extremes = (min(values), max(values)) if values else (None, None)
        total = sum((Decimal(str(value)) for value in values), Decimal(0))
        others = tuple(sum(row[3] == quality for row in rows) for quality in (1, 2))
        recount.append((stream, hour, len(values), total, *extremes, *first, *last, *others))
    assert rollups == recount


@bounded
@given(data=st.data())
def test_any_order_split_and_repetition_gives_the_same_tables(any_database: Database, data: st.DataObject) -> None:
    sent = data.draw(st.lists(parts, min_size=1, max_size=12, unique_by=_key))
    delivery = data.draw(deliveries(sent))
    with any_database.transaction() as connection:
        assert _deliver(connection, delivery, optimistic=data.draw(st.booleans())) == _deliver(connection, [sent])


@bounded
@given(data=st.data())
def test_rollups_equal_a_recount_also_when_values_contradict_each_other(
    any_database: Database, data: st.DataObject
) -> None:
    sent = data.draw(st.lists(parts, min_size=1, max_size=12))
    with any_database.transaction() as connection:
        _deliver(connection, data.draw(deliveries(sent)), optimistic=data.draw(st.booleans()))


@bounded
@given(data=st.data())
def test_readings_without_a_clock_count_once_however_often_they_come(
    any_database: Database, data: st.DataObject
) -> None:
    seqs = data.draw(st.sets(st.integers(0, 9), min_size=1))
    sent = [
        Part(boot="b1", seq=seq, without_device_time=True, result=float(seq), time=NOW + timedelta(microseconds=seq))
        for seq in seqs
    ]
    delivery = data.draw(deliveries(sent))
    with any_database.transaction() as connection:
        observations, *_, receipts = _deliver(connection, delivery, optimistic=data.draw(st.booleans()))
    assert len(observations) == len(receipts) == len(seqs)
    assert {row[1] for row in observations} == set(map(float, seqs))


@pytest.mark.parametrize("late_first", [True, False])
def test_a_minute_that_arrives_late_moves_first_and_last_of_its_hour(any_database: Database, late_first: bool) -> None:
    early, late = Part(time=NOW, result=1.0), Part(time=NOW + timedelta(minutes=1), result=2.0)
    with any_database.transaction() as connection:
        _deliver(connection, [[late], [early]] if late_first else [[early], [late]])


def test_times_are_exact_both_ways() -> None:
    for us in (0, 1, 1_790_000_000_000_001, 4_102_444_799_999_999):
        assert to_us(to_datetime(us)) == us
