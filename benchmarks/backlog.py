"""A backlog in the broker: sessions that wait for messages, and a publisher as fast as the broker takes them."""

from __future__ import annotations

import select
import socket
import struct
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing

from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

TOPICS = "digitalpfad/v1/+/+/event/#"
VALUES = ("air_temperature", "air_humidity", "soil_moisture", "battery_voltage")
_IN_FLIGHT = 2_000
_PACKET_IDS = 60_000
_STEP_MS = 60_000


def device_name(number: int) -> str:
    """The id of one of the registered devices."""
    return f"device-{number:05}"


def message(device: int, seq: int, time_ms: int) -> tuple[str, bytes]:
    """Topic and payload of a reading with four values."""
    temperature, humidity, moisture = 5 + (seq * 7 + device) % 200 / 10, 40 + (seq + device) % 500 / 10, seq % 1000 / 10
    payload = (
        f'{{"boot": "b7f3", "seq": {seq}, "time": {time_ms}, "values": {{"air_temperature": {temperature:.1f},'
        f' "air_humidity": {humidity:.1f}, "soil_moisture": {moisture:.1f}, "battery_voltage": 3.61}}}}'
    )
    return f"digitalpfad/v1/stadtwald/{device_name(device)}/event/telemetry", payload.encode()


def backlog(count: int, devices: int, step_ms: int = _STEP_MS) -> Iterator[tuple[str, bytes]]:
    """``count`` messages of ``devices`` in turns, each one reading per ``step_ms``, the newest a few minutes old."""
    rounds = -(-count // devices)
    begin_ms = time.time_ns() // 1_000_000 - 600_000 - rounds * step_ms
    for number in range(count):
        seq, device = divmod(number, devices)
        yield message(device, seq, begin_ms + seq * step_ms)


def make_session(port: int, client_id: str, *, version: str = "3.1.1", topics: str = TOPICS) -> None:
    """Subscribe and leave: from now on the broker keeps everything for ``client_id``."""
    _visit(port, client_id, version, topics)


def left_over(port: int, client_id: str, version: str = "3.1.1", wait_s: float = 1.0) -> int:
    """How many messages the broker still holds for a session: 0 when all were acknowledged."""
    return _visit(port, client_id, version, "", wait_s)


def publish(port: int, messages: Iterable[tuple[str, bytes]]) -> None:
    """Publish at QoS 1, many in flight, and return when the broker has acknowledged all."""
    with closing(_greeted(port)) as wire:
        sent = acknowledged = 0
        part = bytearray()
        for topic, payload in messages:
            part += _publish_packet(topic, payload, sent % _PACKET_IDS + 1)
            sent += 1
            if len(part) > 65_536:
                wire.sendall(part)
                part.clear()
                while sent - acknowledged > _IN_FLIGHT:
                    acknowledged += _acknowledgements(wire)
        wire.sendall(part)
        while acknowledged < sent:
            acknowledged += _acknowledgements(wire)
        wire.sendall(b"\xe0\x00")


def publish_steadily(port: int, rate: int, seconds: float, devices: int, values: Sequence[str] = VALUES) -> int:
    """Publish ``rate`` messages a second, each measured at the moment it is sent; how many they were."""
    tick_s = 0.01
    with closing(_greeted(port)) as wire:
        wire.settimeout(30)
        begin, sent = time.monotonic(), 0
        last_ms: dict[int, int] = {}
        while (now := time.monotonic()) < begin + seconds:
            part = bytearray()
            for _ in range(int((now - begin) * rate) + 1 - sent):
                seq, device = divmod(sent, devices)
                # after a pause many are sent at once: two of a device must not be of the same moment
                last_ms[device] = max(time.time_ns() // 1_000_000, last_ms.get(device, 0) + 1)
                part += _publish_packet(*_present(device, seq, last_ms[device], values), sent % _PACKET_IDS + 1)
                sent += 1
            wire.sendall(part)
            if select.select([wire], [], [], 0)[0]:
                _acknowledgements(wire)
            time.sleep(tick_s)
        wire.sendall(b"\xe0\x00")
    return sent


def _present(device: int, seq: int, time_ms: int, values: Sequence[str]) -> tuple[str, bytes]:
    measured = ", ".join(f'"{name}": {10 + seq % 100 / 10}' for name in values)
    payload = f'{{"boot": "live", "seq": {seq}, "time": {time_ms}, "values": {{{measured}}}}}'
    return f"digitalpfad/v1/stadtwald/{device_name(device)}/event/telemetry", payload.encode()


def _greeted(port: int) -> socket.socket:
    wire = socket.create_connection(("127.0.0.1", port), timeout=60)
    wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    body = b"\x00\x04MQTT\x04\x02\x00\x00" + struct.pack("!H", 9) + b"publisher"
    wire.sendall(b"\x10" + bytes([len(body)]) + body)
    if wire.recv(4)[3:] != b"\x00":
        raise ConnectionError("the broker refused the publisher")
    return wire


def _publish_packet(topic: str, payload: bytes, packet_id: int) -> bytes:
    body = struct.pack("!H", len(topic)) + topic.encode() + struct.pack("!H", packet_id) + payload
    low, high = len(body) & 127, len(body) >> 7
    return b"\x32" + (bytes([low | 128, high]) if high else bytes([low])) + body


def _acknowledgements(wire: socket.socket) -> int:
    """PUBACKs of four bytes each; one that is cut in two is read to its end."""
    found = wire.recv(65_536)
    if not found:
        raise ConnectionError("the broker ended the connection of the publisher")
    while len(found) % 4:
        found += wire.recv(4 - len(found) % 4)
    return len(found) // 4


def _visit(port: int, client_id: str, version: str, topics: str, wait_s: float = 0) -> int:
    """Connect as ``client_id``, subscribe where ``topics`` are given, and count what arrives in ``wait_s``."""
    version5 = version == "5"
    client = mqtt.Client(
        CallbackAPIVersion.VERSION2,
        client_id,
        clean_session=None if version5 else False,
        protocol=MQTTProtocolVersion.MQTTv5 if version5 else MQTTProtocolVersion.MQTTv311,
        manual_ack=True,
    )
    seen: list[int] = []
    client.on_message = lambda _client, _data, arrived: seen.append(arrived.mid)
    if version5:
        client.connect("127.0.0.1", port, clean_start=False, properties=_expiry())
    else:
        client.connect("127.0.0.1", port)
    _loop_until(client, client.is_connected, client_id)
    if topics:
        subscribed: list[int] = []
        client.on_subscribe = lambda _client, _data, mid, _reasons, _properties: subscribed.append(mid)
        client.subscribe(topics, 1)
        _loop_until(client, lambda: bool(subscribed), client_id)
    until = time.monotonic() + wait_s
    while time.monotonic() < until:
        client.loop(0.1)
    client.disconnect()
    return len(seen)


def _loop_until(client: mqtt.Client, condition: Callable[[], bool], client_id: str) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"the broker did not make a session for {client_id}")
        client.loop(0.1)


def _expiry() -> Properties:
    properties = Properties(PacketTypes.CONNECT)
    properties.SessionExpiryInterval = 86_400
    properties.ReceiveMaximum = 5_000
    return properties
