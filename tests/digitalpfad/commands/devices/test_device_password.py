"""A device's new password: the old one stops working, at the broker of `up` and at brokers of one's own."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import bcrypt
import psycopg
import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from tests.digitalpfad.commandline import ROOT, run
from tests.digitalpfad.up.test_up import Ports, command
from tests.fixtures.brokers.broker import Broker
from tests.fixtures.brokers.mosquitto import Mosquitto
from tests.fixtures.brokers.nats import Nats
from tests.fixtures.process.programs import require
from tests.fixtures.process.waiting import wait_until

HANDBOOK = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
SECTION = HANDBOOK.partition("### The login of a device\n")[2].partition("\n### ")[0]
SHELL, ACL, NATS = re.findall(r"```(?:sh)?\n(.*?)```", SECTION, re.DOTALL)
EVENT = "digitalpfad/v1/stadtwald/klima-01/event/telemetry"


class Session:
    """A client that notes whether it was let in, what it hears and when it is thrown out."""

    def __init__(self, port: int, user: str, password: str) -> None:
        self.let_in: list[bool] = []
        self.heard: list[str] = []
        self.granted = 0
        self.gone = False
        self.client = Client(
            CallbackAPIVersion.VERSION2, client_id=f"{user}-{id(self)}", protocol=MQTTProtocolVersion.MQTTv311,
            reconnect_on_failure=False,
        )  # fmt: skip
        self.client.username_pw_set(user, password)
        self.client.on_connect = lambda _c, _u, _f, reason, _p: self.let_in.append(not reason.is_failure)
        self.client.on_message = lambda _c, _u, one: self.heard.append(one.topic)
        self.client.on_subscribe = lambda *_: setattr(self, "granted", self.granted + 1)
        self.client.on_disconnect = lambda *_: setattr(self, "gone", True)
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        wait_until(lambda: self.let_in or self.gone)

    @property
    def welcome(self) -> bool:
        return self.let_in == [True]

    def listen(self, topic: str) -> None:
        self.client.subscribe(topic, 1)
        wait_until(lambda: self.granted)

    def publish(self, topic: str) -> None:
        self.client.publish(topic, b"1", qos=1).wait_for_publish(5)

    def leave(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


def welcome(port: int, user: str, password: str) -> bool:
    session = Session(port, user, password)
    session.leave()
    return session.welcome


@pytest.mark.timeout(120)
def test_the_broker_of_up_ends_the_open_session_and_lets_in_the_new_password_alone_and_nobody_once_revoked(
    demo: dict[str, str], folder: Path
) -> None:
    ports = Ports()
    line, env = command(folder, ports)
    env |= {"DIGITALPFAD_DATABASE_URL": demo["DIGITALPFAD_DATABASE_URL"]}
    station = json.loads(run("device", "list", "--json", **demo).stdout)[0]["station"]
    added = run("device", "add", "klima-99", "--station", station, **demo)
    assert "'digitalpfad device password klima-99' replaces a lost one." in added.stderr
    old = added.stdout.split()[3]
    with psycopg.connect(demo["DIGITALPFAD_DATABASE_URL"]) as connection:  # as an earlier release let it
        connection.execute("INSERT INTO device (id, trail) VALUES ('gateway', 'stadtwald')")
        connection.execute("INSERT INTO device_credential (device, bcrypt) VALUES ('gateway', 'a word')")
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(line, env=env, cwd="/", stdout=output, stderr=output)
    try:
        wait_until(lambda: "Ctrl-C stops everything." in (folder / "output").read_text(encoding="utf-8"), 60)
        note = "Note: a device has the name of a service's login: gateway. Register each anew"
        wait_until(lambda: note in (folder / "output").read_text(encoding="utf-8"))
        assert "The MQTT broker does not let in 'gateway'" in (folder / "output").read_text(encoding="utf-8")
        beside = demo | {"DIGITALPFAD_DATA_DIR": str(folder / "data"), "DIGITALPFAD_MQTT_PORT": str(ports.mqtt)}
        session, other = Session(ports.mqtt, "klima-99", old), Session(ports.mqtt, "klima-99", "wrong")
        assert (session.welcome, other.welcome) == (True, False)
        given = run("device", "password", "klima-99", "--json", **beside)
        new = json.loads(given.stdout)["password"]
        assert (given.returncode, "the broker takes the new" in given.stderr) == (0, True)
        wait_until(lambda: session.gone, 5)
        assert welcome(ports.mqtt, "klima-99", new)
        assert not welcome(ports.mqtt, "klima-99", old)
        last = Session(ports.mqtt, "klima-99", new)
        revoked = run("device", "revoke", "klima-99", **beside)
        assert (revoked.returncode, "The broker has thrown it out" in revoked.stderr) == (0, True)
        wait_until(lambda: last.gone, 5)
        assert not welcome(ports.mqtt, "klima-99", new)
        for one in (session, other, last):
            one.leave()
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


def test_a_new_password_is_printed_once_with_user_and_topic_and_its_hash_for_ones_own_broker(
    demo: dict[str, str],
) -> None:
    device = json.loads(run("device", "list", "--json", **demo).stdout)[0]["id"]
    first, second = (run("device", "password", device, **demo).stdout.splitlines() for _ in range(2))
    assert first[0] == f"user      {device}"
    assert first[1] != second[1]
    assert [line.split()[0] for line in first] == ["user", "password", "topic"]
    own = {**demo, "DIGITALPFAD_MQTT_URL": "mqtt://gateway:secret@127.0.0.1:1"}
    told = run("device", "password", device, **own, LC_ALL="de_DE.UTF-8")
    login = dict(line.split() for line in told.stdout.splitlines())
    assert bcrypt.checkpw(login["password"].encode(), login["bcrypt"].encode())
    assert f"'mosquitto_passwd /etc/mosquitto/digitalpfad.passwd {device}'" in told.stderr
    assert told.stderr.startswith("Das Passwort wird nur dieses eine Mal gezeigt")
    assert "secret" not in told.stdout + told.stderr


def test_a_revoked_and_an_unknown_device_get_no_password(demo: dict[str, str]) -> None:
    device = json.loads(run("device", "list", "--json", **demo).stdout)[0]["id"]
    assert run("device", "revoke", device, **demo).returncode == 0
    refused = run("device", "password", device, **demo)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert f"device is '{device}', expected a device that is not revoked. Register it anew" in refused.stderr
    unknown = run("device", "password", "nobody", **demo)
    assert (unknown.returncode, "There is no device 'nobody'." in unknown.stderr) == (2, True)


def reload(broker: Broker) -> None:
    """What `systemctl reload` and `nats-server --signal reload` do."""
    assert broker.process is not None
    os.kill(broker.process.pid, signal.SIGHUP)


def checked(broker: Broker, device: str, password: str) -> int:
    """The exit code of the command by which the handbook has a login tried."""
    (line,) = re.findall(r"`digitalpfad (device check .+?)`", SECTION)
    command = line.replace("klima-01", device).split()
    with mock.patch.object(sys, "stdin", io.StringIO(f"{password}\n")):
        ended = run(*command, "--url", f"mqtt://127.0.0.1:{broker.port}", "--json")
    assert json.loads(ended.stdout)["let_in"] == (ended.returncode == 0)
    assert password not in ended.stdout + ended.stderr
    return ended.returncode


def test_the_login_that_is_tried_is_said_in_a_sentence(mosquitto: Callable[..., Mosquitto]) -> None:
    broker = mosquitto(users={"gateway": "gateway-secret", "klima-01": "right"})
    own = {"DIGITALPFAD_MQTT_URL": broker.url()}
    told: list[tuple[int, str]] = []
    for word in ("right", "false"):
        with mock.patch.object(sys, "stdin", io.StringIO(word)):
            ended = run("device", "check", "klima-01", **own, LC_ALL="C")
        told.append((ended.returncode, ended.stderr))
    address = f"127.0.0.1:{broker.port}"
    assert told == [
        (0, f"The broker at {address} lets in klima-01.\n"),
        (1, f"digitalpfad: The broker at {address} refuses the login: Not authorized.\n"),
    ]
    wrong = run("device", "check", "klima-01", "--url", "host:1883", **own)
    assert (wrong.returncode, "expected an address such as mqtts://host:8883" in wrong.stderr) == (2, True)


def test_the_handbooks_commands_for_mosquitto_change_a_password_and_throw_out_the_old_one(
    mosquitto: Callable[..., Mosquitto],
) -> None:
    broker = mosquitto(users={"gateway": "gateway-secret", "klima-01": "old", "klima-02": "other"})
    passwords = broker.folder / "passwords"
    before = passwords.stat()
    session, other = Session(broker.port, "klima-01", "old"), Session(broker.port, "klima-02", "other")
    change, again = SHELL.splitlines()
    assert again == "systemctl reload mosquitto"
    program, file, device = change.split()
    assert file == "/etc/mosquitto/digitalpfad.passwd"
    subprocess.run([require(program), passwords, device], input="new\nnew\n", text=True, check=True)
    after = passwords.stat()
    assert (after.st_uid, after.st_mode) == (before.st_uid, before.st_mode)
    assert welcome(broker.port, "klima-01", "old"), "not before the reload"
    assert checked(broker, "klima-01", "new") == 1
    reload(broker)
    wait_until(lambda: session.gone, 5)
    assert [checked(broker, "klima-01", word) for word in ("new", "old")] == [0, 1]
    assert not other.gone
    gateway, revoked = Session(broker.port, "gateway", "gateway-secret"), Session(broker.port, "klima-01", "new")
    gateway.listen("digitalpfad/v1/+/+/event/#")
    (removal,) = re.findall(r"`(mosquitto_passwd -D .+?)`", SECTION)
    program, option, _, device = removal.split()
    subprocess.run([require(program), option, passwords, device], check=True)
    reload(broker)
    wait_until(lambda: revoked.gone, 5)
    revoked.client.publish(EVENT, b"late", qos=1)
    assert checked(broker, "klima-01", "new") == 1
    other.publish(EVENT.replace("klima-01", "klima-02"))
    wait_until(lambda: gateway.heard)
    assert gateway.heard == [EVENT.replace("klima-01", "klima-02")]
    for one in (session, other, gateway, revoked):
        one.leave()


def test_the_handbooks_acl_lines_give_a_device_its_own_topics_after_a_reload(
    mosquitto: Callable[..., Mosquitto],
) -> None:
    broker = mosquitto(users={"gateway": "gateway-secret", "klima-01": "secret"})
    rights = broker.folder / "rights"
    without_patterns = [line for line in rights.read_text().splitlines() if not line.startswith("pattern")]
    rights.write_text("\n".join(without_patterns) + "\n")
    reload(broker)
    gateway, device = Session(broker.port, "gateway", "gateway-secret"), Session(broker.port, "klima-01", "secret")
    gateway.listen("digitalpfad/v1/+/+/event/#")
    device.listen("digitalpfad/v1/+/+/command/#")
    device.publish(EVENT)
    rights.write_text("\n".join([*without_patterns, ACL]))
    reload(broker)
    wait_until(lambda: (device.publish(EVENT), gateway.heard)[1], 5)
    device.publish(EVENT.replace("klima-01", "klima-02"))
    for name in ("klima-02", "klima-01"):
        gateway.publish(f"digitalpfad/v1/stadtwald/{name}/command/confirm")
    wait_until(lambda: device.heard)
    assert (set(gateway.heard), device.heard) == ({EVENT}, ["digitalpfad/v1/stadtwald/klima-01/command/confirm"])
    for one in (gateway, device):
        one.leave()


class HandbookNats(Nats):
    """The server with the handbook's entry beside the gateway's, as an operator writes it."""

    entry = ""

    def command(self) -> list[str | Path]:
        line = super().command()
        self.write()
        return line

    def write(self) -> None:
        config = self._config() | {"authorization": None}
        users = json.dumps({"user": "gateway", "password": "gateway-secret"}) + "\n" + self.entry
        text = json.dumps(config, indent=2).replace('"authorization": null', f"authorization {{ users = [ {users} ] }}")
        (self.folder / "nats.conf").write_text(text)


def test_the_handbooks_entry_for_nats_takes_the_printed_hash_and_throws_out_the_old_password(
    demo: dict[str, str], tmp_path: Path
) -> None:
    device = json.loads(run("device", "list", "--json", **demo).stdout)[0]["id"]
    old, new = (json.loads(run("device", "password", device, "--json", **demo).stdout) for _ in range(2))
    port = Ports().mqtt
    server = HandbookNats(tmp_path, port, users={})
    server.entry = NATS.replace("$2a$05$…", old["bcrypt"])
    server.start()
    try:
        session = Session(port, "klima-01", old["password"])
        gateway = Session(port, "gateway", "gateway-secret")
        gateway.listen("digitalpfad/v1/+/+/event/#")
        session.publish(EVENT.replace("klima-01", "klima-02"))
        session.publish(EVENT)
        wait_until(lambda: gateway.heard)
        assert gateway.heard == [EVENT]
        server.entry = NATS.replace("$2a$05$…", new["bcrypt"])
        server.write()
        reload(server)
        wait_until(lambda: session.gone, 5)
        assert welcome(port, "klima-01", new["password"])
        assert not welcome(port, "klima-01", old["password"])
        for one in (session, gateway):
            one.leave()
    finally:
        server.stop()
