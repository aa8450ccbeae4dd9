"""Sessions of counting by hand are kept once with what the counter counted, or refused in a sentence that helps."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from geodata.errors import InvalidInput, NotFound
from geodata.figures.by_hand import count_sessions, counter_comparison
from geodata.model.counting.count_session import CountDraft, CountSession
from geodata.store.counting import sessions
from geodata.store.database import Database
from tests.dashboards.office import observe, seed
from tests.geodata.figures.counters import BOTH, IN, NOW, OUT, at, counter, draft, mount, reported


def keep(database: Database, session: CountDraft, now: datetime = NOW) -> CountSession:
    with database.transaction() as connection:
        count_sessions.keep(connection, session, now)
        kept = sessions.find(connection, session.id)
    assert kept is not None
    return kept


def test_a_session_stands_beside_what_the_counter_counted_in_the_same_time(any_database: Database) -> None:
    mounting = counter(any_database)
    kept = keep(any_database, draft(30, 90, note="sonnig"))
    assert (kept.mounting, kept.counted_by, kept.note) == (mounting, "ute", "sonnig")
    assert [(each.direction, each.seen) for each in kept.tallies] == [(IN, 60), (OUT, 30)]
    assert [each.counted for each in kept.tallies] == pytest.approx([48, 24])
    assert not any(each.is_interpolated for each in kept.tallies)


def test_ends_between_two_reports_are_interpolated_and_say_so(database: Database) -> None:
    counter(database)
    tally = keep(database, draft(31, 91)).tallies[0]
    assert (tally.counted, tally.is_interpolated) == (pytest.approx(48), True)


def test_a_session_sent_twice_is_one_and_the_first_stays(database: Database) -> None:
    counter(database)
    first = draft(30, 90)
    keep(database, first)
    again = keep(database, draft(30, 90, id=first.id, seen={IN: 5, OUT: 5}))
    assert [each.seen for each in again.tallies] == [60, 30]


def test_a_counter_that_cannot_tell_directions_is_compared_with_their_sum(database: Database) -> None:
    counter(database, cannot_tell=True)
    (tally,) = keep(database, draft(30, 90, seen={IN: 40, OUT: 20})).tallies
    assert (tally.direction, tally.seen, tally.counted) == (BOTH, 60, pytest.approx(48))


def test_people_who_were_not_told_apart_are_compared_with_both_channels(database: Database) -> None:
    counter(database)
    (tally,) = keep(database, draft(30, 90, seen={BOTH: 90})).tallies
    assert (tally.direction, tally.counted) == (BOTH, pytest.approx(72))


def test_whole_quarters_of_an_hour_are_compared_and_those_without_anybody_too(database: Database) -> None:
    counter(database)
    slices = {(IN, at(15)): 5, (IN, at(45)): 20, (IN, at(75)): 3}
    kept = keep(database, draft(25, 80, seen={IN: 28, OUT: 0}, slices=slices))
    inwards = [(each.starts_at, each.seen, each.counted) for each in kept.slices if each.direction is IN]
    assert [each[:2] for each in inwards] == [(at(30), 0), (at(45), 20), (at(60), 0)], (
        "the cut ones are in the sum only"
    )
    assert [each[2] for each in inwards] == pytest.approx([12, 12, 12])


def test_reports_that_come_late_are_compared_later(database: Database) -> None:
    seed(database)
    reported(database, 0, 5)
    mount(database)
    session = draft(10, 70)
    assert [each.counted for each in keep(database, session).tallies] == [None, None]
    reported(database, *range(10, 100, 5))
    with database.transaction() as connection:
        assert counter_comparison.compare_anew(connection, NOW) == 1
        assert counter_comparison.compare_anew(connection, NOW) == 0
        found = sessions.find(connection, session.id)
    assert found is not None
    assert [each.counted for each in found.tallies] == pytest.approx([48, 24])


def test_what_was_compared_outlives_the_single_reports(database: Database) -> None:
    counter(database)
    session = draft(30, 90)
    before = keep(database, session)
    with database.transaction() as connection:
        connection.execute("DELETE FROM observation")
        assert counter_comparison.compare_anew(connection, NOW) == 0
        assert sessions.find(connection, session.id) == before


def test_a_counter_that_began_anew_meanwhile_is_not_compared(database: Database) -> None:
    seed(database)
    reported(database, 0, 5, 10)
    observe(database, "counter", at(15), passes_in_total=3, passes_out_total=20)
    observe(database, "counter", at(20), passes_in_total=9, passes_out_total=24)
    mount(database)
    assert [each.counted for each in keep(database, draft(5, 20)).tallies] == [None, pytest.approx(22)]


def test_a_deleted_session_is_gone_and_one_that_is_not_there_is_told(database: Database) -> None:
    counter(database)
    session = draft()
    keep(database, session)
    with database.transaction() as connection:
        count_sessions.delete(connection, session.id)
        assert sessions.of_device(connection, "counter") == []
    with database.transaction() as connection, pytest.raises(NotFound, match="There is no count session"):
        count_sessions.delete(connection, session.id)


@pytest.mark.parametrize(
    ("session", "sentence"),
    [
        (draft(90, 30), r"end of the session is '2026-05-02 14:30', expected a time after its start, 2026-05-02 15:30"),
        (draft(-1500, 90), r"length of the session is 26 hours, expected at most 12 hours. Look at the day"),
        (draft(300, 400), r"end of the session is '2026-05-02 20:40', expected a time that is over"),
        (draft(30, 36), r"length of the session is 6 minutes, expected at least 10 minutes. The counter reports too"),
        (draft(seen={}), r"people is not given, expected how many passed, 0 where nobody did"),
        (draft(seen={IN: -1}), r"people is -1, expected 0 or more"),
        (draft(seen={IN: 14_401}), r"people is 14401, expected at most 14,400 in that time. Nobody counts more than 4"),
        (draft(seen={IN: 7}, slices={(IN, at(30)): 6}), r"people is 7, expected the sum of its quarters of an hour, 6"),
        (draft(seen={IN: 7}, slices={(IN, at(105)): 7}), r"quarter of an hour is '2026-05-02T13:45Z', expected one of"),
        (draft(seen={IN: 7}, slices={(IN, at(31)): 7}), r"quarter of an hour is '2026-05-02T12:31Z', expected one of"),
        (draft(-60, 0), r"start of the session is '2026-05-02 13:00', expected not before 2026-05-02 14:00, the first"),
        (draft(150, 210), r"end of the session is '2026-05-02 17:30', expected not after 2026-05-02 17:00, when the"),
        (draft(190, 250), r"start of the session is '2026-05-02 17:10', expected a time at which the counter is"),
        (draft(95, 115), r"start of the session is '2026-05-02 15:35', expected a time outside the session of kim"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_a_sentence(database: Database, session: CountDraft, sentence: str) -> None:
    counter(database, ends_at=at(180))
    keep(database, draft(100, 120, counted_by="kim"))
    with database.transaction() as connection, pytest.raises(InvalidInput, match=sentence):
        count_sessions.keep(connection, session, NOW)


@pytest.mark.parametrize(("cannot_tell", "seen"), [(True, {IN: 5}), (True, {OUT: 5}), (False, {IN: 5, BOTH: 9})])
def test_directions_that_the_counter_does_not_count_are_refused(
    database: Database, cannot_tell: bool, seen: dict[Any, int]
) -> None:
    counter(database, cannot_tell=cannot_tell)
    with database.transaction() as connection, pytest.raises(InvalidInput, match=r"direction is .*the counter counts:"):
        count_sessions.keep(connection, draft(seen=seen), NOW)


def test_before_the_first_report_of_all_there_is_nothing_to_compare_with(database: Database) -> None:
    seed(database)
    with database.transaction() as connection:
        connection.execute("INSERT INTO datastream (device, observed_property) VALUES ('counter', 'passes_in_total')")
    mount(database, cannot_tell=True)
    with database.transaction() as connection, pytest.raises(InvalidInput, match="It has not reported yet"):
        count_sessions.keep(connection, draft(seen={BOTH: 3}), NOW + timedelta(hours=1))
