"""The one transaction of the gateway: nothing lost, nothing doubled, the counters always balance."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import LiteralString

import pytest
from psycopg.rows import TupleRow

from geodata.errors import StoreRejected
from geodata.store.channels import LATE_CHANNEL, OBSERVATION_CHANNEL
from geodata.store.database import Database, notifications
from geodata.store.ingest import registry
from geodata.store.ingest.flush import Confirmation, Flush, FlushOutcome, SequenceRange, StatusReport
from geodata.store.ingest.transaction import write
from geodata.times import to_us
from tests.fixtures.fix_database import one_row
from tests.geodata.flushes import NOW, Part, flush_of, refused, register

LATEST = "SELECT phenomenon_time, result, quality FROM latest WHERE datastream = %s"
COUNTERS = "SELECT messages, received, stored, duplicates, quarantined FROM ingest_counter WHERE partition = 'test'"


@pytest.fixture
def database(any_database: Database) -> Database:
    with any_database.transaction() as connection:
        register(connection)
    return any_database


def put(database: Database, *parts: Part, now: datetime = NOW) -> FlushOutcome:
    with database.transaction() as connection:
        return write(connection, flush_of(connection, parts, now))


def write_one(database: Database, flush: Flush) -> FlushOutcome:
    with database.transaction() as connection:
        return write(connection, flush)


def rows(database: Database, query: LiteralString) -> list[TupleRow]:
    with database.transaction() as connection:
        return connection.execute(query).fetchall()


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


def test_the_quarantine_keeps_a_message_once_and_the_books_balance(database: Database) -> None:
    flush = Flush("test", to_us(NOW), messages=3, received=3, refused=[refused(b"{"), refused(b"{"), refused(b"\xff")])
    assert write_one(database, flush) == FlushOutcome(0, 1, 2, [], {"not-json": 2})
    assert write_one(database, replace(flush)) == FlushOutcome(0, 3, 0, [])
    assert rows(database, "SELECT payload, deliveries FROM quarantine ORDER BY id") == [(b"{", 4), (b"\xff", 2)]
    with database.transaction() as connection:
        assert one_row(connection, COUNTERS) == (6, 6, 0, 4, 2)


def test_the_books_are_those_of_what_happened(database: Database) -> None:
    put(database, Part(result=1.0), Part(result=1.0), Part(result=2.0), Part(time=NOW + timedelta(1), result=None))
    with database.transaction() as connection:
        assert one_row(connection, COUNTERS) == (4, 4, 2, 1, 1)


def test_books_that_do_not_balance_are_refused_with_all_that_came_with_them(database: Database) -> None:
    with database.transaction() as connection:
        flush = flush_of(connection, [Part()], NOW)
    flush.received += 1
    with pytest.raises(StoreRejected):
        write_one(database, flush)
    assert rows(database, "SELECT count(*) FROM observation") == [(0,)]


def test_messages_are_counted_by_the_minute(database: Database) -> None:
    put(database, Part(), now=NOW)
    put(database, Part(), now=NOW + timedelta(seconds=59))
    put(database, Part(), now=NOW + timedelta(seconds=60))
    assert rows(database, "SELECT minute, messages FROM ingest_minute ORDER BY 1") == [
        (NOW, 2),
        (NOW + timedelta(minutes=1), 1),
    ]


@pytest.mark.parametrize(
    ("flushes", "oldest", "confirmed"),
    [
        ([[(0, 3)]], 0, 2),
        ([[(1, 3)]], 0, 2),  # counting from 1 is a beginning too
        ([[(2, 3)]], 0, None),  # 0 and 1 may still come
        ([[(5, 9)]], 5, 8),  # the device has nothing below 5 any more
        ([[(0, 2), (3, 5)]], 0, 1),
        ([[(3, 5)], [(0, 2)], [(2, 3)]], 0, 4),  # the last closes the gap
        ([[(0, 2), (7, 9)]], 5, 4),  # 2 to 4 are given up, 5 and 6 may still come
        ([[(0, 1)]], 0, 0),
        ([[(1, 2)]], 0, 1),
        ([[(2**62, 2**62 + 1)]], 2**62, 2**62),
    ],
)
def test_confirmed_is_the_gapless_prefix(
    database: Database, flushes: list[list[tuple[int, int]]], oldest: int, confirmed: int | None
) -> None:
    outcomes = [
        write_one(
            database, Flush("test", to_us(NOW), sequences={("pond", "b1"): SequenceRange(ranges, oldest, to_us(NOW))})
        )
        for ranges in flushes
    ]
    wanted = [] if confirmed is None else [Confirmation("pond", "b1", confirmed)]
    assert outcomes[-1].confirmations == wanted


def test_each_boot_counts_for_itself(database: Database) -> None:
    flush = Flush("test", to_us(NOW))
    flush.sequences["pond", "b1"] = SequenceRange([(0, 5)], 0, to_us(NOW))
    flush.sequences["pond", "b2"] = SequenceRange([(0, 2)], 0, to_us(NOW))
    assert write_one(database, flush).confirmations == [Confirmation("pond", "b1", 4), Confirmation("pond", "b2", 1)]


def test_a_status_is_kept_and_a_will_does_not_erase_what_was_known(database: Database) -> None:
    online = StatusReport("online", to_us(NOW), firmware="1.4.2", boot="b1", interval_s=300)
    later = NOW + timedelta(minutes=5)
    write_one(database, Flush("test", to_us(NOW), statuses={"pond": online}, seen={"pond": to_us(NOW)}))
    write_one(database, Flush("test", to_us(later), statuses={"pond": StatusReport("offline", to_us(later))}))
    query: LiteralString = "SELECT state, state_at, firmware, boot, interval_s, last_seen_at FROM device_state"
    assert rows(database, query) == [("offline", later, "1.4.2", "b1", 300, NOW)]


def test_last_seen_never_goes_back(database: Database) -> None:
    for moment in (NOW, NOW - timedelta(hours=1)):
        write_one(database, Flush("test", to_us(NOW), seen={"pond": to_us(moment)}))
    assert rows(database, "SELECT last_seen_at FROM device_state") == [(NOW,)]


def test_what_was_noted_years_ahead_stands_for_nothing_newer(database: Database) -> None:
    for moment in (NOW + timedelta(days=1461), NOW):
        status = StatusReport(state="online", received_us=to_us(moment), boot="b7f3")
        sequence = SequenceRange([(0, 1)], 0, to_us(moment))
        said = {"pond": to_us(moment)}
        flush = Flush("test", to_us(moment), statuses={"pond": status}, seen=said, unusable=said)
        flush.sequences["pond", "b7f3"] = sequence
        write_one(database, flush)
    query: LiteralString = "SELECT status_at, last_seen_at, unusable_at FROM device_state"
    assert rows(database, query) == [(NOW, NOW, NOW)]
    assert rows(database, "SELECT first_received_at, last_received_at FROM device_boot") == [(NOW, NOW)]


def heard(database: Database, *parts: Part, channel: str = OBSERVATION_CHANNEL) -> list[str]:
    with database.listener(channel) as listener:
        put(database, *parts)
        return [note.payload for note in notifications(listener, 0.3)]


def test_listeners_get_news_once_and_nothing_for_a_duplicate(database: Database) -> None:
    with database.transaction() as connection:
        stream = registry.add_datastream(connection, "pond", "air_temperature")
    assert heard(database, Part(result=7.5)) == [f"[[{stream},{to_us(NOW)},7.5,0]]"]
    assert heard(database, Part(result=7.5)) == []


def test_what_is_no_news_is_told_one_by_one_while_it_is_little_and_never_for_a_duplicate(database: Database) -> None:
    with database.transaction() as connection:
        warm = registry.add_datastream(connection, "pond", "air_temperature")
    late = NOW - timedelta(minutes=6)
    parts = [Part(time=late - timedelta(hours=i), result=float(i)) for i in range(7)] + [Part(result=8.0)]
    (payload,) = heard(database, *parts, channel=LATE_CHANNEL)
    assert json.loads(payload) == [[warm, to_us(late - timedelta(hours=i)), float(i), 0] for i in range(7)]
    assert heard(database, *parts, channel=LATE_CHANNEL) == []


def test_of_much_that_is_no_news_the_newest_of_each_series_is_told(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geodata.store.ingest.transaction._LATE_LIMIT", 7)
    with database.transaction() as connection:
        warm, wet = (registry.add_datastream(connection, "pond", name) for name in ("air_temperature", "rain"))
    late = NOW - timedelta(minutes=6)
    parts = [Part(time=late - timedelta(hours=i % 7), result=float(i)) for i in range(7)]
    parts += [Part(prop="rain", time=late - timedelta(days=1), result=3.0), Part(result=8.0)]
    expected = [[warm, to_us(late), 0.0, 0], [wet, to_us(late - timedelta(days=1)), 3.0, 0]]
    (payload,) = heard(database, *parts, channel=LATE_CHANNEL)
    assert json.loads(payload) == expected


def test_of_late_values_of_very_many_series_it_is_only_told_that_there_are_some(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geodata.store.ingest.transaction._LATE_LIMIT", 1)
    monkeypatch.setattr("geodata.store.ingest.transaction._LATE_SERIES_LIMIT", 1)
    late = NOW - timedelta(minutes=6)
    parts = [Part(time=late - timedelta(hours=i), prop=name) for i in range(40) for name in ("air_temperature", "rain")]
    assert heard(database, *parts) == [""]


def test_many_news_come_in_parts_that_fit(database: Database) -> None:
    payloads = heard(database, *(Part(time=NOW + timedelta(seconds=i / 10), result=float(i)) for i in range(1000)))
    assert max(map(len, payloads)) <= 8000
    news = [entry for payload in payloads for entry in json.loads(payload)]
    assert [entry[2] for entry in news] == [float(i) for i in range(1000)]


def test_nothing_is_heard_of_a_transaction_that_was_undone(any_database: Database) -> None:
    with any_database.transaction() as connection:
        register(connection)
    with any_database.listener(OBSERVATION_CHANNEL) as listener:
        with any_database.transaction() as connection:
            assert write(connection, flush_of(connection, [Part()], NOW)).stored == 1
            connection.rollback()
        assert list(notifications(listener, 0.3)) == []
