"""A device that is taken elsewhere leaves what it measured where it stood, in every form of the answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.catalogue.snapshot import Snapshot
from api.catalogue.stays import when_here
from api.notices.notices import verdict_of
from geodata.actions.devices import edit_device
from geodata.conditions.notices import Level, NoticeReason, NoticeRule
from geodata.model.device import Device, Stay
from geodata.model.observation import Bucket
from geodata.store.catalogue import catalogue, notice
from geodata.store.database import Database
from geodata.store.series import stood
from tests.api.conftest import Clock, following
from tests.api.trail import FIRST, SECOND, THIRD, fill, observe
from tests.fixtures.databases.database import empty

DAY = datetime(2026, 6, 10, tzinfo=UTC)
LAST = DAY + timedelta(days=2)
STEP = timedelta(minutes=20)
VALUES = [(DAY + number * STEP, float(number % 37)) for number in range(144)]


def measure(url: str) -> None:
    with psycopg.connect(url) as connection:
        fill(connection)
        observe(connection, "klima-1", "air_temperature", VALUES, now=LAST)
        connection.execute("INSERT INTO trail SELECT 'berg', municipality, line, licence, surveyed FROM trail")


def model(moves: Sequence[tuple[datetime, str]], moment: datetime) -> str:
    """Where the device stood at ``moment``."""
    return next((place for at, place in reversed(moves) if at <= moment), FIRST)


def whole_hour(moment: datetime) -> datetime:
    return moment + (DAY - moment) % timedelta(hours=1)


def figures(buckets: Sequence[Bucket]) -> list[tuple[datetime, int, float | None, float | None, float | None]]:
    return [(one.start, one.count, one.minimum, one.first, one.last) for one in buckets]


def expected(values: Sequence[tuple[datetime, float]], bucket: timedelta) -> list[object]:
    found: defaultdict[datetime, list[float]] = defaultdict(list)
    for moment, value in values:
        found[moment - (moment - DAY) % bucket].append(value)
    return [(start, len(of), min(of), of[0], of[-1]) for start, of in sorted(found.items())]


moves = st.lists(
    st.tuples(
        st.integers(1, 48 * 60 - 1).map(lambda minute: DAY + timedelta(minutes=minute)),
        st.sampled_from([FIRST, SECOND, THIRD]),
    ),
    max_size=5,
    unique_by=lambda move: move[0],
).map(sorted)


def check(database: Database, script: Sequence[tuple[datetime, str]]) -> None:
    """Move, and compare raw values, hours and days at each station with the model; all is undone."""
    with database.connect() as connection, connection.transaction(force_rollback=True):
        for at, place in script:
            edit_device.move(connection, "klima-1", station=place, at=at, now=LAST)
        snapshot = Snapshot.of(catalogue.load(connection), 1, LAST)
        (stream,) = [
            s.id for s in snapshot.datastreams_of_device["klima-1"] if s.observed_property == "air_temperature"
        ]
        hourly = [(whole_hour(at), place) for at, place in script]
        for station in (FIRST, SECOND, THIRD):
            wanted = when_here(snapshot, station, [stream])
            raw = stood.raw(connection, wanted, DAY, LAST, 1000)
            assert [(one.phenomenon_time, one.result) for one in raw] == [
                one for one in VALUES if model(script, one[0]) == station
            ]
            here = [one for one in VALUES if model(hourly, one[0]) == station]
            hours = stood.hours(connection, wanted, DAY, LAST).get(stream, [])
            assert figures(hours) == expected(here, timedelta(hours=1))
            days = stood.days(connection, wanted, DAY, LAST, "UTC").get(stream, [])
            assert figures(days) == expected(here, timedelta(days=1))
            for day in days:
                of = [value for moment, value in here if day.start <= moment < day.start + timedelta(days=1)]
                assert day.mean == pytest.approx(sum(of) / len(of))


@pytest.fixture
def measured(database_url: str) -> Database:
    measure(database_url)
    return Database(database_url)


@given(script=moves)
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_after_any_moves_each_station_has_what_was_measured_there(
    measured: Database, script: list[tuple[datetime, str]]
) -> None:
    check(measured, script)


def test_on_timescaledb_too(migrated_timescale: str) -> None:
    empty(migrated_timescale)
    measure(migrated_timescale)
    check(
        Database(migrated_timescale),
        [(VALUES[20][0], SECOND), (VALUES[31][0] + STEP / 2, FIRST), (VALUES[100][0], THIRD)],
    )


def series(client, station: str, **parameters: str) -> list:
    answer = client.get(f"/api/v1/stations/{station}/series", params={"property": "air_temperature", **parameters})
    assert answer.status_code == 200, answer.text
    return answer.json()["series"]


def test_the_interface_shows_each_value_where_it_was_measured(make_client, database_url: str, clock: Clock) -> None:
    measure(database_url)
    now = datetime.now(UTC).replace(microsecond=0)
    fresh = [(now - timedelta(minutes=minutes), value) for minutes, value in ((60, 5.0), (15, 6.0))]  # stale after 20
    with psycopg.connect(database_url) as connection:
        observe(connection, "klima-1", "air_temperature", fresh, now=now)
        edit_device.move(connection, "klima-1", station=SECOND, at=now - timedelta(minutes=30), now=now)
    with following(database_url, clock) as services:
        client = make_client(services)
        day = {"from": (now - timedelta(hours=2)).isoformat(), "to": now.isoformat(), "bucket": "raw"}
        for station, value in ((FIRST, 5.0), (SECOND, 6.0)):
            rows = [row["value"] for one in series(client, station, **day) for row in one["observations"]]
            assert rows == [value]
        csv = client.get(
            f"/api/v1/stations/{FIRST}/series", params={"property": "air_temperature", "format": "csv", **day}
        ).text
        assert ",5" in csv
        assert ",6" not in csv
        latest = {
            station: [one["value"] for one in client.get(f"/api/v1/stations/{station}").json()["properties"]["latest"]]
            for station in (FIRST, SECOND)
        }
        assert latest == {FIRST: [], SECOND: [6.0]}


def test_a_value_of_before_the_move_is_not_the_latest_at_the_new_station(
    make_client, database_url: str, clock: Clock
) -> None:
    measure(database_url)
    now = datetime.now(UTC).replace(microsecond=0)
    with psycopg.connect(database_url) as connection:
        observe(connection, "klima-1", "air_temperature", [(now - timedelta(minutes=3), 5.0)], now=now)
        edit_device.move(connection, "klima-1", station=SECOND, at=now, now=now)
    with following(database_url, clock) as services:
        assert make_client(services).get(f"/api/v1/stations/{SECOND}").json()["properties"]["latest"] == []


def test_a_moved_device_changes_a_running_snapshot_as_a_whole_reading_would(database_url: str, clock: Clock) -> None:
    measure(database_url)
    with following(database_url, clock) as services, psycopg.connect(database_url) as connection:
        before = services.keeper.current
        edit_device.move(connection, "klima-1", station=SECOND, at=LAST, now=LAST)
        stored = catalogue.load(connection)
        changed = before.with_devices(
            {"klima-1"},
            {"klima-1": stored.devices["klima-1"]},
            {s.id: s for s in stored.datastreams.values() if s.device == "klima-1"},
        )
        whole = Snapshot.of(stored, changed.version, LAST)
        connection.rollback()
    assert changed.series_of_station == whole.series_of_station
    assert changed.devices_of_station == whole.devices_of_station


def test_a_place_is_corrected_by_the_time_of_the_move_and_taken_back(measured: Database) -> None:
    at = DAY + timedelta(hours=5)
    with measured.connect() as connection, connection.transaction(force_rollback=True):
        edit_device.move(connection, "klima-1", station=SECOND, at=at, now=LAST)
        moved = edit_device.move(connection, "klima-1", station=THIRD, at=at, now=LAST)
        assert [(stay.station, stay.until) for stay in moved.earlier] == [(FIRST, at)]
        back = edit_device.move(connection, "klima-1", station=FIRST, at=at, now=LAST)
        assert (back.station, back.earlier) == (FIRST, ())


def test_a_notice_hears_nothing_of_a_device_that_was_taken_to_another_trail(database_url: str, clock: Clock) -> None:
    measure(database_url)
    now = datetime.now(UTC).replace(microsecond=0)
    with psycopg.connect(database_url) as connection:
        observe(connection, "boden-2", "soil_moisture", [(now - timedelta(minutes=1), 90.0)], now=now)
        rule = NoticeRule(
            id="nass",
            trail="wald",
            station=None,
            device="boden-2",
            observed_property="soil_moisture",
            thresholds={Level.CAUTION: 50},
            hysteresis=1,
        )
        notice.save_rule(connection, rule)
    with following(database_url, clock) as services:
        assert verdict_of(services.keeper, services.keeper.current, rule, now).reason is NoticeReason.MEASURED
    with psycopg.connect(database_url) as connection:
        edit_device.move(connection, "boden-2", trail="berg", at=now - timedelta(minutes=5), now=now)
    with following(database_url, clock) as services:
        verdict = verdict_of(services.keeper, services.keeper.current, rule, now)
        assert (verdict.level, verdict.reason) == (Level.CAUTION, NoticeReason.SILENT)


def test_a_device_stood_where_it_stood() -> None:
    device = Device(id="d", trail="c", station=None, earlier=(Stay(trail="a", station=FIRST, until=DAY),))
    assert device.place_at(DAY - STEP) == ("a", FIRST)
    assert device.place_at(DAY) == ("c", None)
