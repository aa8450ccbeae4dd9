"""A device's login as it is handed over, this once; and a device that gives its place to a new one.

Each works in the caller's transaction and is undone with it. The embedded broker hears of it from the database; what a
broker of one's own needs says who asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from geodata.actions.devices import edit_device, mounting
from geodata.actions.devices.edit_device import DeviceChange, Position
from geodata.model.device import Device
from geodata.store.counting import mountings, queue
from geodata.store.devices import credential, device_edit, device_status
from geodata.store.transaction import Transaction
from geodata.vocabulary import device_topics


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceLogin:
    """What the maker of a device needs of it. ``bcrypt`` is the password's hash as brokers take it."""

    user: str
    password: str
    topic: str
    bcrypt: str


def issue(connection: Transaction, device: Device) -> DeviceLogin:
    """Give ``device`` a new password; an earlier one stops working. Raises InvalidInput for a revoked device."""
    password, hashed = credential.issue_hashed(connection, device.id)
    return DeviceLogin(
        user=device.id,
        password=password,
        topic=device_topics.telemetry(device.trail, device.id),
        bcrypt=hashed,
    )


def revoke(connection: Transaction, device: str, now: datetime) -> bool:
    """Shut ``device`` out, and take its counters down; return whether it was not yet. Raises NotFound."""
    queue.lock(connection)  # before the row: see there
    _take_down(connection, device, now)
    return credential.revoke(connection, device, now)


def replace(connection: Transaction, old: str, new: str, now: datetime) -> DeviceLogin:
    """Have the box ``new`` take the place of ``old``, which is shut out: its name, kind, rhythm and notices go over.

    What the old one measured stays its own. Its counters are taken down now; those of the new one hang from its first
    count on. Raises NotFound, and InvalidInput for an id that is taken and for a revoked device.
    """
    queue.lock(connection)  # before the row: see there
    before = device_status.find(connection, old)
    edit_device.edit(connection, old, DeviceChange())  # refuses a revoked one
    lonlat = None if before.lon is None or before.lat is None else (before.lon, before.lat)
    place = Position(station=before.station, trail=before.trail, lonlat=None if before.station else lonlat)
    change = DeviceChange(name=before.name, kind=before.kind, interval_s=before.interval_s)
    added = edit_device.register(connection, new, place, change)
    device_edit.hand_over_rules(connection, old, new)
    _take_down(connection, old, now)
    credential.revoke(connection, old, now)
    return issue(connection, added)


def _take_down(connection: Transaction, device: str, now: datetime) -> None:
    periods = mountings.load(connection, device)
    if periods and periods[-1].ends_at is None and (periods[-1].starts_at is None or periods[-1].starts_at < now):
        mounting.end(connection, device, now)
