"""Devices one by one: inserted, described, placed. geodata.actions.devices.edit_device holds the rules."""

from __future__ import annotations

from datetime import datetime

from geodata.model.device import Device
from geodata.store.transaction import Transaction


def is_known(connection: Transaction, device: str) -> bool:
    """Whether there is or was a device of this id."""
    return connection.execute("SELECT FROM device WHERE id = %s", [device]).fetchone() is not None


def lock(connection: Transaction, device: str) -> None:
    """Lock its row until the transaction ends."""
    connection.execute("SELECT FROM device WHERE id = %s FOR UPDATE", [device])


def insert(
    connection: Transaction, device: str, trail: str, station: str | None, lonlat: tuple[float, float] | None
) -> None:
    """Store a new device at its place."""
    lon, lat = lonlat or (None, None)
    connection.execute(
        "INSERT INTO device (id, trail, station, lon, lat) VALUES (%s, %s, %s, %s, %s)",
        [device, trail, station, lon, lat],
    )


def set_described(
    connection: Transaction, device: str, *, name: str | None, kind: str | None, interval_s: int | None
) -> None:
    """Write what is given; None leaves a field as it is."""
    connection.execute(
        "UPDATE device SET name = coalesce(%s, name), kind = coalesce(%s, kind), interval_s = coalesce(%s, interval_s)"
        " WHERE id = %s",
        [name, kind, interval_s, device],
    )


def set_place(
    connection: Transaction, device: str, trail: str, station: str | None, lonlat: tuple[float, float] | None
) -> None:
    """Write where a device stands."""
    lon, lat = lonlat or (None, None)
    connection.execute(
        "UPDATE device SET trail = %s, station = %s, lon = %s, lat = %s WHERE id = %s",
        [trail, station, lon, lat, device],
    )


def end_stay(connection: Transaction, device: Device, until: datetime) -> None:
    """Note that it stood up to ``until`` where it stands."""
    connection.execute(
        "INSERT INTO device_stay (device, trail, station, until) VALUES (%s, %s, %s, %s)",
        [device.id, device.trail, device.station, until],
    )


def delete_last_stay(connection: Transaction, device: Device) -> None:
    """Forget where it stood before its present place."""
    connection.execute("DELETE FROM device_stay WHERE device = %s AND until = %s", [device.id, device.since])


def rules_of(connection: Transaction, device: str) -> list[tuple[str, str]]:
    """The notice rules that look at ``device``, each with its trail."""
    rows = connection.execute("SELECT id, trail FROM notice_rule WHERE device = %s ORDER BY id", [device])
    return [(str(rule), str(trail)) for rule, trail in rows]


def hand_over_rules(connection: Transaction, old: str, new: str) -> None:
    """Have the notice rules that look at ``old`` look at ``new``."""
    connection.execute("UPDATE notice_rule SET device = %s WHERE device = %s", [new, old])
