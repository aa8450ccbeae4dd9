"""Trails, stations, devices and credentials in a real database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import bcrypt
import pytest
from psycopg import sql

from geodata.actions.load_bundle import load_if_empty, save_bundle
from geodata.bundle.folder import bundled
from geodata.errors import InvalidInput, NotFound, StoreRejected
from geodata.model.content import StationContent
from geodata.model.observation import by_name
from geodata.model.properties import STANDARD_PROPERTIES
from geodata.store.catalogue.station import load_stations, save_station
from geodata.store.catalogue.trail import load_municipalities, load_trails, save_trail
from geodata.store.database import Database
from geodata.store.devices import credential
from geodata.store.devices.device import load_datastreams, load_devices, save_device
from geodata.store.ingest.registry import add_datastream

BUNDLE = bundled()
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TABLES = (
    "municipality",
    "trail",
    "trail_content",
    "station",
    "station_content",
    "device",
    "sensor",
    "datastream",
    "device_credential",
)


@pytest.fixture
def loaded(demo_trail: None, database: Database) -> Database:
    return database


def rows_with_versions(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """All rows with the transaction that wrote them: an update to the same values would show."""
    with database.transaction() as connection:
        return {
            table: sorted(
                connection.execute(sql.SQL("SELECT xmin::text, * FROM {}").format(sql.Identifier(table))).fetchall(),
                key=repr,
            )
            for table in TABLES
        }


def test_what_was_written_is_read_back_the_same(loaded: Database) -> None:
    with loaded.transaction() as connection:
        assert load_municipalities(connection) == {"lemgo": BUNDLE.municipality}
        assert load_trails(connection) == {"stadtwald": BUNDLE.trail}
        assert load_stations(connection) == {station.code: station for station in BUNDLE.stations}
        devices = load_devices(connection)
        assert {name: replace(device, registered_at=None) for name, device in devices.items()} == {
            entry.device.id: entry.device for entry in BUNDLE.devices
        }
        streams = load_datastreams(connection).values()
    called = by_name(STANDARD_PROPERTIES)
    assert {(s.device, s.sensor, s.observed_property) for s in streams} == {
        (entry.device.id, sensor, called[prop].id)
        for entry in BUNDLE.devices
        for sensor, fed in entry.sensors.items()
        for prop in fed
    }


def test_the_line_keeps_its_heights(loaded: Database) -> None:
    with loaded.transaction() as connection:
        line = load_trails(connection)["stadtwald"].line
    assert line.has_z
    assert list(line.coords) == list(BUNDLE.trail.line.coords)


def test_loading_twice_changes_nothing(loaded: Database) -> None:
    before = rows_with_versions(loaded)
    with loaded.transaction() as connection:
        save_bundle(connection, BUNDLE)
    assert rows_with_versions(loaded) == before
    assert all(before[table] for table in TABLES if table != "device_credential")


def test_a_database_with_a_trail_is_left_alone(loaded: Database) -> None:
    before = rows_with_versions(loaded)
    assert load_if_empty(loaded) is None
    assert rows_with_versions(loaded) == before


def test_a_failed_load_leaves_nothing_behind(database: Database) -> None:
    last = BUNDLE.devices[-1]
    broken = replace(BUNDLE, devices=(*BUNDLE.devices[:-1], replace(last, sensors={"x": ["sunshine"]})))
    with pytest.raises(NotFound, match="no observed property 'sunshine'"), database.transaction() as connection:
        save_bundle(connection, broken)
    assert not any(rows_with_versions(database).values())


def test_a_station_is_saved_with_exactly_its_contents(loaded: Database) -> None:
    content = StationContent(variant="de", title="Neu", lead="Neu", body="Neu")
    changed = replace(BUNDLE.stations[0], lat=52.0472, contents={"de": content})
    with loaded.transaction() as connection:
        save_station(connection, changed)
        stations = load_stations(connection)
    assert stations[changed.code] == changed
    assert stations[BUNDLE.stations[1].code] == BUNDLE.stations[1]


def test_a_trail_is_saved_with_exactly_its_contents(loaded: Database) -> None:
    changed = replace(BUNDLE.trail, surveyed=True, contents={"de": BUNDLE.trail.contents["de"]})
    with loaded.transaction() as connection:
        save_trail(connection, changed)
        assert load_trails(connection)["stadtwald"] == changed


def test_two_live_stations_cannot_share_a_number_but_a_retired_one_keeps_its_own(loaded: Database) -> None:
    first, second = BUNDLE.stations[:2]
    with pytest.raises(StoreRejected), loaded.transaction() as connection:
        save_station(connection, replace(second, number=first.number))
    with loaded.transaction() as connection:
        save_station(connection, replace(first, retired_at=NOW))
        save_station(connection, replace(second, number=first.number))
        assert load_stations(connection)[first.code].retired_at == NOW


def test_a_series_the_gateway_began_gets_its_instrument_and_keeps_its_number(database: Database) -> None:
    bare = replace(BUNDLE, devices=tuple(replace(entry, sensors={}) for entry in BUNDLE.devices))
    with database.transaction() as connection:
        save_bundle(connection, bare)
        stream = add_datastream(connection, "klima-01", "air_temperature")
        save_bundle(connection, BUNDLE)
        found = load_datastreams(connection)[stream]
    assert (found.device, found.observed_property, found.sensor) == ("klima-01", "air_temperature", "SHT45")


def test_what_a_device_says_of_itself_is_read_and_survives_a_save(loaded: Database) -> None:
    device = BUNDLE.devices[0].device
    with loaded.transaction() as connection:
        connection.execute(
            "INSERT INTO device_state (device, state, firmware, boot, interval_s, last_seen_at)"
            " VALUES (%s, 'online', '1.4.2', 'b7f3', 30, %s)",
            [device.id, NOW],
        )
        save_device(connection, replace(device, name="Neuer Name"))
        found = load_devices(connection)[device.id]
    assert replace(found, registered_at=None) == replace(
        device, name="Neuer Name", state="online", firmware="1.4.2", boot="b7f3", interval_s=30, last_seen_at=NOW
    )


def test_a_secret_is_given_once_and_only_its_hash_is_kept(loaded: Database) -> None:
    with loaded.transaction() as connection:
        secret, other = credential.issue(connection, "klima-01"), credential.issue(connection, "klima-07")
        kept = credential.hashes(connection)
    assert len(secret) >= 22  # 128 bits in base64
    assert secret != other
    assert set(kept) == {"klima-01", "klima-07"}
    assert kept["klima-01"].startswith("$2a$05$")
    assert bcrypt.checkpw(secret.encode(), kept["klima-01"].encode())
    assert not bcrypt.checkpw(other.encode(), kept["klima-01"].encode())


def test_a_new_secret_ends_the_old_one(loaded: Database) -> None:
    with loaded.transaction() as connection:
        old, new = credential.issue(connection, "klima-01"), credential.issue(connection, "klima-01")
        kept = credential.hashes(connection)["klima-01"].encode()
    assert bcrypt.checkpw(new.encode(), kept)
    assert not bcrypt.checkpw(old.encode(), kept)


def test_a_revoked_device_has_no_credential_and_gets_none(loaded: Database) -> None:
    with loaded.transaction() as connection:
        credential.issue(connection, "klima-01")
        credential.revoke(connection, "klima-01", NOW)
        credential.revoke(connection, "klima-01", datetime(2027, 1, 1, tzinfo=UTC))
        assert credential.hashes(connection) == {}
        assert load_devices(connection)["klima-01"].revoked_at == NOW
        save_device(connection, BUNDLE.devices[0].device)
        assert load_devices(connection)["klima-01"].revoked_at == NOW
        with pytest.raises(InvalidInput, match=r"'klima-01', expected a device that is not revoked\. Register it anew"):
            credential.issue(connection, "klima-01")


def test_a_device_marked_as_revoked_may_not_connect_even_with_a_credential(loaded: Database) -> None:
    with loaded.transaction() as connection:
        credential.issue(connection, "klima-01")
        connection.execute("UPDATE device SET revoked_at = %s WHERE id = 'klima-01'", [NOW])
        assert credential.hashes(connection) == {}


def test_an_unknown_device_gets_no_secret(loaded: Database) -> None:
    with loaded.transaction() as connection:
        with pytest.raises(NotFound, match="no device 'klima-99'"):
            credential.issue(connection, "klima-99")
        with pytest.raises(NotFound, match="no device 'klima-99'"):
            credential.revoke(connection, "klima-99", NOW)


def test_whoever_holds_the_catalogue_hears_of_a_load_and_of_credentials(database: Database) -> None:
    with database.listener("digitalpfad_catalogue", "digitalpfad_credential") as listener:
        assert load_if_empty(database) == BUNDLE
        with database.transaction() as connection:
            credential.issue(connection, "klima-01")
        awaited = {"digitalpfad_catalogue", "digitalpfad_credential"}
        for note in listener.notifies(timeout=10):
            awaited.discard(note.channel)
            if not awaited:
                break
    assert not awaited
