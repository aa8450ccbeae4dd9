"""Passes in the database are those of counting everything anew, however and whenever the reports arrived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.rows import TupleRow

from geodata.figures.passes import count_portion, mount
from geodata.store.counting import queue, unmounted
from geodata.store.database import Database
from geodata.store.ingest.transaction import write
from geodata.store.transaction import Transaction
from tests.fixtures.databases.database import one_row
from tests.geodata.flushes import NOW, Part, flush_of, register

bounded = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
BEGIN = NOW.replace(hour=0, minute=0)
TABLES = (
    "passes_hour ORDER BY channel, hour",
    "counter_silence ORDER BY channel, starts_at",
    "passes_day ORDER BY 1, 2",
)


def report(minutes: float, total: float | None, prop: str = "passes_in_total", device: str = "gate") -> Part:
    return Part(device=device, prop=prop, time=BEGIN + timedelta(minutes=minutes), result=total)


def deliver(connection: Transaction, *parts: Part) -> None:
    write(connection, flush_of(connection, parts, NOW))


def count_all(connection: Transaction, portion: int = 1_000) -> None:
    mount(connection)
    while count_portion(connection, portion):
        pass


def tables(connection: Transaction) -> list[list[TupleRow]]:
    return [connection.execute(f"SELECT * FROM {table}".encode()).fetchall() for table in TABLES]


def anew(connection: Transaction) -> list[list[TupleRow]]:
    """The tables after all is counted from nothing, in one go."""
    connection.execute("DELETE FROM passes_hour; DELETE FROM counter_silence; DELETE FROM passes_day")
    queue.note_since(connection, "gate", None)
    count_all(connection, 1_000_000)
    return tables(connection)


def hours(connection: Transaction) -> dict[int, tuple[int, int, int, int]]:
    """Passes, shared, covered seconds and flags by the hour after BEGIN, of all channels."""
    rows = connection.execute("SELECT hour, passes, shared, covered_s, flags FROM passes_hour ORDER BY channel, hour")
    return {round((hour - BEGIN) / timedelta(hours=1)): tuple(row) for hour, *row in rows}


minutes = st.one_of(st.integers(0, 60 * 8), st.integers(0, 60 * 24 * 4)).map(lambda tens: tens * 7 / 3)
reports = st.builds(
    report,
    minutes,
    st.one_of(st.none(), st.integers(0, 80), st.integers(65_400, 65_535), st.integers(0, 2**32)),
    st.sampled_from(["passes_in_total", "passes_in_total", "passes_in", "passes_out_total"]),
)


@st.composite
def deliveries(draw: st.DrawFn) -> list[list[Part]]:
    """Reports of a day or four, in any order, some twice, in several flushes."""
    sent = draw(st.lists(reports, min_size=1, max_size=30, unique_by=lambda part: (part.prop, part.time)))
    order = draw(st.permutations([*sent, *draw(st.lists(st.sampled_from(sent), max_size=5))]))
    cuts = sorted(draw(st.lists(st.integers(0, len(order)), max_size=6)))
    return [order[low:high] for low, high in zip([0, *cuts], [*cuts, len(order)], strict=True)]


@bounded
@given(deliveries(), st.integers(1, 5), st.booleans())
def test_in_any_order_and_portions_the_tables_are_those_of_counting_anew(
    database: Database, arriving: Sequence[Sequence[Part]], portion: int, between: bool
) -> None:
    with database.transaction() as connection:
        register(connection, "gate")
        for parts in arriving:
            deliver(connection, *parts)
            if between:
                count_all(connection, portion)
        count_all(connection, portion)
        found = tables(connection)
        assert queue.waiting(connection) == 0
        assert found == anew(connection)
        connection.rollback()


@bounded
@given(st.lists(st.booleans(), min_size=60, max_size=140), st.integers(0, 65_535))
def test_of_a_third_lost_the_total_is_exact_and_the_hours_in_doubt_are_flagged(
    database: Database, arrived: list[bool], begins: int
) -> None:
    sent = [report(10 * i, (begins + 3 * i) % 2**16) for i in range(len(arrived))]
    kept = [part for i, part in enumerate(sent) if arrived[i] or i in {0, len(sent) - 1}]
    with database.transaction() as connection:
        register(connection, "gate")
        deliver(connection, sent[0])
        unmounted.mount(connection)
        connection.execute("UPDATE counter_channel SET width = 16")
        deliver(connection, *kept)
        count_all(connection)
        found = hours(connection)
        assert sum(passes + shared for passes, shared, _, _ in found.values()) == 3 * (len(sent) - 1)
        assert all(shared == 0 or flags & 1 for _, shared, _, flags in found.values())
        (passes, shared) = one_row(connection, "SELECT sum(passes), sum(shared) FROM passes_day")
        assert passes + shared == 3 * (len(sent) - 1)
        connection.rollback()


def test_what_comes_late_writes_the_hours_that_hang_on_it_and_no_others(database: Database) -> None:
    with database.transaction() as connection:
        register(connection, "gate")
        deliver(connection, *(report(10 * i, i) for i in range(60 * 6) if i // 6 != 30))
        count_all(connection)
    with database.transaction() as connection:
        before = dict(connection.execute("SELECT hour, xmin::text FROM passes_hour").fetchall())
        days = dict(connection.execute("SELECT day, xmin::text FROM passes_day").fetchall())
        deliver(connection, report(30 * 60 + 30, 180), report(30 * 60 + 40, 181))
        count_all(connection)
        after = dict(connection.execute("SELECT hour, xmin::text FROM passes_hour").fetchall())
        changed = {round((hour - BEGIN) / timedelta(hours=1)) for hour in after if before.get(hour) != after[hour]}
        assert changed == {29, 30, 31}
        after_days = dict(connection.execute("SELECT day, xmin::text FROM passes_day").fetchall())
        assert [day for day in days if days[day] != after_days[day]] == [(BEGIN + timedelta(days=1)).date()]


def test_null_and_suspect_are_gaps_and_a_counter_that_runs_backwards_is_never_negative(database: Database) -> None:
    with database.transaction() as connection:
        register(connection, "gate")
        deliver(connection, *(report(10 * i, 1_000 - 10 * i) for i in range(6)))
        deliver(connection, *(report(60 + 10 * i, None) for i in range(6)))
        deliver(connection, *(replace(report(120 + 10 * i, 5e9), quality=1) for i in range(6)))
        count_all(connection)
        found = hours(connection)
        assert found.keys() == {0}
        assert found[0][3] == 4
        assert found[0][0] >= 0


def test_a_move_splits_the_hour_and_what_was_carried_belongs_to_nobody(database: Database) -> None:
    moved = BEGIN + timedelta(minutes=95)
    with database.transaction() as connection:
        register(connection, "gate")
        connection.execute("INSERT INTO device_stay (device, trail, until) VALUES ('gate', 'stadtwald', %s)", [moved])
        deliver(connection, *(report(10 * i, i if i < 10 else 100 + i) for i in range(18)))
        count_all(connection)
        found = connection.execute(
            "SELECT mounting, sum(passes + shared) FROM passes_hour JOIN counter_channel ON id = channel"
            " GROUP BY 1 ORDER BY 1"
        ).fetchall()
        assert [passes for _, passes in found] == [9, 7]


def test_a_second_property_that_says_the_same_is_left_out_and_does_not_wait_for_ever(database: Database) -> None:
    with database.transaction() as connection:
        register(connection, "gate")
        connection.execute(
            "INSERT INTO observed_property (id, unit, kind, minimum, maximum, label_de, label_en, direction)"
            " VALUES ('own_total', '1', 'running_total', 0, 1000, 'Eigene', 'Own', 'in')"
        )
        deliver(connection, report(0, 1), report(10, 3), report(0, 5, "own_total"), report(10, 50, "own_total"))
        count_all(connection)
        assert hours(connection)[0][0] == 2
        assert queue.waiting(connection) == 0


def test_a_device_without_a_counter_has_no_mounting(database: Database) -> None:
    with database.transaction() as connection:
        register(connection, "gate")
        deliver(connection, Part(device="gate"))
        assert queue.waiting(connection) == 0
        assert unmounted.mount(connection) == []
