"""Commands refuse a device with the name of a service's login, and live with one that was registered before."""

from __future__ import annotations

import json

import psycopg
import pytest

from tests.digitalpfad.commandline import run

OWN = {"DIGITALPFAD_MQTT_URL": "mqtt://stadt-lemgo:secret@127.0.0.1:1"}


def station(demo: dict[str, str]) -> str:
    return json.loads(run("device", "list", "--json", **demo).stdout)[0]["station"]


def insert_gateway(demo: dict[str, str]) -> None:
    with psycopg.connect(demo["DIGITALPFAD_DATABASE_URL"]) as connection:
        connection.execute("INSERT INTO device (id, trail) VALUES ('gateway', 'stadtwald')")
        connection.execute("INSERT INTO device_credential (device, bcrypt) VALUES ('gateway', 'old')")


def names(**variables: str) -> dict[str, str]:
    findings = json.loads(run("doctor", "--json", **variables).stdout)
    return next(one for one in findings if one["check"] == "names")


@pytest.mark.parametrize(("name", "more"), [("gateway", {}), ("admin", {}), ("gateway", OWN), ("stadt-lemgo", OWN)])
def test_a_device_with_such_a_name_is_refused_in_a_sentence(
    demo: dict[str, str], name: str, more: dict[str, str]
) -> None:
    refused = run("device", "add", name, "--station", station(demo), **demo, **more)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert f"ID is '{name}', expected a name that is no service's login at the broker." in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    german = run("device", "add", name, "--station", station(demo), **demo, **more, LC_ALL="de_DE.UTF-8")
    assert "mit dem sich kein Dienst am Broker anmeldet" in german.stderr
    assert name not in {one["id"] for one in json.loads(run("device", "list", "--json", **demo).stdout)}


def test_a_login_of_another_broker_is_free(demo: dict[str, str]) -> None:
    added = run("device", "add", "stadt-lemgo", "--station", station(demo), **demo)
    assert added.returncode == 0, added.stderr
    assert names(**demo)["ok"]
    assert names(**demo, **OWN)["found"] == "a device has the name of a service's login: stadt-lemgo"


def test_one_that_was_registered_before_is_told_by_doctor_and_can_be_revoked_but_gets_no_password(
    demo: dict[str, str],
) -> None:
    assert names(**demo)["ok"]
    insert_gateway(demo)
    assert run("migrate", **demo).returncode == 0
    finding = names(**demo)
    assert (finding["ok"], finding["found"]) == (False, "a device has the name of a service's login: gateway")
    assert "Register each anew under another id" in finding["hint"]
    refused = run("device", "password", "gateway", **demo, **OWN)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert run("device", "edit", "gateway", "--name", "Old", **demo).returncode == 0
    revoked = run("device", "revoke", "gateway", **demo, **OWN)
    assert revoked.returncode == 0
    assert "Leave the user gateway at your broker alone: it is a service's login." in revoked.stderr
    assert "mosquitto_passwd" not in revoked.stderr
    assert names(**demo)["ok"]
