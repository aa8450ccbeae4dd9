"""TLS as the web app and the embedded broker speak it: real processes, real handshakes."""

from __future__ import annotations

import json
import re
import secrets
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from api.http.server import BoundedServer
from digitalpfad.config.model import Settings
from digitalpfad.data_directory.folder import DataDir
from digitalpfad.embedded.nats import EmbeddedNats
from digitalpfad.embedded.process import Supervisor
from digitalpfad.process.serving import Serving
from digitalpfad.running import web_port
from digitalpfad.services import broker as known_broker
from digitalpfad.services import keep_broker
from digitalpfad.tls import certificate, configured, kept_certificate
from digitalpfad.up import children
from digitalpfad.up.broker_certificate import BrokerCertificate
from firmware_sim.devices.link import BrokerAddress as SimulatedBroker
from firmware_sim.devices.link import _client as simulated_client
from gateway.mqtt.clean_connect import BrokerRefused
from gateway.mqtt.config import parse_url
from gateway.mqtt.probe import probe
from tests.digitalpfad.commandline import ROOT, run
from tests.digitalpfad.embedded.test_nats import digest
from tests.digitalpfad.up.test_up import Ports, shows, system
from tests.fixtures.process.environment import without_settings
from tests.fixtures.process.ports import free_port
from tests.fixtures.process.servers import running, wait_for_port
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.web import certificates
from tests.fixtures.web.serving import serve

Pair = tuple[Path, Path]


@pytest.fixture
def pair(folder: Path) -> Pair:
    return certificates.make(folder / "tls", sans=f"DNS:{certificates.NAME}")  # not the address it is asked at


def test_old_versions_can_be_spoken_here_so_that_a_refusal_is_the_servers(pair: Pair) -> None:
    assert [certificates.can_be_spoken(version, pair) for version in certificates.OLD] == [True, True]


def variables(pair: Pair, prefix: str = "") -> dict[str, str]:
    names = (f"DIGITALPFAD_{prefix}TLS_CERTIFICATE_FILE", f"DIGITALPFAD_{prefix}TLS_KEY_FILE")
    return dict(zip(names, map(str, pair), strict=True))


@pytest.fixture
def web(demo: dict[str, str], folder: Path, pair: Pair) -> Iterator[tuple[Settings, Path]]:
    """A web app with the certificate."""
    port, log = free_port(), folder / "web.log"
    given = {**demo, "DIGITALPFAD_PORT": str(port), **variables(pair)}
    env = without_settings()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "digitalpfad", "web"], cwd=folder, stdout=output, stderr=output,
            env={**env, **given, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
    with running(process):
        wait_for_port(process, port, log)
        yield Settings.model_validate({"port": port, "tls_certificate_file": pair[0], "tls_key_file": pair[1]}), log


def test_the_web_app_speaks_tls_1_2_and_newer_and_shows_a_renewed_certificate(
    web: tuple[Settings, Path], folder: Path, pair: Pair
) -> None:
    present, log = web
    assert [certificates.accepts_version(present.port, version) for version in certificates.OLD] == [False, False]
    assert [certificates.accepts_version(present.port, version) for version in certificates.NEW] == [True, True]
    asked = children.answers(f"{web_port.address(present)}/healthz")
    assert asked()
    first = certificates.shown_at(present.port)

    pair[1].write_text("torn")
    wait_until(lambda: "certificate-not-renewed" in log.read_text())
    assert certificates.shown_at(present.port) == first
    assert asked(), "a renewal that failed takes nothing away"

    certificates.make(folder / "tls", sans="DNS:another.example.org")
    wait_until(lambda: certificates.shown_at(present.port) != first)
    assert certificates.shown_at(present.port).strip() == pair[0].read_text().strip()
    assert asked(), "up does not start the web app anew because it has another name"


def test_a_guest_who_never_begins_tls_does_not_keep_the_connection(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.http.server._HANDSHAKE_S", 0.2)

    present = Settings.model_validate({"tls_certificate_file": pair[0], "tls_key_file": pair[1]})
    config = uvicorn.Config(
        FastAPI(), host="127.0.0.1", port=0, log_config=None, lifespan="off", **Serving(present).options
    )
    with (
        serve(BoundedServer(config, lambda: None)) as served,
        socket.create_connection(("127.0.0.1", served.port), timeout=10) as silent,
    ):
        assert silent.recv(1) == b"", "closed, not timed out"


class Guest:
    """An MQTT client that trusts ``chain``."""

    def __init__(self, port: int, chain: Path | None) -> None:
        self.gone = False
        self.welcome: list[bool] = []
        self.client = Client(CallbackAPIVersion.VERSION2, client_id=secrets.token_hex(8), reconnect_on_failure=False)
        self.client.username_pw_set("pond", "pond-secret")
        if chain:
            self.client.tls_set(str(chain))
            self.client.tls_insecure_set(True)  # the gateway checks the name, see below
        self.client.on_connect = lambda _c, _u, _f, reason, _p: self.welcome.append(not reason.is_failure)
        self.client.on_disconnect = self._on_disconnect
        self.client.connect("127.0.0.1", port, keepalive=30)
        self.client.loop_start()
        wait_until(lambda: self.welcome or self.gone)

    def _on_disconnect(self, *_: object) -> None:
        self.gone = True

    def leave(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


def test_the_embedded_broker_with_a_certificate_speaks_tls_alone(
    data: DataDir, supervisor: Supervisor, folder: Path, pair: Pair
) -> None:
    found = certificate.read(*pair, configured.MQTT)
    broker = EmbeddedNats(data, "127.0.0.1", free_port(), certificate=found)
    broker.start(supervisor, {"pond": digest("pond-secret")})
    assert [certificates.accepts_version(broker.port, version) for version in certificates.OLD] == [False, False]
    assert [certificates.accepts_version(broker.port, version) for version in certificates.NEW] == [True, True]
    plain = Guest(broker.port, None)
    assert (plain.welcome, plain.gone) == ([], True), "nobody says a password in the open"
    plain.leave()

    keep_broker(data, broker.url, found)
    present = Settings.model_validate({"data_dir": data.path})
    probe(known_broker(present))
    with pytest.raises(BrokerRefused, match="certificate"):
        probe(parse_url(broker.url, str(pair[0])))  # the address is not in the certificate
    with pytest.raises(BrokerRefused, match="certificate"):
        probe(parse_url(broker.url, server_name=certificates.NAME))  # nobody has signed it

    pond = Guest(broker.port, pair[0])
    first = certificates.shown_at(broker.port)
    certificates.make(folder / "tls", sans=f"DNS:{certificates.NAME}")
    broker.renew(supervisor, certificate.read(*pair, configured.MQTT))
    wait_until(lambda: certificates.shown_at(broker.port) != first)
    probe(known_broker(present))
    assert not pond.gone, "open connections stay"
    pond.leave()


@pytest.mark.parametrize("left", [None, "torn"], ids=["missing", "torn"])
def test_a_device_is_thrown_out_and_the_gateway_let_in_whatever_became_of_the_files_of_the_certificate(
    data: DataDir, supervisor: Supervisor, pair: Pair, left: str | None
) -> None:
    found = certificate.read(*pair, configured.MQTT)
    broker = EmbeddedNats(data, "127.0.0.1", free_port(), certificate=found)
    broker.start(supervisor, {"pond": digest("pond-secret")})
    keep_broker(data, broker.url, found)
    pond = Guest(broker.port, pair[0])
    assert pond.welcome == [True]
    for file in pair:
        file.unlink()
        if left:
            file.write_text(left)
    broker.reload(supervisor, {})
    wait_until(lambda: pond.gone)
    probe(known_broker(Settings.model_validate({"data_dir": data.path})))
    pond.leave()


def test_up_takes_a_renewed_certificate_as_soon_as_it_can_keep_it_and_says_why_not_once(
    data: DataDir, supervisor: Supervisor, pair: Pair, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("digitalpfad.up.broker_certificate._AGAIN_S", 0.0)
    found = certificate.read(*pair, configured.MQTT)
    broker = EmbeddedNats(data, "127.0.0.1", free_port(), certificate=found)
    broker.start(supervisor, {})
    said: list[str] = []
    followed = BrokerCertificate(broker, found, supervisor, said.append)
    kept = kept_certificate.file(data)
    assert kept.stat().st_mode & 0o777 == 0o600
    first = kept.read_text()
    (data.path / "mqtt-tls-next.pem").mkdir()  # nothing can be written there
    certificates.make(folder / "tls", sans=f"DNS:{certificates.NAME}")
    for _ in range(3):
        followed.look()
    assert [line.endswith("The MQTT broker continues with the certificate of before.") for line in said] == [True]
    assert kept.read_text() == first
    (data.path / "mqtt-tls-next.pem").rmdir()
    followed.look()
    followed.look()
    assert said[1:] == ["The MQTT broker shows a new certificate."]
    wait_until(lambda: certificates.shown_at(broker.port).strip() == pair[0].read_text().strip())


def test_the_simulator_checks_the_name_that_it_is_told(data: DataDir, supervisor: Supervisor, pair: Pair) -> None:
    broker = EmbeddedNats(data, "127.0.0.1", free_port(), certificate=certificate.read(*pair, configured.MQTT))
    broker.start(supervisor, {"pond": digest("pond-secret")})

    def connect(server_name: str) -> None:
        url = f"mqtts://127.0.0.1:{broker.port}"
        client = simulated_client(
            SimulatedBroker.parse(url, ca_file=str(pair[0]), server_name=server_name), "pond", "pond-secret"
        )
        try:
            client.connect("127.0.0.1", broker.port)
        finally:
            client.disconnect()

    connect(certificates.NAME)
    with pytest.raises(ssl.SSLCertVerificationError):
        connect("")


@pytest.mark.timeout(200)
def test_a_whole_system_with_certificates_measures_answers_and_is_found_well_by_the_doctor(
    folder: Path, pair: Pair
) -> None:
    ports = Ports()
    given = variables(pair) | variables(pair, "MQTT_")
    with system(folder, ports, "--demo", **given) as (process, output):
        wait_until(lambda: shows(process, output, "First live value after"), 150)
        said = output.read_text()
        assert f"https://127.0.0.1:{ports.web}/" in said
        assert f"mqtts://127.0.0.1:{ports.mqtt}" in said
        beside = given | {"DIGITALPFAD_DATA_DIR": str(folder / "data"), "DIGITALPFAD_PORT": str(ports.web)}
        doctor = run("doctor", "--json", **beside)
        found = {one["check"]: one for one in json.loads(doctor.stdout)}
        good = ("broker", "device logins", "client ids", "port", "certificate of the web app")
        assert [name for name in good if not found[name]["ok"]] == []
        renewed = run("device", "password", "klima-01", "--json", **beside)
        assert (renewed.returncode, "the broker takes the new" in renewed.stderr) == (0, True)
        with socket.create_connection(("127.0.0.1", ports.mqtt), timeout=5) as plain:
            plain.sendall(b"\x10\x0c\x00\x04MQTT\x04\x02\x00<\x00\x00")  # CONNECT without TLS
            assert not plain.recv(100).startswith(b"\x20"), "no CONNACK"
        first = certificates.shown_at(ports.mqtt)
        certificates.make(folder / "tls", sans="DNS:another.example.org")
        wait_until(lambda: shows(process, output, "The MQTT broker shows a new certificate."))
        wait_until(lambda: shows(process, output, f"It does not name {certificates.NAME}: start anew"))
        wait_until(lambda: certificates.shown_at(ports.mqtt) != first)
        pair[0].write_text("torn")
        wait_until(lambda: shows(process, output, "The MQTT broker continues with the certificate of before."))
        told = f"The file {pair[0]} (DIGITALPFAD_MQTT_TLS_CERTIFICATE_FILE) holds no certificate"
        wait_until(lambda: shows(process, output, told))
        revoked = run("device", "revoke", "klima-01", **beside)
        assert (revoked.returncode, "The broker has thrown it out" in revoked.stderr) == (0, True)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


@pytest.mark.parametrize("content", [None, "no certificate"], ids=["missing", "unreadable"])
def test_a_file_with_the_authority_that_cannot_be_used_is_a_refusal_that_names_it(
    tmp_path: Path, content: str | None
) -> None:
    file = tmp_path / "authority.pem"
    if content is not None:
        file.write_text(content)
    with pytest.raises(BrokerRefused, match=re.escape(f"{file}, cannot be used: ")):
        probe(parse_url("mqtts://user:password@localhost:1", str(file)))
