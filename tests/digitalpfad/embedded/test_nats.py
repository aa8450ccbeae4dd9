"""Who may do what at the embedded broker."""

from __future__ import annotations

import os
import secrets
import signal
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import bcrypt
import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion

from digitalpfad.data_directory.folder import DataDir
from digitalpfad.embedded.nats import EmbeddedNats
from digitalpfad.embedded.process import Supervisor
from gateway.mqtt.config import parse_url
from geodata.errors import StartRefused
from tests.fixtures.process.ports import free_port
from tests.fixtures.process.waiting import wait_until

TELEMETRY = "digitalpfad/v1/stadtwald/{}/event/telemetry"
CONFIRM = "digitalpfad/v1/stadtwald/{}/command/confirm"


def digest(password: str) -> str:
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(4)).decode()


class Peer:
    """A client that notes what it gets."""

    def __init__(
        self, broker: EmbeddedNats, user: str, password: str, client_id: str = "", *, clean: bool = True
    ) -> None:
        self.messages: list[MQTTMessage] = []
        self.connected: list[bool] = []
        self.granted: dict[int, list[bool]] = {}
        self.gone = threading.Event()
        name = client_id or f"test-{secrets.token_hex(8)}"
        self.client = Client(
            CallbackAPIVersion.VERSION2, client_id=name, clean_session=clean, protocol=MQTTProtocolVersion.MQTTv311,
            reconnect_on_failure=False,
        )  # fmt: skip
        self.client.username_pw_set(user, password)
        self.client.on_connect = lambda _c, _u, _f, reason, _p: self.connected.append(not reason.is_failure)
        self.client.on_message = lambda _c, _u, message: self.messages.append(message)
        self.client.on_subscribe = self._on_subscribe
        self.client.on_disconnect = lambda *_: self.gone.set()
        self.client.connect("127.0.0.1", broker.port, keepalive=30)
        self.client.loop_start()
        wait_until(lambda: self.connected or self.gone.is_set())

    def _on_subscribe(self, _client: object, _data: object, mid: int, reasons: list, _properties: object) -> None:
        self.granted[mid] = [not reason.is_failure for reason in reasons]

    @property
    def welcome(self) -> bool:
        return self.connected == [True]

    def may_subscribe(self, topic: str) -> bool:
        _, mid = self.client.subscribe(topic, qos=1)
        assert mid is not None
        return wait_until(lambda: self.granted.get(mid))[0]

    def publish(self, topic: str, payload: bytes = b"x", *, retain: bool = False) -> None:
        self.client.publish(topic, payload, qos=1, retain=retain).wait_for_publish(5)

    def leave(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[EmbeddedNats, Supervisor]]:
    with tempfile.TemporaryDirectory(prefix="dp-") as name:
        supervisor = Supervisor(print, threading.Event())
        broker = EmbeddedNats(DataDir.at(Path(name, "data")).create(), "127.0.0.1", free_port())
        broker.start(supervisor, {"pond": digest("pond-secret"), "soil": digest("soil-secret")})
        yield broker, supervisor
        supervisor.stop_all()


@pytest.fixture
def broker(running: tuple[EmbeddedNats, Supervisor]) -> EmbeddedNats:
    return running[0]


@pytest.fixture
def gateway(broker: EmbeddedNats) -> Iterator[Peer]:
    url = parse_url(broker.url)
    peer = Peer(broker, url.user, url.password)
    yield peer
    peer.leave()


@pytest.fixture
def pond(broker: EmbeddedNats) -> Iterator[Peer]:
    peer = Peer(broker, "pond", "pond-secret")
    yield peer
    peer.leave()


@pytest.mark.parametrize(
    ("user", "password"), [("pond", "soil-secret"), ("pond", ""), ("nobody", "x"), ("", ""), ("_gateway", "gateway")]
)
def test_a_wrong_login_is_refused(broker: EmbeddedNats, user: str, password: str) -> None:
    peer = Peer(broker, user, password)
    assert not peer.welcome
    peer.leave()


@pytest.mark.parametrize(
    "topic",
    ["#", "+/+/+/+/#", "digitalpfad/#", "digitalpfad/v1/stadtwald/#", "digitalpfad/v1/stadtwald/+/command/#",
     "digitalpfad/v1/stadtwald/soil/command/#", "digitalpfad/v1/stadtwald/soil/event/#", "$MQTT/#", "$JS/#", "$SYS/#",
     "$JS/API/>", "_INBOX/#", "digitalpfad/v1/stadtwald/pond/event/#"],
)  # fmt: skip
def test_a_device_may_not_read(pond: Peer, topic: str) -> None:
    assert not pond.may_subscribe(topic)


def test_a_device_reads_its_own_commands_only(pond: Peer, gateway: Peer) -> None:
    assert pond.may_subscribe("digitalpfad/v1/stadtwald/pond/command/#")
    gateway.publish(CONFIRM.format("soil"), b"not for you")
    gateway.publish(CONFIRM.format("pond"), b"for you", retain=True)
    wait_until(lambda: pond.messages)
    assert [message.payload for message in pond.messages] == [b"for you"]


def test_a_retained_confirmation_waits_for_the_device(broker: EmbeddedNats, gateway: Peer) -> None:
    gateway.publish(CONFIRM.format("soil"), b"kept", retain=True)
    soil = Peer(broker, "soil", "soil-secret")
    assert soil.may_subscribe("digitalpfad/v1/stadtwald/soil/command/#")
    wait_until(lambda: [message for message in soil.messages if message.payload == b"kept" and message.retain])
    soil.leave()


@pytest.mark.parametrize(
    "topic",
    [TELEMETRY.format("soil"), CONFIRM.format("pond"), CONFIRM.format("soil"), "digitalpfad/v1/stadtwald/pond",
     "digitalpfad/v1/stadtwald/pond/event", "digitalpfad/v1/a/b/pond/event/telemetry", "$MQTT/sub/x",
     "$JS/API/STREAM/DELETE/$MQTT_msgs"],
)  # fmt: skip
def test_a_forged_publish_reaches_nobody(broker: EmbeddedNats, gateway: Peer, topic: str) -> None:
    assert gateway.may_subscribe("digitalpfad/v1/#")
    thief = Peer(broker, "pond", "pond-secret")
    thief.publish(topic, b"forged")
    honest = Peer(broker, "pond", "pond-secret")
    honest.publish(TELEMETRY.format("pond"), b"honest")
    wait_until(lambda: [message for message in gateway.messages if message.payload == b"honest"])
    assert b"forged" not in {bytes(message.payload) for message in gateway.messages}
    thief.leave()
    honest.leave()


def test_the_gateway_reads_the_topics_of_the_contract_and_no_others(gateway: Peer, broker: EmbeddedNats) -> None:
    assert gateway.may_subscribe("digitalpfad/v1/stadtwald/+/event/#")
    for foreign in ("#", "$JS/#", "application/+/device/+/event/up", "v3/+/devices/+/up"):
        assert not gateway.may_subscribe(foreign)


@pytest.mark.parametrize("size", [40_000, 70_000, 1_000_000])
def test_a_message_above_the_contracts_size_still_arrives(pond: Peer, gateway: Peer, size: int) -> None:
    assert gateway.may_subscribe("digitalpfad/v1/+/+/event/#")
    pond.publish(TELEMETRY.format("pond"), b"x" * size)
    wait_until(lambda: [message for message in gateway.messages if len(message.payload) == size])


def test_a_message_above_a_mebibyte_ends_the_connection_unacknowledged(pond: Peer) -> None:
    sent = pond.client.publish(TELEMETRY.format("pond"), b"x" * 1_100_000, qos=1)
    assert pond.gone.wait(5)
    broke_while_sending = sent.rc == MQTTErrorCode.MQTT_ERR_NO_CONN
    assert broke_while_sending or not sent.is_published()


def test_a_new_device_is_let_in_and_a_revoked_one_thrown_out_within_five_seconds(
    running: tuple[EmbeddedNats, Supervisor],
) -> None:
    broker, supervisor = running
    users = {"pond": digest("pond-secret"), "soil": digest("soil-secret")}
    broker.reload(supervisor, {**users, "counter": digest("counter-secret")})

    def let_in() -> Peer | None:
        peer = Peer(broker, "counter", "counter-secret")
        if peer.welcome:
            return peer
        peer.leave()
        return None

    counter = wait_until(let_in, 5)
    pond = Peer(broker, "pond", "pond-secret")
    login = parse_url(broker.url)
    gateway = Peer(broker, login.user, login.password)
    broker.reload(supervisor, users)
    wait_until(counter.gone.is_set, 5)
    late = Peer(broker, "counter", "counter-secret")
    assert not late.welcome
    assert not pond.gone.is_set(), "a reload must not disturb the others"
    assert not gateway.gone.is_set()
    for peer in (counter, late, pond, gateway):
        peer.leave()


@pytest.mark.parametrize("name", ["gateway", "doctor", "digitalpfad"])
def test_a_device_may_have_any_name(running: tuple[EmbeddedNats, Supervisor], name: str) -> None:
    broker, supervisor = running
    users = {"pond": digest("pond-secret"), "soil": digest("soil-secret")}
    broker.reload(supervisor, {**users, name: digest("its-secret")})

    def let_in() -> bool:
        peer = Peer(broker, name, "its-secret")
        peer.leave()
        return peer.welcome

    wait_until(let_in, 5)
    broker.reload(supervisor, users)


def test_unread_messages_survive_a_killed_broker(data: DataDir, supervisor: Supervisor, reports: list[str]) -> None:
    broker = EmbeddedNats(data, "127.0.0.1", free_port())
    broker.start(supervisor, {"pond": digest("pond-secret")})
    login = parse_url(broker.url)
    reader = Peer(broker, login.user, login.password, "reader", clean=False)
    assert reader.may_subscribe("digitalpfad/v1/+/+/event/#")
    reader.leave()
    pond = Peer(broker, "pond", "pond-secret")
    for number in range(200):
        pond.publish(TELEMETRY.format("pond"), str(number).encode())
    pond.leave()
    os.kill(supervisor.pid("The MQTT broker"), signal.SIGKILL)
    wait_until(lambda: supervisor.watch() or any("runs again" in report for report in reports))

    def again() -> Peer | None:
        try:
            return Peer(broker, login.user, login.password, "reader", clean=False)
        except ConnectionRefusedError:
            return None

    reader = wait_until(again)
    wait_until(lambda: len({bytes(message.payload) for message in reader.messages}) == 200)
    reader.leave()


def test_a_taken_port_is_refused_in_one_sentence(data: DataDir, broker: EmbeddedNats, supervisor: Supervisor) -> None:
    with pytest.raises(StartRefused, match=rf"Port {broker.port} .* DIGITALPFAD_MQTT_PORT\.$"):
        EmbeddedNats(data, "127.0.0.1", broker.port).start(supervisor, {})


def test_the_configuration_is_readable_by_its_owner_alone(broker: EmbeddedNats) -> None:
    assert (broker.data.path / "nats.conf").stat().st_mode & 0o077 == 0


def test_a_data_directory_may_have_any_printable_name(folder: Path, supervisor: Supervisor) -> None:
    data = DataDir.at(folder / "nc-jürgen \"wald\" \\u{$HOME} '日本' 🌲").create()
    broker = EmbeddedNats(data, "127.0.0.1", free_port())
    broker.start(supervisor, {"pond": digest("pond-secret")})
    peer = Peer(broker, "pond", "pond-secret")
    assert peer.welcome
    peer.leave()
    assert (data.path / "nats" / "jetstream").is_dir()
