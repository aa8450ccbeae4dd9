"""The buffered client still fits into paho: few reads, one write for many acknowledgements."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest
from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from gateway.wire import BufferedClient
from tests.gateway.conftest import wait_until

_CONNACK = b"\x20\x02\x00\x00"


class Broker:
    """Greets one client and lets the test see and send bytes."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.wire: socket.socket | None = None
        self.thread = threading.Thread(target=self._greet)
        self.thread.start()

    def _greet(self) -> None:
        self.wire, _ = self.listener.accept()
        self.wire.recv(4096)
        self.wire.sendall(_CONNACK)

    def close(self) -> None:
        self.thread.join(5)
        if self.wire is not None:
            self.wire.close()
        self.listener.close()


@pytest.fixture
def broker() -> Iterator[Broker]:
    made = Broker()
    yield made
    made.close()


@pytest.fixture
def client(broker: Broker) -> Iterator[BufferedClient]:
    made = BufferedClient(CallbackAPIVersion.VERSION2, "reader", clean_session=False, manual_ack=True)
    made.connect("127.0.0.1", broker.listener.getsockname()[1])
    broker.thread.join(5)
    wait_until(lambda: made.loop_read() == 0 and made.is_connected(), "the greeting")
    yield made
    made.disconnect()


def publish(packet_id: int, payload: bytes = b"payload") -> bytes:
    body = b"\x00\x01t" + packet_id.to_bytes(2, "big") + payload
    length = len(body)
    head = bytes([length]) if length < 128 else bytes([length & 127 | 128, length >> 7])
    return b"\x32" + head + body


def read_until(client: mqtt.Client, condition: object) -> None:
    wait_until(lambda: client.loop_read() == 0 and callable(condition) and condition(), "the messages")


def test_every_message_of_one_read_arrives_and_nothing_is_held_afterwards(
    broker: Broker, client: BufferedClient
) -> None:
    seen: list[tuple[int, bytes]] = []
    client.on_message = lambda _client, _data, message: seen.append((message.mid, bytes(message.payload)))
    assert broker.wire is not None

    broker.wire.sendall(b"".join(publish(packet_id) for packet_id in range(1, 101)))
    wait_until(lambda: client.loop_read() == 0 and len(seen) >= 1, "the first")
    held = client.holds_bytes
    read_until(client, lambda: len(seen) == 100)

    assert held, "the others were read with the first"
    assert [packet_id for packet_id, _ in seen] == list(range(1, 101))
    assert not client.holds_bytes


def test_a_message_cut_anywhere_arrives_whole(broker: Broker, client: BufferedClient) -> None:
    seen: list[bytes] = []
    client.on_message = lambda _client, _data, message: seen.append(bytes(message.payload))
    assert broker.wire is not None
    packet = publish(7, b"x" * 300)

    for number, byte in enumerate(packet):
        broker.wire.sendall(bytes([byte]))
        client.loop_read()
        assert number == len(packet) - 1 or not seen
    read_until(client, lambda: seen)

    assert seen == [b"x" * 300]


def test_acknowledgements_go_out_in_order_in_one_write(broker: Broker, client: BufferedClient) -> None:
    assert broker.wire is not None

    client.acknowledge([3, 1, 65_535])

    assert broker.wire.recv(4096) == b"\x40\x02\x00\x03\x40\x02\x00\x01\x40\x02\xff\xff"
