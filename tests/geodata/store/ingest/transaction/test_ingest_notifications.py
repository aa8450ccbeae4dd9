"""Listeners hear of what was stored, once, in parts that fit, and of nothing that was undone."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from geodata.store.channels import LATE_CHANNEL, OBSERVATION_CHANNEL
from geodata.store.database import Database, notifications
from geodata.store.ingest import registry
from geodata.store.ingest.transaction import write
from geodata.times import to_us
from tests.geodata.flushes import NOW, Part, flush_of, register
from tests.geodata.store.ingest.transaction.written import put


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
