"""The session with the broker, outliving its connections: one thread that reads, acknowledges, confirms, reconnects.

Everything that touches a connection happens in that thread; others hand over through queues. So an acknowledgement
can only go out on the connection that made the delivery: on any other its packet id would delete another message.
"""

from __future__ import annotations

import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol

import structlog

from gateway.inbox import Delivery, Message, ReceiptClock
from gateway.metrics import Metrics
from gateway.mqtt.buffered_client import check_paho
from gateway.mqtt.client import Connection, Phase
from gateway.mqtt.config import Broker, Identity
from gateway.mqtt.confirmations import Confirmations
from geodata.runtime.back_off import BackOff
from geodata.runtime.background_part import BackgroundPart
from geodata.runtime.worker import Worker

_FIRST_DELAY_S = 0.2
_LONGEST_DELAY_S = 5.0
_TICK_S = 0.25
_CONNECT_S = 10.0
_STOP_S = 5.0
_TURN_S = 0.1
_MOST_LARGE = 1000  # messages of QoS 0 with 1 to 16 KiB: the window bounds those of QoS 1 alone
_SUBSCRIBE_AGAIN_S = 5.0  # rights that were forgotten are given while the gateway runs

_log: structlog.stdlib.BoundLogger = structlog.get_logger("gateway.mqtt.session")


class Receiver(Protocol):
    """Where deliveries go."""

    def put(self, delivery: Delivery) -> None:
        """Take one; cannot fail."""
        ...

    def __len__(self) -> int:
        """How many wait."""
        ...

    @property
    def large(self) -> int:
        """How many of them are large and of QoS 0."""
        ...


class Session(BackgroundPart):
    """Deliveries go to ``inbox``; acknowledge() and confirm() hand over from any thread and return at once.

    It connects only while ``may_connect()``: two gateways of the same client id would throw each other out in turns.
    Raises StartRefused where the installed paho does not fit.
    For the health check: ``subscribed``, ``last_packet_at`` (monotonic seconds) and ``trouble`` (a sentence).
    ``connections`` counts attempts; ``session_present`` is whether the broker knew the session at the last one.
    """

    def __init__(
        self,
        broker: Broker,
        identity: Identity,
        inbox: Receiver,
        metrics: Metrics,
        may_connect: Callable[[], bool],
        clock: ReceiptClock,
    ) -> None:
        check_paho()
        worker = Worker("mqtt", self._connect_once, longest_pause_s=_LONGEST_DELAY_S)
        super().__init__(worker, ends_within_s=_STOP_S)
        self._broker = broker
        self._identity = identity
        self._inbox = inbox
        self._metrics = metrics
        self._may_connect = may_connect
        self._version = "3.1.1" if identity.protocol == "3.1.1" else "5"
        self._acknowledgements: deque[Delivery] = deque()
        self._confirmations = Confirmations()
        self._told_refusals: set[str] = set()
        self._leaving = threading.Event()
        self._why_left = ""
        self._unacknowledged: dict[Message, Delivery] = {}
        self._holding = False
        self._wake_r, self._wake_w = socket.socketpair()
        self._wake_r.settimeout(0)
        self._wake_w.settimeout(0)
        self._clock = clock
        self.connections = 0
        self.session_present = False
        self._was_connected = False
        self._pauses = BackOff(_FIRST_DELAY_S, _LONGEST_DELAY_S)
        self._stop_at = float("inf")
        self._subscribe_at = 0.0
        self.subscribed = False
        self.last_packet_at = time.monotonic()
        self.trouble = "not connected yet"

    def hold(self) -> None:
        """Leave further messages with the broker; everything else continues."""
        self._holding = True
        self._wake()

    def leave(self, why: str = "another gateway serves this partition") -> None:
        """Say goodbye to the broker, which delivers anew on the next connection what nobody here will acknowledge."""
        self._why_left = why
        self._leaving.set()
        self._wake()

    def stop(self) -> None:
        """Send what was handed over, say goodbye and end the thread. The broker keeps the session."""
        self._stop_at = time.monotonic() + _STOP_S / 2
        self.stopping.set()
        self._wake()
        super().stop()
        self._wake_r.close()
        self._wake_w.close()

    @property
    def alive(self) -> bool:
        """Whether the network thread runs."""
        return self.worker.alive

    def acknowledge(self, deliveries: Sequence[Delivery]) -> None:
        """Hand over deliveries that are committed, in order of receipt."""
        self._acknowledgements.extend(deliveries)
        self._wake()

    def confirm(self, topic: str, boot: str, payload: bytes) -> None:
        """Hand over a retained message for a device; a newer one for the same topic and boot replaces it."""
        self._confirmations.add(topic, boot, payload)

    def _wake(self) -> None:
        try:
            self._wake_w.send(b"!")
        except OSError:
            return  # woken and not yet drained; or stopped

    def _connect_once(self) -> None:
        if not self._may_connect():
            self.stopping.wait(_TURN_S)
            return
        try:
            self._serve()
        except OSError as error:
            self.trouble = f"the broker at {self._broker.host}:{self._broker.port} cannot be reached: {error}"
        except Exception as error:  # a broker that talks nonsense: the worker tells of it and tries again
            self.trouble = f"the connection failed: {type(error).__name__}"
            raise
        finally:
            self.subscribed = False
        if not self.stopping.is_set():
            self._pause()

    def _pause(self) -> None:
        delay_s = self._pauses.next_s()
        _log.warning("disconnected", trouble=self.trouble, retry_in_s=round(delay_s, 2))
        self.stopping.wait(delay_s)

    def _serve(self) -> None:
        """One connection, from its beginning to its end."""
        if self._leaving.is_set():
            self._unacknowledged = {}
            self._leaving.clear()
        self.connections += 1
        connection = Connection(
            self._version,
            self._broker,
            self._identity,
            unacknowledged=self._unacknowledged,
            deliver=self._inbox.put,
            clock=self._clock.next_us,
            repeated=self._metrics.redelivered.inc,
        )
        try:
            self._greet(connection)
            if connection.phase in {Phase.ESTABLISHED, Phase.SUBSCRIBED, Phase.UNSUBSCRIBED}:
                self._exchange(connection)
        finally:
            self.trouble = connection.trouble
            self._unacknowledged = connection.unacknowledged
            self._count_answers(connection)
            connection.close()

    def _greet(self, connection: Connection) -> None:
        """Wait for the broker's answer."""
        deadline = time.monotonic() + _CONNECT_S
        while connection.phase is Phase.CONNECTING and not connection.lost and not self.stopping.is_set():
            if time.monotonic() > deadline:
                connection.trouble = f"the broker did not answer within {_CONNECT_S:.0f} s"
                return
            connection.wait(self._wake_r.fileno(), _TICK_S, reading=True)
        if connection.phase is Phase.VERSION_REFUSED and self._identity.protocol == "auto" and self._version == "5":
            connection.trouble = "the broker speaks MQTT 3.1.1 only: continuing with that"
            self._version = "3.1.1"
            self._pauses.skip_next()

    def _exchange(self, connection: Connection) -> None:
        """All that goes to and fro on one connection, until it ends or is to end."""
        self._note_connected(connection)
        while not connection.lost:
            self._step(connection)
            if self._should_end(connection):
                return

    def _note_connected(self, connection: Connection) -> None:
        _log.info(
            "connected",
            connection=self.connections,
            version=self._version,
            session_present=connection.session_present,
            waiting=len(self._inbox),
        )
        self.session_present = connection.session_present
        self._metrics.connections.inc()
        if self._was_connected and not connection.session_present:
            self._metrics.sessions_lost.inc()
        self._was_connected = True

    def _step(self, connection: Connection) -> None:
        """Wait for the network or a wake-up, then pass on what waits, in this order.

        Acknowledgements before confirmations: a device that is told to forget a reading would send it no more, so the
        broker must be the first to let it go. What was read may bring either, so reading comes first.
        """
        if connection.wait(self._wake_r.fileno(), _TICK_S, reading=self._may_read()):
            self.last_packet_at = time.monotonic()
        self._drain_wakeups()
        self._send_acknowledgements(connection)
        self._send_confirmations(connection)
        self._look_at_subscription(connection)

    def _may_read(self) -> bool:
        """Whether there is room for more; what is not read waits in the network, and with the broker."""
        if self.stopping.is_set():
            return True  # the broker's answers to the last confirmations come the same way
        has_room = len(self._inbox) < 2 * self._identity.window and self._inbox.large < _MOST_LARGE
        return has_room and not self._holding

    def _should_end(self, connection: Connection) -> bool:
        """Whether to say goodbye: another gateway is active, or the process stops and has sent what it had."""
        if self._leaving.is_set():
            connection.trouble = self._why_left
            return True
        return self.stopping.is_set() and (not self._confirmations or time.monotonic() > self._stop_at)

    def _look_at_subscription(self, connection: Connection) -> None:
        """Note that it stands; where the broker refuses it, say so and ask again, on the same connection."""
        if connection.phase is Phase.SUBSCRIBED and not self.subscribed:
            self.subscribed = True
            self._pauses.reset()
        elif connection.phase is Phase.UNSUBSCRIBED:
            if self.trouble != connection.trouble:
                self.trouble = connection.trouble
                self._subscribe_at = time.monotonic() + _SUBSCRIBE_AGAIN_S
            elif time.monotonic() >= self._subscribe_at:
                self._subscribe_at = time.monotonic() + _SUBSCRIBE_AGAIN_S
                connection.subscribe()

    def _drain_wakeups(self) -> None:
        try:
            self._wake_r.recv(4096)
        except BlockingIOError:
            return

    def _send_acknowledgements(self, connection: Connection) -> None:
        if not self._acknowledgements or connection.lost:
            return
        waiting = [self._acknowledgements.popleft() for _ in range(len(self._acknowledgements))]
        stale = connection.acknowledge(delivery for delivery in waiting if delivery.qos)
        self._metrics.stale_acknowledgements.inc(stale)

    def _send_confirmations(self, connection: Connection) -> None:
        """Publish as many as the broker takes now, and count what it said to those before."""
        self._confirmations.gather(time.monotonic(), at_once=self.stopping.is_set())
        connection.publish(self._confirmations.take(connection.room))
        self._count_answers(connection)

    def _count_answers(self, connection: Connection) -> None:
        """A refused confirmation is not sent again: its device repeats the reading, and is confirmed anew."""
        accepted, refused = connection.answers()
        self._metrics.confirmations.inc(accepted)
        for reason, count in refused.items():
            if reason not in self._told_refusals:
                self._told_refusals.add(reason)
                _log.warning(
                    "confirmation-refused", reason=reason, hint="devices keep their readings and send them again"
                )
            self._metrics.refused_confirmations.labels(reason).inc(count)
