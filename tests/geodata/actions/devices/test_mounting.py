"""Mounting periods follow where a counter stands, and passes are those of the periods, whatever is taken back."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.actions.devices import edit_device, mounting
from geodata.actions.devices.edit_device import Position
from geodata.errors import InvalidInput
from geodata.figures import passes
from geodata.store.counting import mountings
from geodata.store.database import Database
from geodata.store.transaction import Transaction
from tests.geodata.figures.test_passes import BEGIN, anew, bounded, count_all, deliver, report, tables
from tests.geodata.flushes import NOW, register

PLACES = ("stadtwald", "berg", "tal")


def place_three(connection: Transaction) -> None:
    register(connection, "gate")
    for trail in PLACES[1:]:
        connection.execute(
            "INSERT INTO trail (slug, municipality, line, licence)"
            " SELECT %s, municipality, line, licence FROM trail WHERE slug = 'stadtwald'",
            [trail],
        )


def count_up(connection: Transaction) -> None:
    """A report every ten minutes for ten hours, one silence of three hours among them."""
    deliver(connection, *(report(10 * i, 5 * i) for i in range(60) if not 20 <= i < 38))


def periods(connection: Transaction) -> list[tuple[str, datetime | None, datetime | None]]:
    return [(one.trail, one.starts_at, one.ends_at) for one in mountings.load(connection, "gate")]


def after(minutes: float) -> datetime:
    return BEGIN + timedelta(minutes=minutes)


@bounded
@given(
    st.lists(st.tuples(st.integers(1, 590), st.sampled_from(PLACES), st.booleans()), min_size=1, max_size=5),
    st.booleans(),
)
def test_however_it_was_moved_and_moved_back_passes_are_those_of_the_periods(
    database: Database, moves: list[tuple[int, str, bool]], counted_before: bool
) -> None:
    with database.transaction() as connection:
        place_three(connection)
        count_up(connection)
        if counted_before:
            count_all(connection)
        for minutes, trail, count in sorted(moves):
            edit_device.move(connection, "gate", trail=trail, at=after(minutes), now=NOW)
            if count:
                count_all(connection)
        count_all(connection)
        device = edit_device.find(connection, "gate")
        stays = [(stay.trail, stay.until) for stay in device.earlier]
        assert [(trail, ends) for trail, _, ends in periods(connection)] == [*stays, (device.trail, None)]
        assert tables(connection) == anew(connection)
        connection.rollback()


def test_a_move_that_is_taken_back_leaves_one_period_and_all_its_passes(database: Database) -> None:
    with database.transaction() as connection:
        place_three(connection)
        count_up(connection)
        count_all(connection)
        before, at = tables(connection), after(205)
        edit_device.move(connection, "gate", trail="berg", at=at, now=NOW)
        count_all(connection)
        assert periods(connection) == [("stadtwald", None, at), ("berg", at, None)]
        assert tables(connection) != before
        edit_device.move(connection, "gate", trail="stadtwald", at=at, now=NOW)
        count_all(connection)
        assert periods(connection) == [("stadtwald", None, None)]
        assert tables(connection) == before


def test_a_place_that_was_written_down_wrongly_is_that_of_the_period_too(database: Database) -> None:
    with database.transaction() as connection:
        place_three(connection)
        count_up(connection)
        count_all(connection)
        edit_device.move(connection, "gate", trail="berg", at=after(205), now=NOW)
        edit_device.move(connection, "gate", trail="tal", at=after(205), now=NOW)
        assert [trail for trail, _, _ in periods(connection)] == ["stadtwald", "tal"]
        edit_device.correct_position(connection, "gate", Position(trail="tal", lonlat=(8.9, 52.0)))
        assert [trail for trail, _, _ in periods(connection)] == ["stadtwald", "tal"]


def test_periods_that_would_overlap_are_refused(database: Database) -> None:
    with database.transaction() as connection:
        place_three(connection)
        count_up(connection)
        count_all(connection)
        mounting.begin(connection, "gate", after(300), technology="radar")
        for at in (after(300), after(299)):
            with pytest.raises(InvalidInput, match="since then it hangs as it does"):
                mounting.begin(connection, "gate", at)
            with pytest.raises(InvalidInput, match="since then it hangs as it does"):
                edit_device.move(connection, "gate", trail="berg", at=at, now=NOW)
        count_all(connection)
        assert tables(connection) == anew(connection)


def test_a_device_without_a_counter_moves_without_a_period(database: Database) -> None:
    with database.transaction() as connection:
        place_three(connection)
        edit_device.move(connection, "gate", trail="berg", at=after(5), now=NOW)
        assert mountings.load(connection, "gate") == []


@bounded
@given(
    st.lists(
        st.tuples(st.integers(1, 590), st.sampled_from(["down", "up", "undo", "move"]), st.booleans()),
        min_size=1, max_size=6,
    ),
    st.booleans(),
)  # fmt: skip
def test_however_it_was_taken_down_and_hung_again_passes_are_those_of_the_periods(
    database: Database, changes: list[tuple[int, str, bool]], counted_before: bool
) -> None:
    with database.transaction() as connection:
        place_three(connection)
        count_up(connection)
        count_all(connection) if counted_before else passes.mount(connection)
        for minutes, change, count in sorted(changes):
            with suppress(InvalidInput):
                if change == "down":
                    mounting.end(connection, "gate", after(minutes))
                elif change == "up":
                    mounting.hang_again(connection, "gate", after(minutes))
                elif change == "undo":
                    mounting.go_on(connection, "gate")
                else:
                    edit_device.move(connection, "gate", trail="berg", at=after(minutes), now=NOW)
            if count:
                count_all(connection)
        count_all(connection)
        known = periods(connection)
        assert all(
            ends is not None and starts is not None and ends <= starts
            for (_, _, ends), (_, starts, _) in pairwise(known)
        )
        assert tables(connection) == anew(connection)
        connection.rollback()


def test_what_is_sent_after_a_counter_was_taken_down_counts_nothing_until_it_hangs_again(database: Database) -> None:
    with database.transaction() as connection:
        place_three(connection)
        count_up(connection)
        count_all(connection)
        mounting.end(connection, "gate", after(100))
        mounting.hang_again(connection, "gate", after(500))
        count_all(connection)
        hours = connection.execute("SELECT hour FROM passes_hour WHERE passes + shared > 0 ORDER BY hour").fetchall()
        assert {hour for (hour,) in hours} == {BEGIN, *(after(60 * n) for n in (1, 8, 9))}
        assert periods(connection) == [("stadtwald", None, after(100)), ("stadtwald", after(500), None)]


def test_a_counter_that_was_never_taken_down_goes_on_with_all_its_passes(database: Database) -> None:
    with database.transaction() as connection:
        place_three(connection)
        count_up(connection)
        count_all(connection)
        before = tables(connection)
        mounting.end(connection, "gate", after(205))
        count_all(connection)
        assert tables(connection) != before
        mounting.go_on(connection, "gate")
        count_all(connection)
        assert tables(connection) == before
        with pytest.raises(InvalidInput, match="a counter that was taken down"):
            mounting.go_on(connection, "gate")


def test_a_counter_hangs_again_where_its_device_stands_then(database: Database) -> None:
    with database.transaction() as connection:
        place_three(connection)
        count_up(connection)
        count_all(connection)
        mounting.end(connection, "gate", after(100))
        edit_device.move(connection, "gate", trail="berg", at=after(200), now=NOW)
        assert periods(connection) == [("stadtwald", None, after(100))]
        mounting.hang_again(connection, "gate", after(300))
        assert periods(connection) == [("stadtwald", None, after(100)), ("berg", after(300), None)]


def test_what_cannot_be_of_a_counter_that_was_taken_down_is_told(database: Database) -> None:
    with database.transaction() as connection:
        place_three(connection)
        count_up(connection)
        count_all(connection)
        mounting.begin(connection, "gate", after(50))
        with pytest.raises(InvalidInput, match="since then it hangs as it does"):
            mounting.end(connection, "gate", after(50))
        mounting.end(connection, "gate", after(100))
        with pytest.raises(InvalidInput, match="this one was taken down at 2026-11"):
            mounting.end(connection, "gate", after(200))
        with pytest.raises(InvalidInput, match="or later: until then it hung as it did"):
            mounting.hang_again(connection, "gate", after(99))
        mounting.hang_again(connection, "gate", after(100))
        assert len(periods(connection)) == 3
