"""The two brokers as they are delivered, each with two devices, and clients that say what a library would not."""

from __future__ import annotations

import secrets
import socket
import threading
from dataclasses import dataclass

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from tests.fixtures.process.waiting import wait_until

POND, SOIL = ("pond", "pond-secret"), ("soil", "soil-secret")
TELEMETRY = "digitalpfad/v1/stadtwald/{}/event/telemetry"
CONFIRM = "digitalpfad/v1/stadtwald/{}/command/confirm"


@dataclass(frozen=True, slots=True)
class Site:
    """Where devices and gateways connect, and the gateway's login."""

    kind: str
    port: int
    gateway_port: int
    gateway: tuple[str, str]

    def guest(self, login: tuple[str, str] | None, client_id: str = "") -> Guest:
        """A device, or nobody."""
        return Guest(self.port, login, client_id)

    def service(self, client_id: str = "") -> Guest:
        """A gateway."""
        return Guest(self.gateway_port, self.gateway, client_id)


class Guest:
    """A client that notes whether it was let in, what it hears and when it is thrown out."""

    def __init__(self, port: int, login: tuple[str, str] | None, client_id: str = "") -> None:
        self.answers: list[bool] = []
        self.heard: list[tuple[str, bytes]] = []
        self.gone = threading.Event()
        self._granted: dict[int, bool] = {}
        self.client = Client(
            CallbackAPIVersion.VERSION2, client_id=client_id or f"test-{secrets.token_hex(8)}",
            protocol=MQTTProtocolVersion.MQTTv311, reconnect_on_failure=False,
        )  # fmt: skip
        if login is not None:
            self.client.username_pw_set(*login)
        self.client.on_connect = lambda _c, _u, _f, reason, _p: self.answers.append(not reason.is_failure)
        self.client.on_message = lambda _c, _u, one: self.heard.append((one.topic, bytes(one.payload)))
        self.client.on_subscribe = lambda _c, _u, mid, codes, _p: self._granted.update({mid: not codes[0].is_failure})
        self.client.on_disconnect = lambda *_: self.gone.set()
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        try:
            wait_until(lambda: self.answers or self.gone.is_set())
        except AssertionError:
            self.client.loop_stop()
            raise

    @property
    def welcome(self) -> bool:
        return self.answers == [True]

    def subscribe(self, topic: str) -> bool:
        _, mid = self.client.subscribe(topic, qos=1)
        assert mid is not None
        wait_until(lambda: mid in self._granted)
        return self._granted[mid]

    def publish(self, topic: str, payload: bytes) -> None:
        self.client.publish(topic, payload, qos=1).wait_for_publish(5)

    def leave(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


def text(words: str) -> bytes:
    return len(words).to_bytes(2, "big") + words.encode()


def packet(kind: int, body: bytes) -> bytes:
    size, length = len(body), bytearray()
    while True:
        size, low = divmod(size, 128)
        length.append(low | (128 if size else 0))
        if not size:
            return bytes([kind]) + bytes(length) + body


def connect_packet(login: tuple[str, str]) -> bytes:
    """MQTT 3.1.1, clean session, keep-alive 60 s."""
    words = [f"raw-{secrets.token_hex(4)}", *login]
    return packet(0x10, text("MQTT") + b"\x04\xc2\x00\x3c" + b"".join(map(text, words)))


def raw(port: int, login: tuple[str, str]) -> socket.socket:
    """A connection that was let in, for packets that no library sends."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=5)
    connection.sendall(connect_packet(login))
    assert connection.recv(4) == b"\x20\x02\x00\x00"
    return connection


def is_ended(connection: socket.socket, within_s: float = 5) -> bool:
    """Whether the other side ends it; what it says before counts for nothing."""
    connection.settimeout(within_s)
    try:
        while connection.recv(4096):
            pass
    except TimeoutError:
        return False
    except OSError:
        return True
    return True
