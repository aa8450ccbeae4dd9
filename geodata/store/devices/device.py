"""Devices with their sensors and datastreams in the database."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import LiteralString

from psycopg.rows import TupleRow

from geodata.model.device import Device, Stay
from geodata.model.observation import Datastream
from geodata.store.devices import maintenance
from geodata.store.devices.property_alias import current_id
from geodata.store.transaction import Transaction
from geodata.vocabulary.device_names import check_free


def save_device(connection: Transaction, device: Device, sensors: Mapping[str, Sequence[str]] | None = None) -> None:
    """Add or update a device; the same again changes nothing.

    ``sensors`` maps the name of an instrument to the observed properties it feeds; series that are there already
    stay, with their observations. What the device says of itself and whether it is revoked are not touched.
    Raises NotFound for an observed property that the database does not know, InvalidInput for a service's login.
    """
    check_free(device.id)
    connection.execute(
        """
        INSERT INTO device AS old (id, trail, station, name, kind, lon, lat, interval_s)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
        ON CONFLICT (id) DO UPDATE SET trail = excluded.trail, station = excluded.station, name = excluded.name,
            kind = excluded.kind, lon = excluded.lon, lat = excluded.lat, interval_s = excluded.interval_s
        WHERE (old.trail, old.station, old.name, old.kind, old.lon, old.lat, old.interval_s)
            IS DISTINCT FROM
            (excluded.trail, excluded.station, excluded.name, excluded.kind, excluded.lon, excluded.lat,
            excluded.interval_s)
        """,
        [
            device.id,
            device.trail,
            device.station,
            device.name,
            device.kind,
            device.lon,
            device.lat,
            device.interval_s,
        ],
    )
    for sensor, measured in (sensors or {}).items():
        connection.execute(
            "INSERT INTO sensor (device, name) VALUES (%s, %s) ON CONFLICT (device, name) DO NOTHING",
            [device.id, sensor],
        )
        for observed_property in measured:
            _save_datastream(connection, device.id, observed_property, sensor)


def _save_datastream(connection: Transaction, device: str, observed_property: str, sensor: str) -> None:
    connection.execute(
        """
        INSERT INTO datastream AS old (device, observed_property, sensor)
        SELECT device, %s, id FROM sensor WHERE device = %s AND name = %s
        ON CONFLICT (device, observed_property) DO UPDATE SET sensor = excluded.sensor
        WHERE old.sensor IS DISTINCT FROM excluded.sensor
        """,
        [current_id(connection, observed_property), device, sensor],
    )


_DEVICES: LiteralString = """
    SELECT id, trail, station, name, kind, lon, lat, coalesce(said.interval_s, device.interval_s),
        coalesce(state, 'unknown'), coalesce(firmware, ''), coalesce(boot, ''), last_seen_at, revoked_at,
        registered_at, unusable_at
    FROM device LEFT JOIN device_state AS said ON said.device = device.id
"""


def load_devices(connection: Transaction, ids: Collection[str] | None = None) -> dict[str, Device]:
    """All devices by id, or those of ``ids``, with what each last said of itself; its own word on the interval counts.

    Sorted by id.
    """
    if ids is None:
        return _by_id(connection, connection.execute(_DEVICES + " ORDER BY id"))
    rows = connection.execute(_DEVICES + " WHERE id = ANY(%s) ORDER BY id", [list(ids)])
    return _by_id(connection, rows, ids)


def load_devices_of_trail(connection: Transaction, trail: str) -> dict[str, Device]:
    """The devices of one trail, as load_devices() gives them."""
    return _by_id(connection, connection.execute(_DEVICES + " WHERE trail = %s ORDER BY id", [trail]))


def load_devices_at(connection: Transaction, trails: Collection[str]) -> dict[str, Device]:
    """The devices of several trails, as load_devices() gives them."""
    rows = connection.execute(_DEVICES + " WHERE trail = ANY (%s) ORDER BY id", [list(trails)])
    return _by_id(connection, rows)


def load_stays(connection: Transaction, devices: Collection[str] | None = None) -> dict[str, tuple[Stay, ...]]:
    """Where devices stood before, by device and in order of time: of all that ever moved, or of ``devices``."""
    stays: dict[str, tuple[Stay, ...]] = {}
    for device, trail, station, until in connection.execute(
        "SELECT device, trail, station, until FROM device_stay"
        " WHERE %(devices)s::text[] IS NULL OR device = ANY(%(devices)s) ORDER BY device, until",
        {"devices": None if devices is None else list(devices)},
    ):
        stays[device] = (*stays.get(device, ()), Stay(trail=trail, station=station, until=until))
    return stays


def _by_id(connection: Transaction, rows: Iterable[TupleRow], ids: Collection[str] | None = None) -> dict[str, Device]:
    earlier = load_stays(connection, ids)
    work = maintenance.not_over(connection, ids)
    return {
        row[0]: Device(
            id=row[0],
            trail=row[1],
            station=row[2],
            name=row[3],
            kind=row[4],
            lon=row[5],
            lat=row[6],
            interval_s=row[7],
            state=row[8],
            firmware=row[9],
            boot=row[10],
            last_seen_at=row[11],
            revoked_at=row[12],
            registered_at=row[13],
            unusable_at=row[14],
            earlier=earlier.get(row[0], ()),
            maintenance=work.get(row[0], ()),
        )
        for row in rows
    }


_DATASTREAMS: LiteralString = """
    SELECT datastream.id, datastream.device, observed_property, coalesce(sensor.name, '')
    FROM datastream LEFT JOIN sensor ON sensor.id = datastream.sensor
"""


def load_datastreams(connection: Transaction, devices: Collection[str] | None = None) -> dict[int, Datastream]:
    """All series by id, or those of ``devices``, with the name of the instrument where it is known; sorted by id."""
    rows = (
        connection.execute(_DATASTREAMS + " ORDER BY datastream.id")
        if devices is None
        else connection.execute(
            _DATASTREAMS + " WHERE datastream.device = ANY(%s) ORDER BY datastream.id", [list(devices)]
        )
    )
    return {
        stream: Datastream(id=stream, device=device, observed_property=observed_property, sensor=sensor)
        for stream, device, observed_property, sensor in rows
    }
