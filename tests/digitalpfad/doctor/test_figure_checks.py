"""What the doctor says of figures that do not close, and of passes that nobody counts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from digitalpfad.doctor import figure_checks
from geodata.figures.publishing.closing import close_due
from geodata.model.counting.counter import Mounting
from geodata.store.database import Database
from tests.geodata.figures.publishing.test_closing import lonely_town

CLOSES = datetime(2026, 11, 30, 23, tzinfo=UTC)
"""When Sunday closes in Berlin, a day after its end."""


def said(database: Database, now: datetime) -> list[tuple[str, bool, str]]:
    with database.transaction() as connection:
        return [(each.check, each.ok, each.found) for each in figure_checks.look(connection, now)]


def test_a_new_system_has_two_weeks_before_it_is_told_that_nothing_closes(database: Database) -> None:
    lonely_town(database, date(2026, 11, 29), [9])
    late = CLOSES + timedelta(days=14)
    assert said(database, late - timedelta(seconds=1))[0] == ("figures", True, "all that is due is closed")
    assert said(database, late)[0] == ("figures", False, "not closed: kalletal since 2026-11-29")
    list(close_due(database, late))
    assert said(database, late)[0][1]


def test_a_day_that_is_due_for_three_days_is_told(database: Database) -> None:
    lonely_town(database, date(2026, 11, 29), [9])
    list(close_due(database, CLOSES))
    late = CLOSES + timedelta(days=4)
    assert said(database, late - timedelta(seconds=1))[0][1]
    found, is_ok, what = said(database, late)[0]
    assert (found, is_ok) == ("figures", False)
    assert what.startswith("not closed: kalletal since 2026-11-30")


def test_hours_that_wait_for_more_than_an_hour_are_told(database: Database) -> None:
    with database.transaction() as connection:
        connection.execute("INSERT INTO passes_queue (datastream, hour, noted_at) VALUES (1, now(), %s)", [CLOSES])
    assert said(database, CLOSES + timedelta(hours=1))[1] == ("passes", True, "all hours are counted")
    later = said(database, CLOSES + timedelta(hours=1, seconds=1))[1]
    assert later == ("passes", False, "hours of counters wait since 2026-11-30 23:00 UTC")


DOWN = Mounting(id=1, device="gate", trail="wald", station=None, starts_at=None, ends_at=CLOSES)


@pytest.mark.parametrize(
    ("heard_h", "now_h", "ok"),
    [(None, 30, True), (1, 2, True), (1.1, 2, False), (30, 31, False), (30, 30 + 48, True)],
)
def test_a_counter_that_reports_though_it_was_taken_down_is_told_but_for_its_way_to_the_shelf(
    heard_h: float | None, now_h: float, ok: bool
) -> None:
    heard = {} if heard_h is None else {"gate": CLOSES + timedelta(hours=heard_h)}
    found = figure_checks.judge_taken_down([DOWN], heard, CLOSES + timedelta(hours=now_h))
    assert found.ok is ok
    assert ("gate" in found.found) is not ok
