"""What `up` puts into an empty database: the bundled trail, a first login, credentials for the simulator."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec

from dashboards.passwords import hash_password, new_one_time_password
from digitalpfad.datadir import DataDir
from geodata.errors import StartRefused
from geodata.model import Role
from geodata.store import bundle, credential, device_status, staff
from geodata.store.database import Database

_LOGIN_FILE = "staff-login"
_SIMULATOR_FILE = "simulator-credentials.json"
_FIRST_NAME = "admin"


def load_trail(database: Database) -> None:
    """Load the bundled trail if there is none yet."""
    bundle.load_if_empty(database)


def staff_login(database: Database, data: DataDir) -> tuple[str, str]:
    """Name and password of the first login while its generated password holds, then what to say instead."""
    with database.transaction() as connection:
        people = staff.entries(connection)
        first = next((one for one in people if one.name == _FIRST_NAME), None)
        kept = data.read(_LOGIN_FILE)
        if not people:
            password = new_one_time_password()
            staff.create(connection, _FIRST_NAME, Role.ADMIN, hash_password(password))
            data.write_secret(_LOGIN_FILE, password)  # before the commit: a lost password would lock everyone out
            return _FIRST_NAME, f"{password}   (for the first login)"
    if first and first.one_time and first.disabled_at is None and kept:
        return _FIRST_NAME, f"{kept}   (for the first login)"
    data.remove(_LOGIN_FILE)
    return "with your login", ""


def simulator_credentials(database: Database, data: DataDir) -> Path:
    """A file with the password of every device, for the simulator; devices without one get it now."""
    kept = _kept_passwords(data)
    with database.transaction() as connection:
        known = credential.hashes(connection)
        devices = [device.id for device in device_status.list_devices(connection)]
        issued = {device: credential.issue(connection, device) for device in devices if device not in known}
        return data.write_secret(_SIMULATOR_FILE, json.dumps({**kept, **issued}))


def _kept_passwords(data: DataDir) -> dict[str, str]:
    try:
        return msgspec.json.decode(data.read(_SIMULATOR_FILE) or "{}", type=dict[str, str])
    except msgspec.DecodeError as error:
        raise StartRefused(
            f"{data.path / _SIMULATOR_FILE} is damaged: expected a JSON object of device and password. Restore it from"
            " a backup of the folder, or start without --demo."
        ) from error


def first_station(database: Database) -> str | None:
    """The code of a station that measures something, or None."""
    with database.transaction() as connection:
        devices = device_status.list_devices(connection)
    return next((device.station for device in devices if device.station), None)
