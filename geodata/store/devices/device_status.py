"""Devices with what they last said, and their latest observations as they come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from geodata.conditions import silence
from geodata.errors import NotFound
from geodata.model.device import Device
from geodata.model.observation import Flag, Quality
from geodata.store.devices import device_edit
from geodata.store.devices.device import load_devices, load_devices_of_trail
from geodata.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class LatestObservation:
    """The latest observation of one series of a device."""

    datastream: int
    observed_property: str
    unit: str
    phenomenon_time: datetime
    result: float | None
    quality: Quality
    flags: Flag


def list_devices(connection: Transaction, *, revoked: bool = False) -> list[Device]:
    """All devices with their state, by id; revoked ones only where asked for."""
    return [device for device in load_devices(connection).values() if revoked or device.revoked_at is None]


def list_of_trail(connection: Transaction, trail: str) -> list[Device]:
    """The devices of one trail that are not revoked, with their state, by id."""
    return [device for device in load_devices_of_trail(connection, trail).values() if device.revoked_at is None]


def find(connection: Transaction, device: str) -> Device:
    """One device with its state, a revoked one too; raise NotFound."""
    devices = load_devices(connection, [device])
    if device not in devices:
        raise NotFound("device", device)
    return devices[device]


def timezone_of(connection: Transaction, device: str) -> str:
    """The name of the time zone of the municipality whose trail ``device`` belongs to; raise NotFound."""
    row = connection.execute(
        "SELECT timezone FROM device JOIN trail ON trail.slug = device.trail"
        " JOIN municipality ON municipality.slug = trail.municipality WHERE device.id = %s",
        [device],
    ).fetchone()
    if row is None:
        raise NotFound("device", device)
    return str(row[0])


def is_heard_elsewhere(connection: Transaction, trail: str, now: datetime) -> bool:
    """Whether any device of another trail reports as often as it should."""
    row = connection.execute(
        "SELECT EXISTS (SELECT FROM device LEFT JOIN device_state AS said ON said.device = id"
        " WHERE trail <> %s AND revoked_at IS NULL AND last_seen_at > %s::timestamptz - greatest(%s::interval,"
        " %s::int4 * coalesce(said.interval_s, device.interval_s) * interval '1 second'))",
        [trail, now, silence.AT_LEAST, silence.SILENT_AFTER_INTERVALS],
    ).fetchone()
    return bool(row and row[0])


def latest(connection: Transaction, device: str) -> list[LatestObservation]:
    """The latest observation of each series of ``device``, by property; raise NotFound for an unknown device."""
    if not device_edit.is_known(connection, device):
        raise NotFound("device", device)
    rows = connection.execute(
        "SELECT s.id, s.observed_property, p.unit, l.phenomenon_time, l.result, l.quality, l.flags"
        " FROM datastream s JOIN observed_property p ON p.id = s.observed_property JOIN latest l ON l.datastream = s.id"
        " WHERE s.device = %s ORDER BY s.observed_property",
        [device],
    )
    return [LatestObservation(row[0], row[1], row[2], row[3], row[4], Quality(row[5]), Flag(row[6])) for row in rows]
