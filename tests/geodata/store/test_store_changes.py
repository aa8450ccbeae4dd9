"""Which devices changed is told to listeners, beside the table's name that earlier releases listen to."""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import contextmanager

import pytest
from psycopg import Connection

from geodata.store.channels import CATALOGUE_CHANNEL, DATASTREAM_CHANNEL, DEVICE_CHANNEL
from geodata.store.database import Database, notifications
from geodata.store.ingest import registry
from tests.geodata.flushes import register


@pytest.fixture
def database(any_database: Database) -> Database:
    """With one device, ``pond``."""
    with any_database.transaction() as connection:
        register(connection)
    return any_database


@contextmanager
def told(database: Database) -> Generator[tuple[Connection, list[tuple[str, str]]]]:
    """A transaction, and after it what it told: channel and payload."""
    heard: list[tuple[str, str]] = []
    with database.listener(CATALOGUE_CHANNEL, DEVICE_CHANNEL, DATASTREAM_CHANNEL) as listener:
        with database.transaction() as connection:
            yield connection, heard
        heard += [(note.channel, note.payload) for note in notifications(listener, 0.3)]


def test_an_added_an_edited_and_a_deleted_device_are_named(database: Database) -> None:
    for statement in (
        "INSERT INTO device (id, trail) VALUES ('gate', 'stadtwald')",
        "UPDATE device SET revoked_at = now() WHERE id = 'gate'",
        "DELETE FROM device WHERE id = 'gate'",
    ):
        with told(database) as (connection, heard):
            connection.execute(statement.encode())
        assert sorted(heard) == [(CATALOGUE_CHANNEL, "device"), (DEVICE_CHANNEL, '["gate"]')], statement


def test_what_changes_no_device_names_none(database: Database) -> None:
    with told(database) as (connection, heard):
        connection.execute("INSERT INTO device (id, trail) VALUES ('pond', 'stadtwald') ON CONFLICT DO NOTHING")
    assert [channel for channel, _ in heard] == [CATALOGUE_CHANNEL]


def test_a_new_datastream_names_its_device_to_those_who_ask_for_datastreams(database: Database) -> None:
    with told(database) as (connection, heard):
        registry.add_datastream(connection, "pond", "rain")
        registry.add_datastream(connection, "pond", "air_temperature")
    assert sorted(heard) == [(CATALOGUE_CHANNEL, "datastream"), (DATASTREAM_CHANNEL, '["pond"]')]


@pytest.mark.parametrize(("count", "named"), [(100, True), (101, False)])
def test_an_import_is_told_in_one_notification(database: Database, count: int, named: bool) -> None:
    longest = "x" * 59
    with told(database) as (connection, heard):
        connection.execute(
            "INSERT INTO device (id, trail) SELECT %s || to_char(i, 'FM0000'), 'stadtwald'"
            " FROM generate_series(1, %s) AS i",
            [longest, count],
        )
    (payload,) = [payload for channel, payload in heard if channel == DEVICE_CHANNEL]
    expected = [f"{longest}{i:04}" for i in range(1, count + 1)]
    assert (json.loads(payload) if payload else []) == (expected if named else [])
