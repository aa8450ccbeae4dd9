"""`digitalpfad device check` says why a login fails and what mends it, against real brokers."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from unittest import mock

from tests.digitalpfad.commandline import run
from tests.fixtures.brokers.mosquitto import Mosquitto
from tests.fixtures.process.ports import free_port
from tests.fixtures.web import certificates

HOST = "127.0.0.1"


Brokers = Callable[..., Mosquitto]


def with_tls(mosquitto: Brokers, chain: Path, key: Path) -> Mosquitto:
    """A broker that speaks TLS alone; it runs in an account of its own, which has to read the files."""
    key.chmod(0o644)
    return mosquitto(extra=f"certfile {chain}\nkeyfile {key}\n")


def told(url: str, device: str = "klima-01", **variables: str) -> str:
    with mock.patch.object(sys, "stdin", io.StringIO("password\n")):
        ended = run("device", "check", device, "--url", url, **{"LC_ALL": "C", **variables})
    assert ended.returncode == 1
    (line,) = ended.stderr.splitlines()
    assert "ssl.c" not in line
    assert "Errno" not in line
    return line


def test_who_meets_a_broker_with_tls_is_told_what_is_missing(mosquitto: Brokers, folder: Path) -> None:
    chain, key = certificates.make(folder / "tls", sans=f"DNS:{certificates.NAME}")
    other, _ = certificates.make(folder / "other")
    address = f"{HOST}:{with_tls(mosquitto, chain, key).port}"
    assert "speaks TLS there and takes nothing else: write mqtts:// in" in told(f"mqtt://{address}")
    assert "spricht dort TLS" in told(f"mqtt://{address}", LC_ALL="de_DE.UTF-8")
    unknown = told(f"mqtts://{address}")
    assert f"The broker at {address} shows a certificate that no usual authority signed (self" in unknown
    assert unknown.endswith("in DIGITALPFAD_MQTT_CA_FILE.")
    wrong = told(f"mqtts://{address}", DIGITALPFAD_MQTT_CA_FILE=str(other))
    assert f"shows a certificate that {other} does not vouch for" in wrong
    misnamed = told(f"mqtts://{address}", DIGITALPFAD_MQTT_CA_FILE=str(chain))
    assert f"does not name {HOST}. Use the name in it as the address, or set DIGITALPFAD_MQTT_SERVER_NAME" in misnamed


def test_an_expired_certificate_of_the_broker_is_named_as_such(mosquitto: Brokers, folder: Path) -> None:
    chain, key = certificates.make(folder, expired=True)
    broker = with_tls(mosquitto, chain, key)
    assert "has expired: renew it." in told(f"mqtts://{HOST}:{broker.port}", DIGITALPFAD_MQTT_CA_FILE=str(chain))


def test_tls_with_a_broker_that_speaks_none_and_a_port_where_nobody_listens_are_told_apart(
    mosquitto: Brokers,
) -> None:
    plain = mosquitto()
    assert "Where it listens without, write mqtt:// in place of mqtts://" in told(f"mqtts://{HOST}:{plain.port}")
    assert "cannot be reached: Connection refused." in told(f"mqtts://{HOST}:{free_port()}")


def test_of_a_login_that_is_refused_is_said_what_the_database_knows_of_the_device(
    demo: dict[str, str], mosquitto: Brokers
) -> None:
    broker = mosquitto(users={"gateway": "gateway-secret"})
    present, gone = (one["id"] for one in json.loads(run("device", "list", "--json", **demo).stdout)[:2])
    assert run("device", "revoke", gone, **demo).returncode == 0
    url = f"mqtt://{HOST}:{broker.port}"
    refused = f"digitalpfad: The broker at {HOST}:{broker.port} refuses the login: Not authorized. "
    assert told(url, "nobody", **demo).startswith(f"{refused}There is no device nobody in the database")
    assert told(url, gone, **demo).startswith(f"{refused}{gone} was revoked on 20")
    assert told(url, present, **demo).startswith(f"{refused}{present} is registered: so it has another password")
    assert "wurde am" in told(url, gone, **demo, LC_ALL="de_DE.UTF-8")
    with mock.patch.object(sys, "stdin", io.StringIO("x\n")):
        answer = json.loads(run("device", "check", gone, "--url", url, "--json", **demo).stdout)
    assert (answer["let_in"], "was revoked on" in answer["reason"]) == (False, True)
