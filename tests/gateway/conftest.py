"""Real parts on private loopback ports: a fresh database per test, NATS, mosquitto, a device that publishes."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from shapely import LineString

from tests.checkout import ROOT
from tests.fixtures.process.ports import accepts, free_port
from tests.fixtures.process.waiting import wait_until

TRAIL = "stadtwald"
DEVICES = [f"climate-{number:02d}" for number in range(1, 11)]


@pytest.fixture
def database_url(database_url: str) -> str:
    """URL of a database with two trails and the devices of these tests."""
    with psycopg.connect(database_url) as connection:
        seed(connection)
    return database_url


def seed(connection: psycopg.Connection) -> None:
    line = LineString([(8.9, 52.02), (8.92, 52.03)]).wkb
    connection.execute("INSERT INTO municipality (slug, name) VALUES ('lemgo', 'Lemgo')")
    for trail in (TRAIL, "other"):
        connection.execute(
            "INSERT INTO trail (slug, municipality, line, licence) VALUES (%s, 'lemgo', %s, 'CC-BY-4.0')", [trail, line]
        )
    for device in DEVICES:
        add_device(connection, device)


def add_device(connection: psycopg.Connection, device: str, trail: str = TRAIL) -> None:
    connection.execute("INSERT INTO device (id, trail) VALUES (%s, %s)", [device, trail])


@dataclass
class Table:
    """Looks into the database of a test."""

    url: str

    def rows(self, query: str, *parameters: object) -> list[tuple]:
        with psycopg.connect(self.url, options="-c timezone=UTC") as connection:
            return connection.execute(query.encode(), parameters).fetchall()

    def one(self, query: str, *parameters: object) -> object:
        return self.rows(query, *parameters)[0][0]

    @property
    def counters(self) -> tuple[int, int, int, int]:
        """received, stored, duplicates, quarantined over all partitions."""
        query = "SELECT sum(received), sum(stored), sum(duplicates), sum(quarantined) FROM ingest_counter"
        received, stored, duplicates, quarantined = (int(total or 0) for total in self.rows(query)[0])
        return received, stored, duplicates, quarantined

    def assert_rollups_equal_a_recount(self) -> None:
        recount = """
            SELECT datastream, date_trunc('hour', phenomenon_time), count(*) FILTER (WHERE quality = 0),
                coalesce(sum(result::numeric) FILTER (WHERE quality = 0), 0),
                count(*) FILTER (WHERE quality = 1), count(*) FILTER (WHERE quality = 2)
            FROM observation GROUP BY 1, 2 ORDER BY 1, 2"""
        kept = "SELECT datastream, hour, count, sum, suspect, missing FROM rollup_hour ORDER BY 1, 2"
        assert self.rows(kept) == self.rows(recount)


@pytest.fixture
def table(database_url: str) -> Table:
    return Table(database_url)


@dataclass
class Process:
    """A server of this test on a port of its own; killed by its process id only."""

    command: list[str]
    port: int
    log: Path
    child: subprocess.Popen[bytes] | None = None

    def start(self) -> Process:
        with self.log.open("ab") as log:
            self.child = subprocess.Popen(self.command, stdout=log, stderr=log, cwd=ROOT)
        wait_until(lambda: accepts(self.port), what=f"{self.command[0]} on port {self.port}")
        return self

    def kill(self) -> None:
        assert self.child is not None
        self.child.kill()
        self.child.wait(10)

    def stop(self) -> int:
        if self.child is None or self.child.poll() is not None:
            return self.child.returncode if self.child else 0
        self.child.send_signal(signal.SIGTERM)
        try:
            return self.child.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()
            raise


@contextmanager
def running(process: Process) -> Generator[Process]:
    process.start()
    try:
        yield process
    finally:
        process.stop()


@dataclass
class BrokerServer:
    """A broker that can be killed and started again with what it kept on disk."""

    process: Process
    url: str
    versions: tuple[str, ...]

    def restart(self) -> None:
        self.process.kill()
        self.process.start()


def nats_server(folder: Path, *, ack_wait: str = "2s", max_ack_pending: int = 1000) -> BrokerServer:
    port, mqtt_port = free_port(), free_port()
    config = folder / "nats.conf"
    config.write_text(
        f"""
        server_name: test
        listen: "127.0.0.1:{port}"
        jetstream {{ store_dir: "{folder}/jetstream", max_mem: 64M, max_file: 1G }}
        mqtt {{ listen: "127.0.0.1:{mqtt_port}", ack_wait: "{ack_wait}", max_ack_pending: {max_ack_pending} }}
        """
    )
    binary = str(Path(sys.executable).parent / "nats-server")
    process = Process([binary, "-c", str(config)], mqtt_port, folder / "nats.log")
    return BrokerServer(process, f"mqtt://127.0.0.1:{mqtt_port}", ("3.1.1",))


def mosquitto_server(folder: Path, *, persistence: bool = True) -> BrokerServer:
    port = free_port()
    config = folder / "mosquitto.conf"
    kept = "persistence true\nautosave_on_changes true\nautosave_interval 1\n" if persistence else "persistence false\n"
    config.write_text(
        f"listener {port} 127.0.0.1\nallow_anonymous true\n{kept}persistence_location {folder}/\nuser root\n"
        "max_queued_messages 100000\nmax_inflight_messages 1000\n"
    )
    process = Process(["mosquitto", "-c", str(config)], port, folder / "mosquitto.log")
    return BrokerServer(process, f"mqtt://127.0.0.1:{port}", ("3.1.1", "5"))


@pytest.fixture
def nats(tmp_path: Path) -> Iterator[BrokerServer]:
    server = nats_server(tmp_path)
    with running(server.process):
        yield server


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[BrokerServer]:
    server = mosquitto_server(tmp_path)
    with running(server.process):
        yield server


@pytest.fixture(params=["nats", "mosquitto"])
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[BrokerServer]:
    server = nats_server(tmp_path) if request.param == "nats" else mosquitto_server(tmp_path)
    with running(server.process):
        yield server


@dataclass
class Publisher:
    """A device's side: publishes at QoS 1 and knows what the broker took; notes what it is told."""

    port: int
    client: mqtt.Client = field(init=False)
    heard: dict[str, list[bytes]] = field(default_factory=dict)
    accepted: int = 0
    sent: int = 0

    def __post_init__(self) -> None:
        self.client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=f"pub-{uuid.uuid4().hex}", protocol=MQTTProtocolVersion.MQTTv311
        )
        self.client.max_inflight_messages_set(200)
        self.client.on_publish = self._on_publish
        self.client.on_message = lambda _c, _u, message: self.heard.setdefault(message.topic, []).append(
            bytes(message.payload)
        )
        self.client.connect("127.0.0.1", self.port)
        self.client.loop_start()
        wait_until(self.client.is_connected, what="the publisher's connection")

    def _on_message(self, _client: object, _data: object, message: mqtt.MQTTMessage) -> None:
        self.heard.setdefault(message.topic, []).append(bytes(message.payload))

    def _on_publish(self, *_: object) -> None:
        self.accepted += 1

    def send(
        self, device: str, message: object, event: str = "telemetry", *, trail: str = TRAIL, retain: bool = False
    ) -> None:
        payload = message if isinstance(message, bytes) else json.dumps(message).encode()
        self.sent += 1
        self.client.publish(f"digitalpfad/v1/{trail}/{device}/event/{event}", payload, qos=1, retain=retain)

    def wait(self) -> None:
        """Until the broker took everything."""
        wait_until(lambda: self.accepted >= self.sent, 60, "the broker to accept what was published")

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


@pytest.fixture
def publisher() -> Iterator[Callable[[BrokerServer], Publisher]]:
    made: list[Publisher] = []

    def make(server: BrokerServer) -> Publisher:
        made.append(Publisher(server.process.port))
        return made[-1]

    yield make
    for one in made:
        one.close()


def reading(seq: int, boot: str = "b1", base_ms: int | None = None) -> dict[str, object]:
    """A message with four values; its time follows from ``seq``."""
    time_ms = (base_ms or BASE_MS) + seq * 1000
    values = {"air_temperature": seq % 30 + 0.5, "air_humidity": 60, "air_pressure": 1001.5, "battery_voltage": 3.61}
    return {"boot": boot, "seq": seq, "time": time_ms, "values": values}


BASE_MS = int(time.time() * 1000) - 10 * 86_400_000
