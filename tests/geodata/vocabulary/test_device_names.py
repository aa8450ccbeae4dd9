"""A device cannot have the name of a service's login: refused wherever devices come from."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import pytest

from firmware_sim.fleet import load_fleet
from geodata.actions.devices import edit_device
from geodata.actions.devices.edit_device import DeviceChange, Position
from geodata.bundle import folder as bundle
from geodata.errors import InvalidInput
from geodata.model.device import Device
from geodata.store.database import Database
from geodata.store.devices import device_status
from geodata.store.devices.device import save_device
from geodata.vocabulary.device_names import SERVICE_LOGINS, check_free
from geodata.vocabulary.names import is_name
from tests.checkout import ROOT

TRAILS = ROOT / "geodata/trails"


@pytest.mark.parametrize("name", sorted(SERVICE_LOGINS))
def test_a_service_login_is_no_free_name(name: str) -> None:
    assert is_name(name), "one that no id can be needs no entry"
    with pytest.raises(InvalidInput, match="service's login"):
        check_free(name)


def test_a_login_of_this_system_alone_is_no_free_name() -> None:
    check_free("stadt-lemgo")
    with pytest.raises(InvalidInput):
        check_free("stadt-lemgo", {"stadt-lemgo"})


@pytest.mark.parametrize("name", ["gateway-1", "gateways", "wet-gateway", "klima-01", "0"])
def test_a_name_that_only_resembles_one_is_free(name: str) -> None:
    check_free(name)


def test_every_user_of_the_acl_file_and_of_the_documents_is_a_service_login() -> None:
    acl = (ROOT / "deploy/mosquitto/digitalpfad.acl").read_text(encoding="utf-8")
    users = set(re.findall(r"^user (\S+)", acl, re.MULTILINE))
    for page in [*(ROOT / "docs").rglob("*.md"), *(ROOT / "deploy").rglob("*")]:
        if page.is_file():
            users |= set(re.findall(r"mqtts?://([\w-]+):[^@\s]+@", page.read_text(encoding="utf-8")))
    assert "gateway" in users
    assert users - {"user"} <= SERVICE_LOGINS


def test_the_devices_that_come_with_a_release_have_free_names() -> None:
    shipped = [entry.device.id for entry in bundle.bundled().devices] + [one.id for one in load_fleet().devices]
    assert len(shipped) > 10
    for name in shipped:
        check_free(name)


def test_a_folder_with_such_a_device_is_refused(tmp_path: Path) -> None:
    folder = copytree(TRAILS / "stadtwald", tmp_path / "trail")
    devices = json.loads((folder / "devices.json").read_text(encoding="utf-8"))
    devices[0]["id"] = "gateway"
    (folder / "devices.json").write_text(json.dumps(devices), encoding="utf-8")
    with pytest.raises(InvalidInput, match="ID is 'gateway', expected a name that is no service's login"):
        bundle.read(folder)


def test_the_store_takes_no_such_device_and_keeps_one_that_is_there(demo_trail: None, database: Database) -> None:
    with database.transaction() as connection:
        station = next(iter(device_status.list_devices(connection))).station
        assert station is not None
        for way in (
            lambda: edit_device.register(connection, "gateway", Position(station=station), DeviceChange()),
            lambda: save_device(connection, replace(Device(id="x", trail="stadtwald"), id="gateway")),
        ):
            with pytest.raises(InvalidInput, match="service's login"):
                way()
        connection.execute("INSERT INTO device (id, trail, station) VALUES ('gateway', 'stadtwald', %s)", [station])
        assert device_status.find(connection, "gateway").station == station
