"""The simulator as a process of its own against a real mosquitto that knows every device's secret and rights."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from tests.fixtures.brokers.mosquitto import GATEWAY, Mosquitto
from tests.fixtures.process.waiting import wait_until

PACKAGE = Path(__file__).parents[2] / "firmware-sim"
SECRETS = {"klima-01": "one", "klima-07": "seven", "zaehler-01": "count"}
DEADLINE_S = 20.0
TELEMETRY = "digitalpfad/v1/stadtwald/klima-01/event/telemetry"
STATUS = "digitalpfad/v1/stadtwald/klima-01/event/status"
CONFIRM = "digitalpfad/v1/stadtwald/klima-01/command/confirm"


class Ear:
    """A client with the gateway's rights that hears all events, also those it was away for, and can confirm."""

    def __init__(self, broker: Mosquitto, client_id: str = "ear") -> None:
        self.heard: list[tuple[str, dict, bool]] = []
        self.changed = threading.Condition()
        self.subscribed = threading.Event()
        self.client = Client(CallbackAPIVersion.VERSION2, client_id, clean_session=False)
        self.client.username_pw_set(GATEWAY, "g")
        self.client.on_message = self.hear
        self.client.on_connect = self.listen
        self.client.on_subscribe = lambda *_: self.subscribed.set()
        self.client.reconnect_delay_set(1, 1)
        self.client.connect("127.0.0.1", broker.port)
        self.client.loop_start()
        assert self.subscribed.wait(DEADLINE_S)

    def listen(self, *_: object) -> None:
        self.client.subscribe("digitalpfad/v1/+/+/event/#", qos=1)

    def hear(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        with self.changed:
            self.heard.append((message.topic, json.loads(message.payload), message.retain))
            self.changed.notify_all()

    def wait_for(self, what: str, found: Callable[[], object]) -> None:
        with self.changed:
            assert self.changed.wait_for(found, DEADLINE_S), f"{what} did not come; heard {self.heard[-5:]}"

    def of(self, topic: str) -> list[dict]:
        return [payload for heard, payload, _ in self.heard if heard == topic]

    def readings(self, topic: str = TELEMETRY) -> list[tuple[str, int]]:
        """(boot, seq) in the order of receipt."""
        messages = self.of(topic)
        return [(each["boot"], part["seq"]) for each in messages for part in each.get("readings", [each])]

    def confirm(self, boot: str, seq: int) -> None:
        self.client.publish(CONFIRM, json.dumps({"boot": boot, "seq": seq}), qos=1, retain=True).wait_for_publish(5)

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


@pytest.fixture
def broker(mosquitto: Callable[..., Mosquitto]) -> Mosquitto:
    return mosquitto(users={**SECRETS, GATEWAY: "g"})


@pytest.fixture
def ear(broker: Mosquitto) -> Iterator[Ear]:
    ear = Ear(broker)
    yield ear
    ear.close()


@contextmanager
def simulator(broker: Mosquitto, log: Path, *arguments: str) -> Generator[subprocess.Popen[bytes]]:
    command = [
        sys.executable,
        "-m",
        "firmware_sim",
        "--url",
        f"mqtt://127.0.0.1:{broker.port}",
        "--device",
        "klima-01",
        *arguments,
    ]
    if "--credentials" not in arguments:
        command += ["--password", SECRETS["klima-01"]]
    with log.open("ab") as stderr:
        process = subprocess.Popen(command, stderr=stderr, env={**os.environ, "PYTHONPATH": str(PACKAGE)})
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "simulator.log"


@pytest.mark.parametrize("protocol", ["3.1.1", "5"])
def test_a_killed_device_is_offline_by_its_retained_will(broker: Mosquitto, ear: Ear, log: Path, protocol: str) -> None:
    with simulator(broker, log, "--protocol", protocol) as process:
        ear.wait_for("online", lambda: ear.of(STATUS))
        online = ear.of(STATUS)[0]
        process.kill()
        ear.wait_for("the will", lambda: len(ear.of(STATUS)) == 2)
    late = Ear(broker, "late")
    late.wait_for("the retained will", lambda: late.of(STATUS))
    late.close()
    expected = {"state": "offline", "boot": online["boot"], "firmware": online["firmware"], "interval_s": 60}
    assert (STATUS, expected, True) in late.heard
    assert online["state"] == "online"


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_device_says_offline_itself_and_exits_0(broker: Mosquitto, ear: Ear, log: Path, stop: int) -> None:
    with simulator(broker, log) as process:
        ear.wait_for("telemetry", lambda: ear.of(TELEMETRY))
        process.send_signal(stop)
        assert process.wait(DEADLINE_S) == 0
    ear.wait_for("offline", lambda: len(ear.of(STATUS)) == 2)
    assert ear.of(STATUS)[1]["state"] == "offline"
    assert "time" in ear.of(STATUS)[1]  # which the will has not
    assert "Traceback" not in log.read_text()


@pytest.mark.parametrize("protocol", ["3.1.1", "5"])
def test_what_is_confirmed_is_forgotten_and_never_sent_again(
    broker: Mosquitto, ear: Ear, log: Path, tmp_path: Path, protocol: str
) -> None:
    arguments = ("--state", str(tmp_path / "state"), "--interval", "1", "--history", "30m", "--protocol", protocol)
    with simulator(broker, log, *arguments) as process:
        ear.wait_for("three readings", lambda: len(ear.readings()) >= 3)
        boot, _ = ear.readings()[0]
        ear.confirm(boot, 1)
        ear.wait_for("a reading that knows it", lambda: ear.of(TELEMETRY)[-1].get("oldest") == 2)
        process.send_signal(signal.SIGTERM)
        assert process.wait(DEADLINE_S) == 0
    with closing(sqlite3.connect(tmp_path / "state" / "outbox.sqlite")) as outbox:
        assert outbox.execute("SELECT min(seq) FROM reading").fetchone() == (2,)
    ear.heard.clear()
    with simulator(broker, log, *arguments):
        ear.wait_for("readings of the next boot", lambda: any(other != boot for other, _ in ear.readings()))
    assert (boot, 2) in ear.readings()
    assert not {(boot, 0), (boot, 1)} & set(ear.readings())


def test_what_was_not_confirmed_survives_a_kill_and_keeps_its_boot_and_seq(
    broker: Mosquitto, ear: Ear, log: Path, tmp_path: Path
) -> None:
    arguments = ("--state", str(tmp_path / "state"), "--interval", "1", "--history", "2h")
    with simulator(broker, log, *arguments) as process:
        ear.wait_for("readings", lambda: len(ear.readings()) >= 14)
        process.kill()
        process.wait()
    ear.wait_for("the will", lambda: len(ear.of(STATUS)) == 2)
    before, values = ear.readings(), ear.of(TELEMETRY)[0]
    ear.heard.clear()
    with simulator(broker, log, *arguments):
        ear.wait_for("readings of the next boot", lambda: len({boot for boot, _ in ear.readings()}) == 2)
        ear.wait_for("seq 0 of the next boot", lambda: any(r[0] != before[0][0] and r[1] == 0 for r in ear.readings()))
    again = ear.readings()
    assert again[: len(before)] == before
    assert ear.of(TELEMETRY)[0]["readings"][:12] == values["readings"][:12]


def test_after_the_broker_was_gone_the_unconfirmed_comes_again_in_order(broker: Mosquitto, ear: Ear, log: Path) -> None:
    with simulator(broker, log, "--interval", "1", "--history", "30m", "--patience", "600"):
        ear.wait_for("readings", lambda: len(ear.readings()) >= 4)
        boot, _ = ear.readings()[0]
        ear.confirm(boot, 0)
        ear.wait_for("a reading that knows it", lambda: ear.of(TELEMETRY)[-1].get("oldest") == 1)
        broker.stop()
        wait_until(lambda: "device-offline" in log.read_text(), what="the loss is logged")
        ear.heard.clear()
        broker.start()
        ear.wait_for("seq 1 again", lambda: (boot, 1) in ear.readings())
        newest = max(seq for _, seq in ear.readings())
        ear.wait_for("new readings", lambda: max(seq for _, seq in ear.readings()) > newest)
    seqs = [seq for _, seq in ear.readings()]
    assert set(range(1, newest + 1)) <= set(seqs)
    assert 0 not in seqs
    assert log.read_text().count("device-offline") == 1


def test_without_a_confirmation_it_sends_again_on_the_same_connection(broker: Mosquitto, ear: Ear, log: Path) -> None:
    with simulator(broker, log, "--history", "30m", "--patience", "1"):
        ear.wait_for("the first reading twice", lambda: [seq for _, seq in ear.readings()].count(0) >= 2)
        assert len(ear.of(STATUS)) == 1
    assert "readings-sent-again" in log.read_text()


def test_an_unreadable_confirm_is_named_in_the_log_and_changes_nothing(broker: Mosquitto, ear: Ear, log: Path) -> None:
    with simulator(broker, log, "--interval", "1"):
        ear.wait_for("telemetry", lambda: ear.of(TELEMETRY))
        ear.client.publish(CONFIRM, b'{"boot": 7}', qos=1)
        wait_until(lambda: "unreadable" in log.read_text(), what="the log names it")
        ear.wait_for("more telemetry", lambda: len(ear.of(TELEMETRY)) >= 3)
    assert "oldest" not in ear.of(TELEMETRY)[-1]


def test_a_wrong_secret_is_one_line_and_does_not_stop_the_others(
    broker: Mosquitto, ear: Ear, log: Path, tmp_path: Path
) -> None:
    credentials = tmp_path / "credentials.json"
    credentials.write_text(json.dumps({**SECRETS, "klima-01": "wrong"}))
    arguments = ("--device", "klima-07", "--credentials", str(credentials))
    with simulator(broker, log, *arguments) as process:
        wait_until(lambda: "refuses" in log.read_text(), what="the refusal is logged")
        ear.wait_for("the other's telemetry", lambda: ear.readings(TELEMETRY.replace("klima-01", "klima-07")))
        process.send_signal(signal.SIGTERM)
        assert process.wait(DEADLINE_S) == 0
    assert not ear.of(STATUS)
    assert log.read_text().count("device-offline device=klima-01 ") == 1


def test_it_stops_at_once_while_no_broker_can_be_reached(broker: Mosquitto, log: Path) -> None:
    broker.stop()
    with simulator(broker, log) as process:
        wait_until(lambda: "cannot be reached" in log.read_text(), what="the log says so")
        process.send_signal(signal.SIGTERM)
        assert process.wait(DEADLINE_S) == 0


def test_a_fast_run_ends_in_the_present(broker: Mosquitto, ear: Ear, log: Path) -> None:
    with simulator(broker, log, "--history", "1h", "--speed", "1800", "--interval", "60"):
        ear.wait_for("an hour", lambda: len(ear.readings()) >= 60)
    messages = ear.of(TELEMETRY)
    times = [seconds(part["time"]) for message in messages for part in message.get("readings", [message])]
    assert len(messages) > 3  # lived through, not sent at once
    assert max(times) <= time.time() + 1


def seconds(moment: int | str) -> float:
    """Seconds since 1970 of a time as devices write it: Unix milliseconds or RFC 3339."""
    return moment / 1000 if isinstance(moment, int) else datetime.fromisoformat(moment).timestamp()
