"""The one transaction of the gateway: nothing lost, nothing doubled."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from geodata.errors import StoreRejected
from geodata.store.database import Database
from geodata.store.ingest import registry
from geodata.store.ingest.flush import FlushOutcome
from geodata.store.ingest.transaction import write
from tests.fixtures.databases.database import one_row
from tests.geodata.flushes import NOW, Part, flush_of
from tests.geodata.store.ingest.transaction.written import put, rows

LATEST = "SELECT phenomenon_time, result, quality FROM latest WHERE datastream = %s"


def test_an_observation_is_stored_with_time_result_and_quality(database: Database) -> None:
    outcome = put(database, Part(time=NOW, result=7.4))
    assert outcome == FlushOutcome(1, 0, 0, [])
    assert rows(database, "SELECT phenomenon_time, result, quality, flags FROM observation") == [(NOW, 7.4, 0, 0)]


def test_microseconds_survive(database: Database) -> None:
    odd = datetime(2026, 11, 22, 10, 15, 0, 123_457, UTC)
    put(database, Part(time=odd))
    assert rows(database, "SELECT phenomenon_time FROM observation") == [(odd,)]
    assert put(database, Part(time=odd)).duplicates == 1


def test_the_same_again_changes_nothing(database: Database) -> None:
    put(database, Part())
    before = rows(database, "SELECT * FROM rollup_hour")
    assert put(database, Part()) == FlushOutcome(0, 1, 0, [])
    assert rows(database, "SELECT * FROM rollup_hour") == before
    assert rows(database, "SELECT count(*) FROM observation") == [(1,)]


def test_a_hope_for_new_rows_that_fails_costs_nothing(database: Database) -> None:
    known, new = Part(time=NOW), Part(time=NOW + timedelta(minutes=1), result=8.0)
    put(database, known)
    with database.transaction() as connection:
        flush = flush_of(connection, [known, new])
        flush.optimistic = True
        outcome = write(connection, flush)
    assert outcome == FlushOutcome(1, 1, 0, [])
    assert rows(database, "SELECT count, last_result FROM rollup_hour") == [(2, 8.0)]


def test_a_duplicate_within_one_flush_is_stored_once(database: Database) -> None:
    assert put(database, Part(), Part()) == FlushOutcome(1, 1, 0, [])


@pytest.mark.parametrize("together", [True, False])
def test_another_value_for_the_same_time_goes_to_quarantine_and_the_first_stays(
    database: Database, together: bool
) -> None:
    first, second = Part(result=7.4), Part(result=8.0)
    outcomes = [put(database, first, second)] if together else [put(database, first), put(database, second)]
    assert sum(outcome.stored for outcome in outcomes) == 1
    assert sum(outcome.quarantined for outcome in outcomes) == 1
    assert rows(database, "SELECT result FROM observation") == [(7.4,)]
    [(reason, detail, payload, device)] = rows(database, "SELECT reason, detail, payload, device FROM quarantine")
    assert (reason, device) == ("conflict", "pond")
    assert "already stored as 7.4" in detail
    assert "8.0" in detail
    assert json.loads(payload)["values"] == {"air_temperature": 8.0}


def test_a_conflict_delivered_again_is_one_entry_and_then_a_duplicate(database: Database) -> None:
    put(database, Part(result=7.4))
    assert put(database, Part(result=8.0)).quarantined == 1
    assert put(database, Part(result=8.0)) == FlushOutcome(0, 1, 0, [])
    assert rows(database, "SELECT count(*) FROM quarantine") == [(1,)]


def test_a_failed_sensor_is_a_gap_and_no_number(database: Database) -> None:
    put(database, Part(result=None), Part(time=NOW + timedelta(minutes=1), result=3.0))
    assert rows(database, "SELECT count, missing, minimum, maximum FROM rollup_hour") == [(1, 1, 3.0, 3.0)]
    assert put(database, Part(result=None)).duplicates == 1


def test_a_suspect_result_is_kept_but_counts_in_no_mean(database: Database) -> None:
    put(database, Part(result=99.0, quality=1), Part(time=NOW + timedelta(minutes=1), result=3.0))
    assert rows(database, "SELECT count, suspect, sum, maximum FROM rollup_hour") == [(1, 1, 3, 3.0)]
    assert rows(database, "SELECT count(*) FROM observation") == [(2,)]


def test_hours_are_those_of_utc(database: Database) -> None:
    put(
        database,
        Part(time=datetime(2026, 10, 25, 0, 59, tzinfo=UTC)),
        Part(time=datetime(2026, 10, 25, 1, 0, tzinfo=UTC)),
    )
    found = rows(database, "SELECT hour, count FROM rollup_hour ORDER BY hour")
    assert found == [(datetime(2026, 10, 25, hour, tzinfo=UTC), 1) for hour in (0, 1)]


def test_the_latest_is_the_newest_by_time_of_measurement(database: Database) -> None:
    put(database, Part(time=NOW, result=2.0))
    put(database, Part(time=NOW - timedelta(hours=1), result=1.0))
    with database.transaction() as connection:
        stream = registry.load(connection).devices["pond"].datastreams["air_temperature"]
        assert one_row(connection, LATEST, stream) == (NOW, 2.0, 0)


def test_late_and_early_months_find_their_place(database: Database) -> None:
    times = [datetime(2020, 1, 1, tzinfo=UTC), datetime(2024, 2, 29, 23, 59, 59, 999_999, UTC), NOW]
    assert put(database, *(Part(time=time) for time in times)).stored == 3
    assert rows(database, "SELECT phenomenon_time FROM observation ORDER BY 1") == [(time,) for time in times]


def test_only_months_that_occur_get_a_partition(database: Database) -> None:
    with database.transaction() as connection:
        if one_row(connection, "SELECT relkind FROM pg_class WHERE oid = 'observation'::regclass") != ("p",):
            return  # TimescaleDB makes its own chunks
    put(database, Part(time=datetime(2021, 5, 31, 23, 59, 59, tzinfo=UTC)), Part(time=NOW))
    names = rows(database, "SELECT inhrelid::regclass::text FROM pg_inherits ORDER BY 1")
    leaves = [name for (name,) in names if name.startswith("observation_2") and "_pkey" not in name]
    assert leaves == ["observation_2021_05", f"observation_{NOW:%Y_%m}"]


def test_a_time_before_2020_is_refused_for_good(database: Database) -> None:
    with database.transaction() as connection:
        if one_row(connection, "SELECT relkind FROM pg_class WHERE oid = 'observation'::regclass") != ("p",):
            return  # the gateway's decoder is the only guard there
    with pytest.raises(StoreRejected, match="between 2020 and ten years ahead"):
        put(database, Part(time=datetime(2019, 12, 31, tzinfo=UTC)))


def test_a_redelivery_without_a_clock_counts_once(database: Database) -> None:
    first = Part(time=NOW, boot="b1", seq=4, without_device_time=True)
    put(database, first)
    assert put(database, replace(first, time=NOW + timedelta(hours=3))) == FlushOutcome(0, 1, 0, [])
    assert rows(database, "SELECT phenomenon_time FROM observation") == [(NOW,)]


def test_two_properties_of_a_reading_without_a_clock_share_its_time(database: Database) -> None:
    reading = Part(time=NOW, boot="b1", seq=4, without_device_time=True)
    put(database, reading, replace(reading, prop="air_humidity", time=NOW + timedelta(microseconds=5)))
    assert rows(database, "SELECT DISTINCT phenomenon_time FROM observation") == [(NOW,)]
