"""What `up` puts into an empty database: a first login; for `--demo` a trail and credentials for its devices."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from dashboards.access.passwords import hash_password, new_one_time_password
from digitalpfad.data_directory.folder import DataDir
from digitalpfad.noting import note
from geodata.actions import load_bundle
from geodata.bundle.folder import DEMONSTRATION
from geodata.errors import StartRefused
from geodata.model.staff import Grant, Role
from geodata.store.access import staff
from geodata.store.catalogue.trail import load_trails
from geodata.store.catalogue.trail_state import living_station
from geodata.store.database import Database
from geodata.store.devices import credential, device_status
from geodata.store.ingest import intervals
from geodata.vocabulary.audit import Action

_LOGIN_FILE = "staff-login"
_SIMULATOR_FILE = "simulator-credentials.json"
_FIRST_NAME = "admin"
_HOUR_S = 3600


def load_demonstration(database: Database, *, years: bool = False) -> None:
    """Load the demonstration trail into a system without any; raise StartRefused where there are only others.

    ``years``: its devices reported every hour until now, so that what they send of that time has no silences.
    """
    loaded = load_bundle.load_if_empty(database)
    with database.transaction() as connection:
        if loaded is not None:
            note(connection, Action.TRAIL_IMPORT, DEMONSTRATION)
            for device in device_status.list_of_trail(connection, DEMONSTRATION) if years else ():
                intervals.said(connection, device.id, datetime.now(UTC) - timedelta(days=1), _HOUR_S)
        trails = load_trails(connection)
    if DEMONSTRATION not in trails:
        raise StartRefused(
            f"This system has its own trail ({', '.join(trails)}): --demo would put invented values beside it. Start"
            " without --demo, or show the demonstration elsewhere: 'digitalpfad up --demo --data-dir demo'."
        )


def staff_login(database: Database, data: DataDir) -> tuple[str, str]:
    """Name and password of the first login while its generated password holds, then what to say instead."""
    with database.transaction() as connection:
        people = staff.entries(connection)
        first = next((member for member in people if member.name == _FIRST_NAME), None)
        kept_password = data.read(_LOGIN_FILE)
        if not people:
            password = new_one_time_password()
            staff.create(connection, _FIRST_NAME, [Grant(Role.ADMIN)], hash_password(password))
            note(connection, Action.STAFF_ADD, f"{_FIRST_NAME} ({Role.ADMIN})")
            data.write_secret(_LOGIN_FILE, password)  # before the commit: a lost password would lock everyone out
            return _FIRST_NAME, f"{password}   (for the first login)"
        if first and first.is_expired and first.disabled_at is None and kept_password:
            kept_password = new_one_time_password()
            staff.set_password(connection, _FIRST_NAME, hash_password(kept_password), one_time=True)
            note(connection, Action.STAFF_RESET, _FIRST_NAME)
            data.write_secret(_LOGIN_FILE, kept_password)
    if first and first.one_time and first.disabled_at is None and kept_password:
        return _FIRST_NAME, f"{kept_password}   (for the first login)"
    data.remove(_LOGIN_FILE)
    return "with your login", ""


def simulator_credentials(database: Database, data: DataDir) -> Path:
    """A file with the passwords of the demonstration's devices, for the simulator; who has none gets one now."""
    kept_passwords = _kept_passwords(data)
    with database.transaction() as connection:
        hashes = credential.hashes(connection)
        devices = [device.id for device in device_status.list_of_trail(connection, DEMONSTRATION)]
        issued = {device: credential.issue(connection, device) for device in devices if device not in hashes}
        for device in issued:
            note(connection, Action.DEVICE_PASSWORD, device)
        return data.write_secret(_SIMULATOR_FILE, json.dumps({**kept_passwords, **issued}))


def _kept_passwords(data: DataDir) -> dict[str, str]:
    try:
        return msgspec.json.decode(data.read(_SIMULATOR_FILE) or "{}", type=dict[str, str])
    except msgspec.DecodeError as error:
        raise StartRefused(
            f"{data.path / _SIMULATOR_FILE} is damaged: expected a JSON object of device and password. Restore it from"
            " a backup of the folder, or start without --demo."
        ) from error


def example_station(database: Database) -> str | None:
    """The code of a station that hikers find, best one that measures something; None where there is none."""
    with database.transaction() as connection:
        return living_station(connection)
