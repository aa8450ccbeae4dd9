"""Housekeeping: nothing younger than the setting goes, all that is older does, and a crash changes neither."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.errors import InvalidInput, StoreError, StoreRejected, StoreUnavailable
from geodata.store import roles
from geodata.store.database import Database
from geodata.store.ingest import registry
from geodata.store.ingest.transaction import write
from geodata.store.operations.retention import Retention, dry_run, run, steps
from geodata.times import to_us
from tests.fixtures.databases.database import one_row
from tests.geodata.flushes import Part, flush_of, register
from tests.geodata.store.operations.aged import KEEP, NOW, ages, ago, put, reject, waiting

PARTITION_DAYS = 31  # the longest stretch that is dropped as one


@pytest.mark.usefixtures("monthly")
def test_months_are_there_ahead_of_time(database: Database) -> None:
    assert run(database, steps(KEEP), NOW) is not None
    with database.transaction() as connection:
        names = {row[0] for row in connection.execute("SELECT inhrelid::regclass::text FROM pg_inherits")}
    months = [NOW, NOW + timedelta(days=31), NOW + timedelta(days=62)]
    assert {f"observation_{month:%Y_%m}" for month in months} <= names
    done = run(database, steps(KEEP), NOW)
    assert done is not None
    assert not any(done.values())


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    days=st.sets(st.floats(0, 900).map(lambda number: round(number, 3)), min_size=1, max_size=8),
    kept=st.integers(32, 800),
)
def test_nothing_younger_than_the_setting_goes_and_all_that_is_clearly_older_does(
    store: Database, days: set[float], kept: int
) -> None:
    with store.transaction() as connection:
        connection.execute("TRUNCATE observation, rollup_hour, latest, observation_horizon")
    put(store, *(Part(time=ago(age)) for age in days))
    before = ages(store)
    run(store, steps(Retention(raw_days=kept)), NOW)
    after = ages(store)
    assert {age for age in before if age <= kept} <= set(after) <= set(before)
    assert [age for age in after if age > kept + 1 + PARTITION_DAYS] == []
    with store.transaction() as connection:
        assert one_row(connection, "SELECT count(*) FROM rollup_hour")[0] > 0  # hours stay


def test_what_is_older_than_what_was_deleted_is_refused_also_with_a_longer_setting(store: Database) -> None:
    put(store, Part(time=ago(200)), Part(time=ago(1)))
    run(store, steps(KEEP), NOW)
    assert ages(store) == [1]
    with store.transaction() as connection:
        horizon = registry.load(connection).oldest_us
    assert to_us(ago(200)) < horizon <= to_us(ago(90))
    run(store, steps(Retention(raw_days=1000)), NOW)
    with pytest.raises(StoreRejected, match="older than what is kept"):
        put(store, Part(time=ago(200)))
    with store.transaction() as connection:
        assert registry.load(connection).oldest_us == horizon


def test_late_readings_into_old_partitions_and_compressed_chunks_are_stored_once(store: Database) -> None:
    old = [Part(time=ago(60) + timedelta(minutes=minute), result=float(minute)) for minute in range(30)]
    put(store, *old)
    run(store, steps(Retention(columns_after_days=7)), NOW)
    with store.transaction() as connection:
        if connection.execute("SELECT 1 FROM pg_extension WHERE extname = 'timescaledb'").fetchone():
            compressed = connection.execute("SELECT compress_chunk(c) FROM show_chunks('observation') AS c")
            assert compressed.fetchall()
    late = Part(time=ago(60) + timedelta(seconds=30), result=99.0)
    with store.transaction() as connection:
        outcome = write(connection, flush_of(connection, [*old, late, replace(old[3], result=7.5)], NOW))
    assert (outcome.stored, outcome.duplicates, outcome.reasons) == (1, 30, {"conflict": 1})
    assert len(ages(store)) == 31
    with store.transaction() as connection:
        hours = one_row(connection, "SELECT sum(count), sum(sum) FROM rollup_hour")
        assert hours == (31, sum(range(30)) + 99)


def test_the_policies_of_timescaledb_follow_the_settings(migrated_timescale: str) -> None:
    def policies() -> dict[str, str]:
        with psycopg.connect(migrated_timescale) as connection:
            rows = connection.execute(
                "SELECT proc_name::text, coalesce(config->>'compress_after', config->>'drop_after')"
                " FROM timescaledb_information.jobs WHERE hypertable_name = 'observation'"
            )
            return dict(rows.fetchall())

    with Database(migrated_timescale, pool_size=1) as database:
        done = run(database, steps(Retention(raw_days=365, columns_after_days=14)), NOW)
        assert done is not None
        assert policies() == {"policy_compression": "14 days"}  # its own deletion would leave the horizon behind
        again = run(database, steps(Retention(raw_days=365, columns_after_days=14)), NOW)
        assert again is not None
        assert again["policies"] == 0
        with database.transaction() as connection:
            connection.execute("SELECT add_retention_policy('observation', drop_after => interval '366 days')")
        run(database, steps(Retention(raw_days=365, columns_after_days=14)), NOW)
        assert policies() == {"policy_compression": "14 days"}
        run(database, steps(Retention(raw_days=0, columns_after_days=21)), NOW)
        assert policies() == {"policy_compression": "21 days"}
        run(database, steps(Retention(raw_days=0, columns_after_days=0)), NOW)
        assert policies() == {}


@pytest.mark.usefixtures("monthly")
def test_a_reader_in_the_way_makes_it_wait_and_a_killed_housekeeping_is_done_the_next_time(
    database: Database, database_url: str
) -> None:
    with database.transaction() as connection:
        register(connection)
    put(database, *(Part(time=ago(days)) for days in (300, 250, 200, 10)))
    oldest = f"observation_{ago(250):%Y_%m}"
    with psycopg.connect(database_url) as reader, psycopg.connect(database_url, autocommit=True) as killer:
        reader.execute(f"LOCK TABLE {oldest} IN ACCESS SHARE MODE".encode())
        failed: list[StoreError] = []

        def work() -> None:
            try:
                run(database, steps(KEEP), NOW)
            except StoreError as error:
                failed.append(error)

        worker = threading.Thread(target=work)
        worker.start()
        killed = False
        while worker.is_alive():
            killed |= killer.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                " AND datname = current_database() AND query LIKE '%drop_oldest%'"
            ).fetchone() is not None  # fmt: skip
        assert killed
        assert isinstance(failed[0], StoreUnavailable)
    assert ages(database) == [10, 200, 250]  # the first month went in a transaction of its own, the second not at all
    run(database, steps(KEEP), NOW)
    assert ages(database) == [10]


def test_only_one_keeps_house(database: Database, database_url: str) -> None:
    with psycopg.connect(database_url) as other:
        other.execute("SELECT pg_advisory_xact_lock(hashtext('digitalpfad'), hashtext('housekeeping'))")
        assert run(database, steps(KEEP), NOW) is None
        assert dry_run(database, steps(KEEP), NOW) is None


def test_other_classes_go_by_their_own_age(database: Database) -> None:
    with database.transaction() as connection:
        register(connection)
        connection.execute("INSERT INTO ingest_minute VALUES ('p', %s, 1), ('p', %s, 1)", [ago(31), ago(29)])
        connection.execute(
            "INSERT INTO receipt_time VALUES ('pond', 'b', 1, %s), ('pond', 'b', 2, %s)", [ago(366), ago(364)]
        )
    put(database, Part(time=ago(500)), Part(time=ago(300)))
    done = run(database, steps(Retention(raw_days=90, hourly_days=400)), NOW)
    assert done is not None
    assert (done["throughput_minutes"], done["receipt_times"], done["rollup_hours"]) == (1, 1, 1)
    assert ages(database) == []


def test_a_dry_run_tells_what_will_be_done_and_changes_nothing(database: Database) -> None:
    with database.transaction() as connection:
        register(connection)
    reject(database, (200, False))
    put(database, Part(time=ago(300)), Part(time=ago(1)))
    told = dry_run(database, steps(KEEP), NOW)
    assert ages(database) == [1, 300]
    assert waiting(database) == [(200, False)]
    assert run(database, steps(KEEP), NOW) == told
    assert told is not None
    assert (told["partitions_dropped"], told["quarantine_waiting"]) == (1, 1)


@pytest.mark.parametrize(
    "call",
    [
        "drop_oldest_observations(now() - interval '29 days')",
        "drop_oldest_observations(NULL)",
        "drop_oldest_observations('infinity')",
        "delete_rollups(now() - interval '29 days', 1)",
        "delete_rollups(NULL, 1)",
        "set_observation_policies(14, 1)",
        "set_observation_policies(14, 30)",
        "set_observation_policies(14, -40)",
        "set_observation_policies(14, NULL)",
        "set_observation_policies(-1, 0)",
    ],
)
def test_the_gateway_cannot_delete_what_is_young(any_database_url: str, call: str) -> None:
    with (
        Database(any_database_url, role=roles.GATEWAY, pool_size=1) as database,
        pytest.raises(StoreRejected, match=r"younger than 30 days|expected 0"),
        database.transaction() as connection,
    ):
        connection.execute(f"SELECT {call}".encode())


def test_the_gateway_keeps_house_with_its_own_few_rights(any_database_url: str) -> None:
    with Database(any_database_url, role=roles.GATEWAY, pool_size=1) as database:
        assert run(database, steps(KEEP), NOW) is not None


def test_settings_that_contradict_each_other_are_refused() -> None:
    for wrong in ({"raw_days": 20}, {"raw_days": 90, "hourly_days": 60}, {"raw_days": 0, "hourly_days": 60}):
        with pytest.raises(InvalidInput):
            Retention(**wrong)
