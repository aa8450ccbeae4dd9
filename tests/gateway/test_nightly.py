"""The gateway works at days that are over beside its ingest, when it may be sure that nothing is still to come."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import cast

import pytest
from structlog.testing import capture_logs

from gateway.metrics import Metrics
from gateway.nightly import NightWorker
from geodata.errors import StoreUnavailable
from geodata.figures import signs
from geodata.figures.by_hand import count_sessions
from geodata.runtime.steady_clock import SteadyClock
from geodata.store import roles
from geodata.store.counting import sessions, sign_cases
from geodata.store.database import Database
from tests.fixtures.databases.database import one_row
from tests.geodata.figures.counters import NOW, at, draft, mount, reported
from tests.geodata.figures.publishing.test_closing import lonely_town
from tests.geodata.figures.test_signs import FIRST as FIRST_HOUR
from tests.geodata.figures.test_signs import hour

FIRST = date(2026, 11, 27)
AFTER = datetime(2026, 11, 30, tzinfo=UTC)


def clock(now: datetime = AFTER, *, settled: bool = True) -> SteadyClock:
    return cast("SteadyClock", SimpleNamespace(settled=settled, surely=lambda: now))


def look(url: str, now: datetime, metrics: Metrics | None = None) -> None:
    """With the rights of a gateway, when all passes are counted."""
    with Database(url) as owner, owner.transaction() as connection:
        connection.execute("DELETE FROM passes_queue")
    with Database(url, role=roles.GATEWAY) as own:
        NightWorker(own, metrics or Metrics(), clock(now)).look()


@pytest.fixture
def forest(database: Database) -> Database:
    """The trail with a station and a counter that has told two values."""
    with database.transaction() as connection:
        connection.execute(
            "INSERT INTO station (code, trail, number, lon, lat) VALUES ('K7YNX0', 'stadtwald', 99, 8.9, 52)"
        )
        connection.execute("INSERT INTO device (id, trail, name) VALUES ('counter', 'stadtwald', 'Zähler')")
    reported(database, 0, 5)
    mount(database)
    return database


def days(database: Database) -> int:
    with database.transaction() as connection:
        return one_row(connection, "SELECT count(*) FROM closed_period")[0]


def test_what_is_due_closes_with_the_rights_of_a_gateway(database: Database, database_url: str) -> None:
    lonely_town(database, FIRST, [9, 9, 9])
    look(database_url, AFTER)
    assert days(database) == 2


def test_nothing_closes_while_the_clock_may_be_ahead_or_passes_wait_to_be_counted(database: Database) -> None:
    lonely_town(database, FIRST, [9, 9, 9])
    NightWorker(database, Metrics(), clock(settled=False)).look()
    with database.transaction() as connection:
        connection.execute("INSERT INTO passes_queue (datastream, hour) VALUES (1, now())")
    NightWorker(database, Metrics(), clock()).look()
    assert days(database) == 0


def test_a_sign_that_is_silent_gets_its_case_some_hours_after_the_third_day(
    forest: Database, database_url: str
) -> None:
    for day in range(63):
        hour(forest, day, 60, 6 if day < 60 else 0)
    midnight = (FIRST_HOUR + timedelta(days=63)).replace(hour=0)
    for now, cases in ((midnight, 0), (midnight + timedelta(hours=6), 1), (midnight + timedelta(hours=7), 1)):
        look(database_url, now)
        with forest.transaction() as connection:
            assert sign_cases.count_open(connection) == cases


def test_a_count_by_hand_is_compared_when_the_counter_has_reported(forest: Database, database_url: str) -> None:
    with forest.transaction() as connection:
        kept = count_sessions.keep(connection, draft(10, 70), NOW).session
    reported(forest, *range(10, 100, 5))
    look(database_url, at(300))
    with forest.transaction() as connection:
        later = sessions.find(connection, kept.id)
    assert later is not None
    assert [each.counted for each in kept.tallies] == [None] * len(kept.tallies)
    assert None not in [each.counted for each in later.tallies]


def test_a_step_that_fails_is_told_and_keeps_no_other_from_its_turn(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise StoreUnavailable("The database is away.")

    lonely_town(database, FIRST, [9, 9, 9])
    metrics = Metrics()
    with monkeypatch.context() as broken, capture_logs() as logs:
        broken.setattr(signs, "watch_days", refuse)
        NightWorker(database, metrics, clock()).look()
    assert [line["step"] for line in logs if line["event"] == "nightly-step-failed"] == ["watch-signs"]
    assert metrics.registry.get_sample_value("digitalpfad_gateway_nightly_failures_total") == 1
    assert metrics.registry.get_sample_value("digitalpfad_gateway_nightly_success_timestamp_seconds") == 0
    assert days(database) == 2
    NightWorker(database, metrics, clock()).look()
    assert (
        metrics.registry.get_sample_value("digitalpfad_gateway_nightly_success_timestamp_seconds") == AFTER.timestamp()
    )
