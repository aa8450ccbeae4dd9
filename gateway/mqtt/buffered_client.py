"""paho's client with less work per message: many are read, acknowledged and confirmed with one system call.

paho takes three reads and some sixty steps of Python for a message, and a write for each acknowledgement.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal

from paho.mqtt import __version__ as paho_version
from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion

from gateway.mqtt.publish_packet import parse_publish, variable_integer, write_variable_integer
from geodata.errors import StartRefused

Arrival = Callable[[int, str, bytes, bool], None]
"""Called with packet id, topic, payload and the retain flag of a message of QoS 1."""

USED_OF_PAHO = (
    # called or replaced
    "_handle_on_message", "_handle_publish", "_handle_pubackcomp", "_handle_pubrel", "_mid_generate", "_packet_queue",
    "_send_pubcomp", "_sock_recv",
    # read or written
    "_in_packet", "_last_bytes_received", "_msgtime_mutex", "_protocol", "_userdata",
)  # fmt: skip
"""All names that paho keeps to itself and that are used here, and nowhere else: they may change with each version."""

VERSIONS = ">=2.2,<2.3"  # of paho-mqtt, as in pyproject.toml

_PUBACK = 0x40
_PUBLISH_QOS_1_RETAIN = 0x33
_QOS = 0x06
_QOS_1 = 1
_QOS_2 = 0x04
_LONGEST_TOPIC = 255  # bytes; a longer one is looked at and cut elsewhere
_SHORT = 128  # the length of a packet takes one byte
_FAILURE = 0x80  # reason codes from here on say no
_AT_ONCE = 64 * 1024  # bytes


class BufferedClient(mqtt.Client):
    """Reads ahead, hands plain messages to ``on_arrival``, and sends many acknowledgements as one write.

    Plain are messages of QoS 1 that were read whole, with a topic of at most 255 bytes. Everything else is paho's, and
    so is every plain message while ``on_arrival`` is None. One connection only: it must not reconnect.

    Raises StartRefused where paho has not the inner names that it uses, see USED_OF_PAHO.
    """

    on_arrival: Arrival | None = None
    in_flight = 0
    """Messages that were published and that the broker has not acknowledged."""
    taken = 0
    """Messages that were published and that the broker took."""
    _of_qos_2: frozenset[int] = frozenset()
    _ahead = b""
    _at = 0

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        _check(vars(self))
        self.refused: Counter[int] = Counter()
        """Messages that were published and that an MQTT 5 broker refused, by its reason code."""
        self._v5 = self._protocol == MQTTProtocolVersion.MQTTv5

    @property
    def holds_bytes(self) -> bool:
        """Whether something was read from the network that loop_read() has not handled yet."""
        return self._at < len(self._ahead)

    def acknowledge(self, packet_ids: Sequence[int]) -> None:
        """Acknowledge messages in this order: one of QoS 2 by PUBREC, all others by PUBACK."""
        two = self._of_qos_2
        packets = b"".join(
            [
                (b"\x50\x02" if packet_id in two else b"\x40\x02") + packet_id.to_bytes(2, "big")
                for packet_id in packet_ids
            ]
        )
        if two:
            self._of_qos_2 = two.difference(packet_ids)
        if packets:
            self._packet_queue(_PUBACK, packets, 0, 0)

    def publish_retained(self, messages: Iterable[tuple[str, bytes]]) -> None:
        """Publish topics and payloads at QoS 1; what the broker does not acknowledge is not sent again."""
        properties = b"\0" if self._v5 else b""
        packets = bytearray()
        for topic, payload in messages:
            name = topic.encode()
            body = b"".join(
                [len(name).to_bytes(2, "big"), name, self._mid_generate().to_bytes(2, "big"), properties, payload]
            )
            packets.append(_PUBLISH_QOS_1_RETAIN)
            packets += write_variable_integer(len(body))
            packets += body
            self.in_flight += 1
        if packets:
            self._packet_queue(_PUBLISH_QOS_1_RETAIN, packets, 0, 1)

    def loop_read(self, max_packets: int = 1) -> MQTTErrorCode:
        """Handle the plain messages that come next; where there is none, what comes next as paho does."""
        arrived = self.on_arrival
        if arrived is None or self._in_packet["command"] != 0:
            return super().loop_read(max_packets)
        try:
            self._read_ahead()
        except BlockingIOError:
            return MQTTErrorCode.MQTT_ERR_SUCCESS
        except OSError:
            return super().loop_read(max_packets)  # it meets the same, and knows what follows from it
        if not self._take_plain(arrived):
            return super().loop_read(max_packets)
        with self._msgtime_mutex:
            self._last_bytes_received = mqtt.time_func()
        return MQTTErrorCode.MQTT_ERR_SUCCESS

    def _take_plain(self, arrived: Arrival) -> bool:
        """Whether the next packet was a plain message or an acknowledgement; takes all that were read at once."""
        ahead, at, v5 = self._ahead, self._at, self._v5
        while True:
            packet = parse_publish(ahead, at, v5=v5)
            if packet is None:
                end = self._take_acknowledgement(ahead, at)
                if end == at:
                    break
                at = end
                continue
            if packet.qos != _QOS_1 or not 0 < len(packet.topic) <= _LONGEST_TOPIC:
                break
            try:
                topic = packet.topic.decode()
            except UnicodeDecodeError:
                break
            arrived(packet.packet_id, topic, packet.payload, packet.retain)
            at = packet.end
        has_advanced = at > self._at
        self._at = at
        return has_advanced

    def _take_acknowledgement(self, ahead: bytes, at: int) -> int:
        """Where the packet after the PUBACK at ``at`` begins; ``at`` where no whole PUBACK stands there.

        Its bytes: 0x40, the length of what follows, two of the packet id, and in MQTT 5 a reason code with properties
        where it is not the reason 0.
        """
        if at + 2 > len(ahead) or ahead[at] != _PUBACK:
            return at
        end = at + 2 + ahead[at + 1]
        if end > len(ahead) or ahead[at + 1] >= _SHORT:
            return at
        self._note_answer(ahead[at + 2 : end])
        return end

    def _note_answer(self, body: bytes | bytearray) -> None:
        """Note what the broker says to a message of ours; MQTT 3.1.1 knows no refusal."""
        self.in_flight -= 1
        reason = body[2] if self._v5 and len(body) > 2 else 0
        if reason < _FAILURE:
            self.taken += 1
        else:
            self.refused[reason] += 1

    def _handle_publish(self) -> MQTTErrorCode:
        """Take a message of QoS 2, which nobody asked for, as one of QoS 1: paho would acknowledge before it is stored.

        Once acknowledged the broker may not send it again; a repetition before that is recognised as any other is.
        Properties are dropped unread: nobody here needs them, paho ends the connection at characters that MQTT and
        brokers allow (U+FEFF), so that the message would come again for ever, and reads many in quadratic time.
        """
        if self._v5:
            self._in_packet["packet"] = _without_properties(
                self._in_packet["packet"], identified=bool(self._in_packet["command"] & _QOS)
            )
        packet = self._in_packet["packet"]
        if self._in_packet["command"] & _QOS == _QOS_2:
            identity = 2 + int.from_bytes(packet[:2], "big")
            self._of_qos_2 |= {int.from_bytes(packet[identity : identity + 2], "big")}
            self._in_packet["command"] ^= _QOS
        return super()._handle_publish()

    def _handle_on_message(self, message: mqtt.MQTTMessage) -> None:
        """Hand it over, without paho's look for callbacks of single filters, of which there are none.

        That leaves a reference cycle which holds the topic's levels: 60 kB a message until the collector comes by.
        """
        if self.on_message is not None:
            self.on_message(self, self._userdata, message)

    def _handle_pubrel(self) -> MQTTErrorCode:
        """Let the broker forget a message of QoS 2: it asks only after the acknowledgement."""
        return self._send_pubcomp(int.from_bytes(self._in_packet["packet"][:2], "big"))

    def _handle_pubackcomp(self, cmd: Literal["PUBACK", "PUBCOMP"]) -> MQTTErrorCode:
        self._note_answer(self._in_packet["packet"])
        return super()._handle_pubackcomp(cmd)

    def _read_ahead(self) -> None:
        if self._at >= len(self._ahead):
            self._ahead, self._at = super()._sock_recv(_AT_ONCE), 0

    def _sock_recv(self, bufsize: int) -> bytes:
        """Up to ``bufsize`` bytes, as paho asks for them: one, one, and the rest of a packet."""
        self._read_ahead()
        piece = self._ahead[self._at : self._at + bufsize]
        self._at += len(piece)
        return piece


def check_paho() -> None:
    """Raise StartRefused where the installed paho lacks a name that is used here: before any connection needs it."""
    _check(vars(mqtt.Client(CallbackAPIVersion.VERSION2)))


def _check(attributes: Iterable[str]) -> None:
    missing = sorted(set(USED_OF_PAHO).difference(dir(mqtt.Client), attributes))
    if missing:
        raise StartRefused(
            f"The installed paho-mqtt {paho_version} lacks {', '.join(missing)}, which the gateway uses of it. Install"
            f" paho-mqtt{VERSIONS}, as requirements/runtime.txt has it."
        )


def _without_properties(packet: bytearray, *, identified: bool) -> bytearray:
    """The body of an MQTT 5 message with no properties; as it is where their length is none, for paho to refuse."""
    at = 2 + int.from_bytes(packet[:2], "big") + (2 if identified else 0)
    length, properties_at = variable_integer(packet, at)
    end = properties_at + length
    return packet[:at] + bytearray(1) + packet[end:] if end <= len(packet) else packet
