"""What the gateway must know to judge a message: devices, their series, the observed properties."""

from __future__ import annotations

from dataclasses import dataclass

from psycopg import Connection
from psycopg.rows import TupleRow

from geodata.model import ObservedProperty
from geodata.store import properties
from geodata.store.times import to_us


@dataclass(frozen=True, slots=True)
class RegisteredDevice:
    """A device that may report: its trail and the datastream of each observed property it has sent so far."""

    id: str
    trail: str
    datastreams: dict[str, int]


@dataclass(frozen=True, slots=True)
class Registry:
    """All devices that are not revoked, and all observed properties, by id.

    ``oldest_us``: observations before this time (microseconds since 1970) were deleted, and none is taken any more.
    """

    devices: dict[str, RegisteredDevice]
    properties: dict[str, ObservedProperty]
    oldest_us: int = 0


def load(connection: Connection[TupleRow]) -> Registry:
    """Read the registry; small (tens of thousands of rows at most) and read whole."""
    devices = {
        str(device): RegisteredDevice(str(device), str(trail), {})
        for device, trail in connection.execute("SELECT id, trail FROM device WHERE revoked_at IS NULL")
    }
    for stream, device, prop in connection.execute("SELECT id, device, observed_property FROM datastream"):
        if device in devices:
            devices[device].datastreams[prop] = stream
    horizon = connection.execute("SELECT before FROM observation_horizon").fetchone()
    return Registry(devices, properties.load(connection), to_us(horizon[0]) if horizon else 0)


def add_datastream(connection: Connection[TupleRow], device: str, observed_property: str) -> int:
    """The datastream of a property that a device sends for the first time; an existing one is returned as it is."""
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
