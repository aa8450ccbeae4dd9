"""A broker that does what none should: it sends more than was asked for, or refuses what the gateway must have.

No broker that is to be had ignores the quality of service that was asked for, so these bytes are written by hand.
"""

from __future__ import annotations

import itertools
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from gateway.inbox import Delivery, Inbox, Message, ReceiptClock
from gateway.metrics import Metrics
from gateway.mqtt.client import Connection, Phase
from gateway.mqtt.config import Broker, Identity
from gateway.mqtt.session import Session
from tests.fixtures.process.waiting import wait_until

_CONNACK = {"3.1.1": b"\x20\x02\x00\x00", "5": b"\x20\x03\x00\x00\x00"}
_SUBSCRIBE = 0x82
_IDENTITY = Identity("gateway-under-test", ("digitalpfad/v1/+/+/event/#",), "3.1.1")


class OddBroker:
    """Greets; answers each subscription with the next of ``answers``, and keeps all else that it is sent."""

    def __init__(self, version: str, *answers: int) -> None:
        self.version = version
        self.answers = iter(answers)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.wire: socket.socket | None = None
        self.heard = b""
        self.subscriptions = 0
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        wire, _ = self.listener.accept()
        wire.recv(4096)
        wire.sendall(_CONNACK[self.version])
        self.wire = wire
        while data := wire.recv(4096):
            if data[0] != _SUBSCRIBE:
                self.heard += data
                continue
            self.subscriptions += 1
            properties = b"" if self.version == "3.1.1" else b"\0"
            body = data[2:4] + properties + bytes([next(self.answers, 1)])
            wire.sendall(bytes([0x90, len(body)]) + body)

    def send(self, packet: bytes) -> None:
        assert self.wire is not None
        self.wire.sendall(packet)

    def close(self) -> None:
        if self.wire is not None:
            with suppress(OSError):
                self.wire.shutdown(socket.SHUT_RDWR)
        self.thread.join(5)
        if self.wire is not None:
            self.wire.close()
        self.listener.close()


class Client:
    """A connection to it, worked by the test."""

    def __init__(self, broker: OddBroker, unacknowledged: dict[Message, Delivery] | None = None) -> None:
        self.wake_r, self._wake_w = socket.socketpair()
        self.received: list[Delivery] = []
        self.repeated = 0
        clock = itertools.count(1)
        self.connection = Connection(
            broker.version,
            Broker("127.0.0.1", broker.port, "", "", tls=False),
            _IDENTITY,
            unacknowledged=unacknowledged or {},
            deliver=self.received.append,
            clock=lambda: next(clock),
            repeated=self._note,
        )
        self.until(lambda: self.connection.phase is Phase.SUBSCRIBED)

    def close(self) -> None:
        self.connection.close()
        self.wake_r.close()
        self._wake_w.close()

    def _note(self) -> None:
        self.repeated += 1

    def until(self, condition: Callable[[], object]) -> None:
        def worked() -> object:
            self.connection.wait(self.wake_r.fileno(), 0.01, reading=True)
            return condition()

        wait_until(worked, what="the exchange")


@pytest.fixture(params=["3.1.1", "5"])
def broker(request: pytest.FixtureRequest) -> Iterator[OddBroker]:
    made = OddBroker(request.param)
    yield made
    made.close()


@pytest.fixture
def client(broker: OddBroker) -> Iterator[Client]:
    made = Client(broker)
    yield made
    made.close()


def publish(version: str, packet_id: int, payload: bytes, *, again: bool = False) -> bytes:
    topic = b"digitalpfad/v1/a/b/event/telemetry"
    properties = b"" if version == "3.1.1" else b"\0"
    body = len(topic).to_bytes(2, "big") + topic + packet_id.to_bytes(2, "big") + properties + payload
    return bytes([0x3C if again else 0x34, len(body)]) + body


def test_a_message_of_qos_2_is_acknowledged_after_its_commit_and_completed(broker: OddBroker, client: Client):
    broker.send(publish(broker.version, 7, b"one"))
    client.until(lambda: len(client.received) == 1)
    broker.send(publish(broker.version, 7, b"one", again=True))
    client.until(lambda: client.repeated == 1)
    assert broker.heard == b""

    client.connection.acknowledge(client.received)
    client.until(lambda: broker.heard == b"\x50\x02\x00\x07")
    broker.send(b"\x62\x02\x00\x07")
    client.until(lambda: broker.heard == b"\x50\x02\x00\x07\x70\x02\x00\x07")
    assert [(one.packet_id, one.payload) for one in client.received] == [(7, b"one")]


def test_an_identity_is_free_again_for_a_message_of_qos_1(broker: OddBroker, client: Client):
    broker.send(publish(broker.version, 7, b"two"))
    client.until(lambda: len(client.received) == 1)
    client.connection.acknowledge(client.received)
    client.until(lambda: broker.heard == b"\x50\x02\x00\x07")
    one = bytearray(publish(broker.version, 7, b"one"))
    one[0] = 0x32
    broker.send(bytes(one))
    client.until(lambda: len(client.received) == 2)
    client.connection.acknowledge(client.received[1:])
    client.until(lambda: broker.heard == b"\x50\x02\x00\x07\x40\x02\x00\x07")


def test_a_release_of_what_nobody_knows_any_more_is_completed(broker: OddBroker, client: Client):
    broker.send(b"\x62\x02\x00\x09")
    client.until(lambda: broker.heard == b"\x70\x02\x00\x09")
    assert client.received == []


@pytest.mark.parametrize("qos", [0, 1])
@pytest.mark.parametrize("size", [300, 60_000])
def test_of_a_topic_longer_than_any_the_beginning_arrives(broker: OddBroker, client: Client, qos: int, size: int):
    topic = b"digitalpfad/v1/a/b/event/" + b"x" * size
    identity = b"\x00\x07" if qos else b""
    properties = b"" if broker.version == "3.1.1" else b"\0"
    body = len(topic).to_bytes(2, "big") + topic + identity + properties + b"payload"
    length = bytes([len(body) & 127 | 128, len(body) >> 7 & 127 | (128 if size > 16_000 else 0), len(body) >> 14])
    broker.send(bytes([0x30 | qos << 1]) + length[: 3 if size > 16_000 else 2] + body)
    client.until(lambda: client.received)

    assert [(one.topic, one.payload) for one in client.received] == [
        (f"digitalpfad/v1/a/b/event/{'x' * 64}… ({len(topic)} characters)", b"payload")
    ]


@pytest.mark.parametrize("version", ["3.1.1", "5"])
def test_a_refused_subscription_is_told_as_itself_and_tried_again(version: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("gateway.mqtt.session._SUBSCRIBE_AGAIN_S", 0.6)
    broker = OddBroker(version, 0x80, 0x80, 1)
    identity = Identity(
        "gateway-under-test", ("digitalpfad/v1/+/+/event/#",), "3.1.1" if version == "3.1.1" else "auto"
    )
    address = Broker("127.0.0.1", broker.port, "", "", tls=False)
    session = Session(address, identity, Inbox(), Metrics(), lambda: True, ReceiptClock(lambda: 1))
    session.start()
    try:
        wait_until(lambda: broker.subscriptions == 2, what="the second attempt")
        assert not session.subscribed
        assert session.trouble.startswith("the broker refuses the subscription to digitalpfad/v1/+/+/event/#")
        wait_until(lambda: session.subscribed, what="the subscription")
        assert (broker.subscriptions, session.connections) == (3, 1)
    finally:
        session.stop()
        broker.close()


def test_large_messages_without_acknowledgement_wait_in_the_network_beyond_a_number(monkeypatch: pytest.MonkeyPatch):
    for name, value in {"_MOST_LARGE": 20, "_TICK_S": 0.01}.items():
        monkeypatch.setattr(f"gateway.mqtt.session.{name}", value)
    monkeypatch.setattr("gateway.mqtt.confirmations._GATHER_INTERVAL_S", 0.01)
    broker, inbox = OddBroker("3.1.1", 1), Inbox()
    topic = b"digitalpfad/v1/a/b/event/telemetry"
    body = len(topic).to_bytes(2, "big") + topic + b"x" * 2_000
    packet = b"\x30" + bytes([len(body) & 127 | 128, len(body) >> 7]) + body
    address = Broker("127.0.0.1", broker.port, "", "", tls=False)
    session = Session(address, _IDENTITY, inbox, Metrics(), lambda: True, ReceiptClock(lambda: 1))
    session.start()
    sending = threading.Thread(target=lambda: broker.send(packet * 2_000))
    try:
        wait_until(lambda: session.subscribed, what="the subscription")
        sending.start()
        wait_until(lambda: inbox.large >= 20, what="the number")
        for turn in (b"first", b"second", b"third"):
            session.confirm("digitalpfad/v1/a/b/command/confirm", "b", turn)
            wait_until(lambda turn=turn: turn in broker.heard, what="the session going on")
        assert 20 <= len(inbox) == inbox.large < 20 + 2 * 256
        taken = 0
        while taken < 2_000:
            taken += inbox.take() is not None
        assert (len(inbox), inbox.large) == (0, 0)
    finally:
        session.stop()
        broker.close()
        sending.join(5)


def test_a_confirmation_that_the_broker_refuses_is_counted_with_its_reason_and_not_as_taken():
    broker, metrics = OddBroker("5", 1), Metrics()
    address = Broker("127.0.0.1", broker.port, "", "", tls=False)
    identity = Identity("gateway-under-test", ("digitalpfad/v1/+/+/event/#",), "5")
    session = Session(address, identity, Inbox(), metrics, lambda: True, ReceiptClock(lambda: 1))
    session.start()
    try:
        wait_until(lambda: session.subscribed, what="the subscription")
        for packet_id, reason in ((2, b""), (3, b"\x10"), (4, b"\x87"), (5, b"\xfe")):
            session.confirm("a", "b", b"told %d" % packet_id)
            wait_until(lambda packet_id=packet_id: b"told %d" % packet_id in broker.heard, what="the confirmation")
            assert b"\x00\x01a" + packet_id.to_bytes(2, "big") + b"\0told" in broker.heard
            broker.send(bytes([0x40, 2 + len(reason)]) + packet_id.to_bytes(2, "big") + reason)
        refused = metrics.refused_confirmations
        wait_until(lambda: refused.labels("0xfe")._value.get() == 1, what="the last answer")
        assert refused.labels("Not authorized")._value.get() == 1
        assert metrics.confirmations._value.get() == 2
        assert session.connections == 1
    finally:
        session.stop()
        broker.close()
