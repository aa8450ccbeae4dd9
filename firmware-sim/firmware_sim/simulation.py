"""The running fleet: measure what is due, send what is measured, forget what is confirmed, until told to stop."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Literal

from firmware_sim.clock import Clock, RealTime
from firmware_sim.devices.device import SimulatedDevice
from firmware_sim.devices.link import BrokerAddress, Confirmed, Event, Link, Lost, Online, Stop
from firmware_sim.devices.outbox import Outbox
from firmware_sim.devices.protocol import Address, Measurement, WireMessage, parse_confirm
from firmware_sim.devices.sender import WINDOW, Sender
from firmware_sim.logs import get_logger

_CHUNK = 200
"""Readings that one device takes before the others have their turn."""
_PAST_WAITING = 2 * WINDOW
"""Unconfirmed readings above which the past is not measured further: it can wait, the present cannot."""
_LOOK_AROUND_S = 1.0
_FAREWELL_S = 2.0

_log = get_logger()


@dataclass(slots=True)
class _Node:
    """A device with everything that connects it."""

    device: SimulatedDevice
    address: Address
    sender: Sender
    link: Link
    online: bool = False
    complained: bool = False


class Simulation:
    """All devices of one process; each has its own connection, one thread decides everything."""

    def __init__(  # noqa: PLR0913 - the parts of the system, all named
        self,
        devices: Sequence[SimulatedDevice],
        *,
        trail: str,
        firmware: str,
        interval_s: int,
        broker: BrokerAddress,
        secrets: Mapping[str, str],
        outbox: Outbox,
        clock: Clock,
        patience_s: float = 30.0,
        real: RealTime | None = None,
    ) -> None:
        self._firmware = firmware
        self._interval_s = interval_s
        self._outbox = outbox
        self._clock = clock
        self._real, self._turns = RealTime() if real is None else real, 0
        self._events: SimpleQueue[Event] = SimpleQueue()
        self._stopping = False
        self._nodes: dict[str, _Node] = {}
        for device in devices:
            device_id = device.spec.id
            address = Address(trail, device_id)
            will = address.status("offline", device.boot, firmware, interval_s)
            link = Link(broker, device_id, secrets.get(device_id), will, address.confirm_topic, self._events)
            sender = Sender(device_id, outbox, patience_s=patience_s)
            self._nodes[device_id] = _Node(device, address, sender, link)

    def stop(self) -> None:
        """Ask the simulation to end; may be called from a signal handler."""
        self._events.put(Stop())

    def run(self) -> None:
        """Measure and send until stopped, then say goodbye; raises CannotRun if the outbox fails."""
        for node in self._nodes.values():
            node.link.start()
        try:
            while not self._stopping:
                more = self._measure()
                more = self._send() or more
                self._hear(0.0 if more else self._pause())
        finally:
            self._say_goodbye()

    def _measure(self) -> bool:
        """Take all readings that are due; returns whether some are left for the next turn."""
        now, real = self._now(), int(self._real.now())
        measured: list[tuple[str, Measurement]] = []
        left = False
        for device_id, node in self._nodes.items():
            node.device.begin_anew(real)
            readings = self._due(node.device, now)
            measured += [(device_id, reading) for reading in readings]
            left = left or len(readings) == _CHUNK
        if measured:
            for device_id, number in self._outbox.append(measured).items():
                _log.warning("outbox-full", device=device_id, lost=number, hint="the oldest readings go first")
        return left

    def _now(self) -> float:
        real = self._real.now()
        if self._real.turns != self._turns:
            self._turns = self._real.turns
            self._clock = Clock(real, real)
        return self._clock.now(real)

    def _due(self, device: SimulatedDevice, now: float) -> list[Measurement]:
        room = _PAST_WAITING - self._outbox.count(device.spec.id)
        readings: list[Measurement] = []
        while device.next_time is not None and device.next_time <= now and len(readings) < _CHUNK:
            if device.is_past and len(readings) >= room:
                break
            readings.append(device.measure())
        return readings

    def _send(self) -> bool:
        """Send what the windows allow; returns whether a connection took something."""
        sent = False
        for device_id, node in self._nodes.items():
            if not node.online:
                continue
            again = node.sender.overdue(time.monotonic())
            if again:
                _log.warning("readings-sent-again", device=device_id, readings=again, reason="not confirmed")
            sent = self._send_next(node) or sent
        return sent

    def _send_next(self, node: _Node) -> bool:
        batch = node.sender.next_batch()
        if not batch:
            return False
        message = node.address.telemetry([held.reading for held in batch], node.sender.oldest(batch))
        if node.link.publish(message) is None:
            return False
        node.sender.sent(batch, time.monotonic())
        return True

    def _pause(self) -> float:
        """Seconds until the next reading is due, at most one: overdue confirmations are noticed by looking."""
        real = self._real.now()
        times = [t for node in self._nodes.values() if (t := self._next_time(node.device)) is not None]
        return min([_LOOK_AROUND_S, *(self._clock.seconds_until(t, real) for t in times)])

    def _next_time(self, device: SimulatedDevice) -> int | None:
        blocked = device.is_past and self._outbox.count(device.spec.id) >= _PAST_WAITING
        return None if blocked else device.next_time

    def _hear(self, timeout_s: float) -> None:
        """Wait for an event, then handle all that have come."""
        with suppress(Empty):
            self._handle(self._events.get(timeout=timeout_s) if timeout_s else self._events.get_nowait())
            while True:
                self._handle(self._events.get_nowait())

    def _handle(self, event: Event) -> None:
        match event:
            case Online(device_id):
                self._come_online(self._nodes[device_id])
            case Lost(device_id, reason):
                self._go_offline(self._nodes[device_id], reason)
            case Confirmed(device_id, payload):
                self._take_confirm(self._nodes[device_id], payload)
            case Stop():
                self._stopping = True

    def _come_online(self, node: _Node) -> None:
        waiting = self._outbox.count(node.device.spec.id)
        node.online, node.complained = True, False
        node.sender.again()
        node.link.publish(self._status(node, "online"))
        _log.info("device-online", device=node.device.spec.id, waiting=waiting)

    def _go_offline(self, node: _Node, reason: str) -> None:
        node.online = False
        if not node.complained:
            node.complained = True
            _log.warning("device-offline", device=node.device.spec.id, reason=reason, hint="it tries again")

    def _take_confirm(self, node: _Node, payload: bytes) -> None:
        if not payload:  # a retained message was cleared
            return
        try:
            confirm = parse_confirm(payload)
        except ValueError as error:
            excerpt = payload[:80].decode(errors="replace")
            _log.warning("confirmation-unreadable", device=node.device.spec.id, payload=excerpt, reason=str(error))
            return
        node.sender.confirmed(confirm.boot, confirm.seq, time.monotonic())

    def _status(self, node: _Node, state: Literal["online", "offline"]) -> WireMessage:
        now = int(self._now())
        return node.address.status(state, node.device.boot, self._firmware, self._interval_s, now)

    def _say_goodbye(self) -> None:
        online = [node for node in self._nodes.values() if node.online]
        farewells = [node.link.publish(self._status(node, "offline")) for node in online]
        deadline = time.monotonic() + _FAREWELL_S
        for farewell in farewells:
            if farewell is not None:
                with suppress(RuntimeError):  # the connection broke meanwhile: the will says the same
                    farewell.wait_for_publish(max(0.0, deadline - time.monotonic()))
        for node in self._nodes.values():
            node.link.close()
        held = sum(self._outbox.count(device_id) for device_id in self._nodes)
        _log.info("simulator-stopped", unconfirmed=held)
