"""One connection to the broker; the only user of paho. A new connection is a new object: nothing leaks across.

All of it runs in the one network thread of gateway.mqtt.session. Callbacks only note what happened and cannot raise: an
exception in one would end paho's loop while it keeps calling itself connected.
"""

from __future__ import annotations

import select
from collections.abc import Callable, Iterable
from enum import StrEnum

import structlog
from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from gateway.decoding.payload import MAX_BYTES
from gateway.inbox import Delivery, Message
from gateway.mqtt.buffered_client import BufferedClient
from gateway.mqtt.config import Broker, Identity
from gateway.mqtt.login import present
from gateway.topics import shortened

CUT_BYTES = MAX_BYTES
"""A message beyond the contract's size is refused whole and kept up to here; the quarantine tells its size."""

_READ_AT_ONCE = 256  # messages; then acknowledgements get their turn
_IN_FLIGHT = 20  # what brokers take from a client at once by default
_UNSUPPORTED_VERSION = 132
_READABLE = select.POLLIN | select.POLLHUP | select.POLLERR
_VERSIONS = {"5": MQTTProtocolVersion.MQTTv5, "3.1.1": MQTTProtocolVersion.MQTTv311}

_log: structlog.stdlib.BoundLogger = structlog.get_logger("gateway.mqtt.client")


class Phase(StrEnum):
    """How far a connection got."""

    CONNECTING = "connecting"
    ESTABLISHED = "established"
    SUBSCRIBED = "subscribed"
    UNSUBSCRIBED = "subscription refused"
    VERSION_REFUSED = "version refused"
    REFUSED = "refused"


class Connection:
    """Deliveries go to ``deliver``; ``clock`` gives each its time of receipt. Raises OSError when it cannot connect.

    ``version`` is "5" or "3.1.1"; ``repeated`` is called when the broker repeats a delivery that still waits.
    ``unacknowledged`` are deliveries of earlier connections that still wait here: where the broker kept the session it
    delivers them again, and then they are not held twice but acknowledged by the new packet id.
    ``phase``, ``trouble`` (a sentence) and ``session_present`` tell what happened.
    """

    def __init__(
        self,
        version: str,
        broker: Broker,
        identity: Identity,
        *,
        unacknowledged: dict[Message, Delivery],
        deliver: Callable[[Delivery], None],
        clock: Callable[[], int],
        repeated: Callable[[], None],
    ) -> None:
        self.phase = Phase.CONNECTING
        self.trouble = ""
        self.session_present = False
        self._identity = identity
        self._deliver = deliver
        self._clock = clock
        self._repeated = repeated
        self._pending: dict[int, Delivery] = {}
        self._unacknowledged = unacknowledged
        self._count = 0
        self._client = self._configured(_VERSIONS[version], broker)
        self._connect(_VERSIONS[version], broker)
        self._socket = self._client.socket()

    @property
    def lost(self) -> bool:
        """Whether nothing can be sent or read any more."""
        return self._socket is None or self._client.socket() is not self._socket

    def wait(self, wake: int, timeout_s: float, *, reading: bool) -> bool:
        """Wait for the network or for ``wake`` (a file descriptor) and do the network's work.

        ``reading`` False leaves messages where they are, in the network. True when something was read.
        """
        if self._socket is None:
            return False
        descriptor = self._socket.fileno()
        poll = select.poll()
        poll.register(wake, select.POLLIN)
        interest = (select.POLLIN if reading else 0) | (select.POLLOUT if self._client.want_write() else 0)
        poll.register(descriptor, interest)
        held = reading and self._held()
        events = dict(poll.poll(0 if held else timeout_s * 1000)).get(descriptor, 0)
        read = held or bool(events & _READABLE)
        if read:
            self._read()
        if events & select.POLLOUT and not self.lost:
            self._client.loop_write()
        if not self.lost:
            self._client.loop_misc()
        return read and not self.lost

    @property
    def unacknowledged(self) -> dict[Message, Delivery]:
        """What the next connection must know: deliveries that wait here and are not acknowledged."""
        return self._unacknowledged | {delivery.message: delivery for delivery in self._pending.values()}

    def acknowledge(self, deliveries: Iterable[Delivery]) -> int:
        """Acknowledge those that this connection made and still waits for; how many of the others there were."""
        due: list[int] = []
        stale = 0
        for delivery in deliveries:
            if self._pending.get(delivery.packet_id) is delivery:
                del self._pending[delivery.packet_id]
                due.append(delivery.packet_id)
                continue
            stale += 1
            if self._unacknowledged and self._unacknowledged.get(delivery.message) is delivery:
                del self._unacknowledged[delivery.message]
        self._client.acknowledge(due)
        return stale

    @property
    def room(self) -> int:
        """How many messages may be published now."""
        return _IN_FLIGHT - self._client.in_flight

    def publish(self, messages: Iterable[tuple[str, bytes]]) -> None:
        """Publish topics and payloads, retained, at QoS 1."""
        self._client.publish_retained(messages)

    def answers(self) -> tuple[int, dict[str, int]]:
        """Since the last call: how many published messages the broker took, and how many it refused, by reason."""
        client = self._client
        accepted, client.taken = client.taken, 0
        refused = {_reason(code): count for code, count in client.refused.items()}
        client.refused.clear()
        return accepted, refused

    def subscribe(self) -> None:
        """Ask for the messages; the broker's answer is the next ``phase``."""
        self.phase = Phase.ESTABLISHED
        self._client.subscribe([(topic_filter, 1) for topic_filter in self._identity.filters])

    def close(self) -> None:
        """Say goodbye; what is still queued goes out first."""
        self._client.disconnect()

    def _configured(self, version: MQTTProtocolVersion, broker: Broker) -> BufferedClient:
        client = BufferedClient(
            CallbackAPIVersion.VERSION2,
            client_id=self._identity.client_id,
            clean_session=False if version == MQTTProtocolVersion.MQTTv311 else None,
            protocol=version,
            reconnect_on_failure=False,
            manual_ack=True,
        )
        present(client, broker)
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        client.on_arrival = self._arrived
        client.on_disconnect = self._on_disconnect
        return client

    def _connect(self, version: MQTTProtocolVersion, broker: Broker) -> None:
        keepalive_s = self._identity.keepalive_s
        if version == MQTTProtocolVersion.MQTTv311:
            self._client.connect(broker.host, broker.port, keepalive_s)
            return
        properties = Properties(PacketTypes.CONNECT)
        properties.SessionExpiryInterval = self._identity.expiry_s
        properties.ReceiveMaximum = self._identity.window
        self._client.connect(broker.host, broker.port, keepalive_s, clean_start=False, properties=properties)

    def _held(self) -> bool:
        """Whether bytes lie in memory, read ahead or decrypted, where poll() cannot see them."""
        pending = getattr(self._socket, "pending", None)
        return not self.lost and (self._client.holds_bytes or (pending is not None and pending() > 0))

    def _read(self) -> None:
        """Read messages until the socket is empty or the turn is over."""
        began = self._count
        while self._count - began < _READ_AT_ONCE:
            before = self._count
            if self._client.loop_read() != MQTTErrorCode.MQTT_ERR_SUCCESS or self._count == before:
                return

    def _on_connect(
        self, _client: mqtt.Client, _data: object, flags: mqtt.ConnectFlags, reason: ReasonCode, _: Properties | None
    ) -> None:
        if reason.is_failure:
            self.phase = Phase.VERSION_REFUSED if reason.value == _UNSUPPORTED_VERSION else Phase.REFUSED
            self.trouble = f"the broker refuses the connection: {reason}; check user and password in the MQTT address"
            return
        self.session_present = flags.session_present
        if not flags.session_present:
            self._unacknowledged.clear()  # the broker forgot them: what is alike from here on is another message
        if not self._identity.filters:
            self.phase = Phase.SUBSCRIBED
            return
        self.subscribe()

    def _on_subscribe(
        self, _client: mqtt.Client, _data: object, _mid: int, reasons: list[ReasonCode], _: Properties | None
    ) -> None:
        if any(reason.is_failure for reason in reasons):
            filters = ", ".join(self._identity.filters)
            if not self.trouble:
                _log.error("subscription-refused", filters=filters)
            self.trouble = f"the broker refuses the subscription to {filters}; let the gateway's user read it"
            self.phase = Phase.UNSUBSCRIBED
            return
        self.phase, self.trouble = Phase.SUBSCRIBED, ""

    def _on_disconnect(
        self,
        _client: mqtt.Client,
        _data: object,
        _flags: mqtt.DisconnectFlags,
        reason: ReasonCode,
        _: Properties | None,
    ) -> None:
        self.trouble = self.trouble or f"the connection ended: {reason}"

    def _on_message(self, _client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        """A message that is not plain: of another quality of service, with a long topic, or cut while it was read."""
        payload = bytes(message.payload[:CUT_BYTES])
        if message.qos:
            return self._note(message.mid, _text(message), payload, message.retain, len(message.payload))
        self._count += 1
        size = len(message.payload)
        return self._deliver(Delivery(_text(message), payload, self._clock(), 0, 0, message.retain, size))

    def _arrived(self, packet_id: int, topic: str, payload: bytes, retain: bool) -> None:  # noqa: FBT001 - see wire
        self._note(packet_id, topic, payload[:CUT_BYTES], retain, len(payload))

    def _note(self, packet_id: int, topic: str, payload: bytes, retain: bool, size: int) -> None:  # noqa: FBT001
        """Note the delivery, once: the broker may repeat it while it waits, and one acknowledgement answers all."""
        self._count += 1
        waiting = self._pending.get(packet_id)
        if waiting is not None and waiting.topic == topic and waiting.payload == payload:
            return self._repeated()
        if self._unacknowledged and self._rebind(packet_id, (topic, payload, size)):
            return None
        delivery = Delivery(topic, payload, self._clock(), packet_id, 1, retain, size)
        self._pending[packet_id] = delivery
        return self._deliver(delivery)

    def _rebind(self, packet_id: int, message: Message) -> bool:
        delivery = self._unacknowledged.pop(message, None)
        if delivery is None:
            return False
        delivery.packet_id = packet_id
        self._pending[packet_id] = delivery
        self._repeated()
        return True


def _reason(code: int) -> str:
    """An MQTT 5 reason code of a PUBACK in the standard's words."""
    try:
        return str(ReasonCode(PacketTypes.PUBACK, identifier=code))
    except (KeyError, ValueError):
        return f"0x{code:02x}"


def _text(message: mqtt.MQTTMessage) -> str:
    try:
        return shortened(message.topic)
    except UnicodeDecodeError:
        return "(a topic that is not UTF-8)"
