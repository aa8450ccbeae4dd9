"""A broker that greets one client and lets the test see and send bytes, and packets as on the wire."""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Callable

from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from gateway.mqtt.buffered_client import BufferedClient
from tests.fixtures.process.waiting import wait_until

_CONNACK = {"3.1.1": b"\x20\x02\x00\x00", "5": b"\x20\x03\x00\x00\x00"}
_VERSION = {"3.1.1": MQTTProtocolVersion.MQTTv311, "5": MQTTProtocolVersion.MQTTv5}

Seen = tuple[int, str, bytes, bool]


class Broker:
    """Greets one client and lets the test see and send bytes."""

    def __init__(self, version: str = "3.1.1") -> None:
        self.version = version
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.wire: socket.socket | None = None
        self.thread = threading.Thread(target=self._greet)
        self.thread.start()

    def _greet(self) -> None:
        self.wire, _ = self.listener.accept()
        self.wire.recv(4096)
        self.wire.sendall(_CONNACK[self.version])

    def close(self) -> None:
        self.thread.join(5)
        if self.wire is not None:
            self.wire.close()
        self.listener.close()


def connected(broker: Broker) -> BufferedClient:
    version5 = broker.version == "5"
    made = BufferedClient(
        CallbackAPIVersion.VERSION2,
        "reader",
        clean_session=None if version5 else False,
        protocol=_VERSION[broker.version],
        manual_ack=True,
    )
    made.connect("127.0.0.1", broker.listener.getsockname()[1])
    broker.thread.join(5)
    wait_until(lambda: made.loop_read() == 0 and made.is_connected(), what="the greeting")
    return made


def read_until(client: BufferedClient, condition: Callable[[], object]) -> None:
    """Read on as long as there is something to read: a pause after each read would make up most of the test's time."""

    def read() -> object:
        wire = client.socket()
        assert wire is not None
        while client.holds_bytes or select.select([wire], [], [], 0)[0]:
            assert client.loop_read() == 0
        return condition()

    wait_until(read, what="the messages")


def publish(packet_id: int, payload: bytes = b"payload") -> bytes:
    """A plain message of MQTT 3.1.1."""
    return packet(0x32, b"t", packet_id, payload, None)


def packet(head: int, topic: bytes, packet_id: int, payload: bytes, properties: bytes | None) -> bytes:
    """A message as on the wire; ``properties`` None on MQTT 3.1.1."""
    body = len(topic).to_bytes(2, "big") + topic
    if head & 0x06:
        body += packet_id.to_bytes(2, "big")
    if properties is not None:
        body += bytes([len(properties)]) + properties
    body += payload
    return bytes([head]) + length(len(body)) + body


def publish5(packet_id: int) -> bytes:
    """A plain message of MQTT 5."""
    return packet(0x32, b"t", packet_id, b"next", b"")


def length(size: int) -> bytes:
    """MQTT's variable byte integer."""
    coded = bytearray()
    while size > 127:
        coded.append(size & 127 | 128)
        size >>= 7
    return bytes([*coded, size])


def as_seen(message: mqtt.MQTTMessage) -> Seen:
    try:
        topic = message.topic
    except UnicodeDecodeError:
        topic = "not UTF-8"
    return message.mid, topic, bytes(message.payload), message.retain
