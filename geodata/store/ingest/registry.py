"""What the gateway must know to validate a message: devices, their series, the observed properties."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from typing import LiteralString

from geodata.errors import NotFound
from geodata.model.observation import ObservedProperty, by_name
from geodata.store.catalogue import properties
from geodata.store.devices.property_alias import current_id
from geodata.store.transaction import Transaction
from geodata.times import to_us


@dataclass(frozen=True, slots=True)
class RegisteredDevice:
    """A device that may report: its trail and the datastream of each observed property it has sent so far.

    ``earlier_trails``: to which it belonged before it was moved. Until somebody changes its topics it keeps using
    those of such a trail, and nothing of it is lost.
    """

    id: str
    trail: str
    datastreams: dict[str, int]
    earlier_trails: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Registry:
    """All devices that are not revoked by id, and all observed properties by what devices may call them.

    ``oldest_us``: observations before this time (microseconds since 1970) were deleted, and none is taken any more.
    """

    devices: dict[str, RegisteredDevice]
    properties: dict[str, ObservedProperty]
    oldest_us: int = 0


def load(connection: Transaction) -> Registry:
    """Read the registry whole: tens of thousands of rows."""
    return Registry(_devices(connection), _properties(connection), _oldest_us(connection))


def update(connection: Transaction, registry: Registry, devices: Collection[str]) -> Registry:
    """``registry`` with these devices as they are now, and with today's properties and horizon, which are few rows.

    Devices that may not report any more are gone. Changes ``registry.devices``, once all is read.
    """
    current = _devices(connection, list(devices)) if devices else {}
    updated = Registry(registry.devices, _properties(connection), _oldest_us(connection))
    for gone in set(devices) - current.keys():
        registry.devices.pop(gone, None)
    registry.devices.update(current)
    return updated


_REGISTERED: LiteralString = (
    "SELECT id, trail, ARRAY(SELECT stay.trail FROM device_stay AS stay WHERE stay.device = device.id) FROM device"
    " WHERE revoked_at IS NULL"
)


def _devices(connection: Transaction, ids: list[str] | None = None) -> dict[str, RegisteredDevice]:
    """Those that may report with their datastreams: all of them, or those of ``ids``."""
    if ids is None:
        registered = connection.execute(_REGISTERED)
        streams = connection.execute("SELECT id, device, observed_property FROM datastream")
    else:
        registered = connection.execute(_REGISTERED + " AND id = ANY(%s)", [ids])
        streams = connection.execute(
            "SELECT id, device, observed_property FROM datastream WHERE device = ANY(%s)", [ids]
        )
    devices = {
        str(device): RegisteredDevice(str(device), str(trail), {}, frozenset(map(str, earlier)))
        for device, trail, earlier in registered
    }
    for stream, device, prop in streams:
        if device in devices:
            devices[device].datastreams[prop] = stream
    return devices


def _properties(connection: Transaction) -> dict[str, ObservedProperty]:
    return by_name(properties.load(connection).values())


def _oldest_us(connection: Transaction) -> int:
    horizon = connection.execute("SELECT before FROM observation_horizon").fetchone()
    return to_us(horizon[0]) if horizon else 0


def add_datastream(connection: Transaction, device: str, observed_property: str) -> int:
    """The datastream of a property that a device sends for the first time; an existing one is returned as it is."""
    with suppress(NotFound):  # else the database refuses it
        observed_property = current_id(connection, observed_property)  # it may be renamed just now
    row = (
        connection.execute(
            "INSERT INTO datastream (device, observed_property) VALUES (%s, %s)"
            " ON CONFLICT (device, observed_property) DO NOTHING RETURNING id",
            [device, observed_property],
        ).fetchone()
        or connection.execute(
            "SELECT id FROM datastream WHERE device = %s AND observed_property = %s",
            [device, observed_property],
        ).fetchone()
    )
    if row is None:  # pragma: no cover - the unique key leaves no other way
        raise RuntimeError(f"no datastream for {device}/{observed_property}")
    return int(row[0])
