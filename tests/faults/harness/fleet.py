"""Devices that publish: each with its own connection and an outbox that it empties only by confirmations."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from typing import Protocol, Self

from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from tests.faults.harness.ledger import Ledger
from tests.fixtures.process.waiting import wait_until

TRAIL = "stadtwald"
DEVICES = tuple(f"climate-{number:02d}" for number in range(1, 6))
PASSWORDS = {device: f"{device}-secret" for device in DEVICES}
_AGAIN = 200  # readings that an impatient device repeats at once


class BrokerAddress(Protocol):
    """What a device needs to know of a broker."""

    port: int
    users: dict[str, str]


def now_us() -> int:
    """True Unix microseconds: the tests' own clock is never set."""
    return time.time_ns() // 1000


@dataclass
class Device:
    """One device; ``patience_s`` after which unconfirmed readings go out again, None for one without an outbox."""

    name: str
    broker: BrokerAddress
    ledger: Ledger
    patience_s: float | None = None
    boot: str = "b1"
    has_clock: bool = True
    trail: str = TRAIL
    base_ms: int = field(default_factory=lambda: int(time.time() * 1000) - 6 * 3_600_000)
    outbox: dict[int, bytes] = field(default_factory=dict)
    accepted: int = 0
    published: int = 0

    def __post_init__(self) -> None:
        self._seq = 0
        self._progress_at = time.monotonic()
        self.client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=self.name, clean_session=True, protocol=MQTTProtocolVersion.MQTTv311
        )
        if self.broker.users:
            self.client.username_pw_set(self.name, self.broker.users[self.name])
        self.client.max_inflight_messages_set(100)
        self.client.reconnect_delay_set(1, 1)
        self.client.on_connect = self._on_connect
        self.client.on_message = self._on_message
        self.client.on_publish = self._on_publish
        self.client.connect_async("127.0.0.1", self.broker.port, keepalive=20)
        self.client.loop_start()

    def measure(self, *, publish: bool = True) -> bytes:
        """Take a reading of two values, note it and publish it; returns its message."""
        seq, self._seq = self._seq, self._seq + 1
        time_ms = self.base_ms + seq * 1000
        values = {"air_temperature": seq % 30 + 0.5, "battery_voltage": 3.0 + seq % 7 / 10}
        stated = {"time": time_ms} if self.has_clock else {}
        payload = json.dumps({"boot": self.boot, "seq": seq, **stated, "values": values}).encode()
        if not self.has_clock:
            self.ledger.without_clock[self.name, self.boot, seq] = now_us()
        self.ledger.readings[self.name, self.boot][seq] = [
            ((self.name, prop, time_ms * 1000 if self.has_clock else 0), value) for prop, value in values.items()
        ]
        self.outbox[seq] = payload
        if publish:
            self.publish(payload)
        return payload

    def publish(self, payload: bytes, event: str = "telemetry", *, trail: str = "") -> None:
        """Hand bytes to the connection, QoS 1; ``trail`` is another than the device's own."""
        self.published += 1
        topic = f"digitalpfad/v1/{trail or self.trail}/{self.name}/event/{event}"
        self.ledger.messages.add((topic, payload))
        self.client.publish(topic, payload, qos=1)

    def remind(self) -> None:
        """Send again what nobody confirmed for too long, the oldest first."""
        if self.patience_s is None or not self.outbox or time.monotonic() < self._progress_at + self.patience_s:
            return
        self._progress_at = time.monotonic()
        for seq in sorted(self.outbox)[:_AGAIN]:
            self.publish(self.outbox[seq])

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()

    def _on_connect(self, client: mqtt.Client, *_: object) -> None:
        client.subscribe(f"digitalpfad/v1/{self.trail}/{self.name}/command/confirm", qos=1)

    def _on_publish(self, *_: object) -> None:
        self.accepted += 1

    def _on_message(self, _client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        confirm = json.loads(message.payload)
        if confirm["boot"] != self.boot:
            return
        self.ledger.confirm(self.name, self.boot, confirm["seq"])
        self._progress_at = time.monotonic()
        for seq in [seq for seq in list(self.outbox) if seq <= confirm["seq"]]:
            del self.outbox[seq]


class Fleet:
    """All devices; run() lets them measure in a thread of their own until the block ends."""

    def __init__(self, broker: BrokerAddress, ledger: Ledger, *, patience_s: float | None = None, trail: str = TRAIL):
        self.ledger = ledger
        self.devices = [Device(name, broker, ledger, patience_s, trail=trail) for name in DEVICES]
        self._rate = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        wait_until(lambda: all(device.client.is_connected() for device in self.devices), 20, "the devices' connections")
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        for device in self.devices:
            device.close()

    def run(self, rate: float) -> None:
        """From now on measure ``rate`` times a second, all devices together."""
        self._rate = rate

    def burst(self, number: int) -> None:
        """Measure ``number`` times at once."""
        for i in range(number):
            self.devices[i % len(self.devices)].measure()

    def wait_accepted(self, timeout_s: float = 60) -> None:
        """Until the broker took everything."""
        wait_until(
            lambda: all(d.accepted >= d.published for d in self.devices), timeout_s, "the broker to take everything"
        )

    def rest(self) -> None:
        """End measuring."""
        self._rate = 0

    def ask_again(self) -> int:
        """Send what is unconfirmed once more; returns how many readings that is."""
        waiting = [(device, payload) for device in self.devices for payload in list(device.outbox.values())]
        for device, payload in waiting:
            device.publish(payload)
        return len(waiting)

    def _run(self) -> None:
        owed, before, turn = 0.0, time.monotonic(), 0
        while not self._stop.wait(0.02):
            now = time.monotonic()
            owed, before = owed + self._rate * (now - before), now
            for _ in range(int(owed)):
                self.devices[turn % len(self.devices)].measure()
                turn += 1
            owed -= int(owed)
            for device in self.devices:
                device.remind()
