"""paho's client with less work per message: many are read, acknowledged and confirmed with one system call.

paho takes three reads and some sixty steps of Python for a message, and a write for each acknowledgement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from paho.mqtt import client as mqtt
from paho.mqtt.enums import MQTTErrorCode, MQTTProtocolVersion

Arrival = Callable[[int, str, bytes, bool], None]
"""Called with packet id, topic, payload and the retain flag of a message of QoS 1."""

_PUBACK = 0x40
_PUBLISH_QOS_1 = 0x32
_PUBLISH_QOS_1_RETAIN = 0x33
_QOS = 0x06
_QOS_2 = 0x04
_KIND_AND_QOS = 0xF6  # leaves out the flags for a repetition and for retained messages
_RETAIN = 0x01
_AT_ONCE = 64 * 1024  # bytes


class BufferedClient(mqtt.Client):
    """Reads ahead, hands plain messages to ``on_arrival``, and sends many acknowledgements as one write.

    Plain are whole messages of QoS 1 without properties, with a topic of at most 255 bytes. Everything else is paho's,
    and so is every plain message while ``on_arrival`` is None. One connection only: it must not reconnect. It overrides
    and uses what paho keeps to itself; tests/gateway/mqtt/test_wire.py notices when that changes.
    """

    on_arrival: Arrival | None = None
    in_flight = 0
    """Messages that were published and that the broker has not acknowledged."""
    _of_qos_2: frozenset[int] = frozenset()
    _ahead = b""
    _at = 0

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
        properties = b"\0" if self._protocol == MQTTProtocolVersion.MQTTv5 else b""
        packets = bytearray()
        for topic, payload in messages:
            name = topic.encode()
            body = b"".join(
                [len(name).to_bytes(2, "big"), name, self._mid_generate().to_bytes(2, "big"), properties, payload]
            )
            packets.append(_PUBLISH_QOS_1_RETAIN)
            packets += _length(len(body))
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
        ahead, at, read = self._ahead, self._at, len(self._ahead)
        properties = 1 if self._protocol == MQTTProtocolVersion.MQTTv5 else 0
        while at + 4 <= read:
            length, name = ahead[at + 1], at + 4
            if ahead[at] == _PUBACK and length < 128 and at + 2 + length <= read:
                at += 2 + length
                self.in_flight -= 1
                continue
            if ahead[at] & _KIND_AND_QOS != _PUBLISH_QOS_1:
                break
            if length > 127:
                length, name = length & 127 | ahead[at + 2] << 7, at + 5
            end = name - 2 + length
            if end > read or length < 5 or ahead[name - 3] > 127:
                break
            identity = name + ahead[name - 1]  # the other byte of the length is 0
            payload = identity + 2 + properties
            if ahead[name - 2] or payload > end or identity == name or (properties and ahead[payload - 1]):
                break
            try:
                topic = ahead[name:identity].decode()
            except UnicodeDecodeError:
                break
            arrived(ahead[identity] << 8 | ahead[identity + 1], topic, ahead[payload:end], bool(ahead[at] & _RETAIN))
            at = end
        taken = at > self._at
        self._at = at
        return taken

    def _handle_publish(self) -> MQTTErrorCode:
        """Take a message of QoS 2, which nobody asked for, as one of QoS 1: paho would acknowledge before it is stored.

        Once acknowledged the broker may not send it again; a repetition before that is recognised as any other is.
        Properties are dropped unread: nobody here needs them, paho ends the connection at characters that MQTT and
        brokers allow (U+FEFF), so that the message would come again for ever, and reads many in quadratic time.
        """
        if self._protocol == MQTTProtocolVersion.MQTTv5:
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
        self.in_flight -= 1
        return super()._handle_pubackcomp(cmd)

    def _read_ahead(self) -> None:
        if self._at >= len(self._ahead):
            self._ahead, self._at = super()._sock_recv(_AT_ONCE), 0

    def _sock_recv(self, bufsize: int) -> bytes:
        """Up to ``bufsize`` bytes, as paho asks for them: one, one, and the rest of a packet."""
        self._read_ahead()
        found = self._ahead[self._at : self._at + bufsize]
        self._at += len(found)
        return found


def _length(size: int) -> bytes:
    """MQTT's variable byte integer, up to 16383: nothing longer is published here."""
    return bytes([size]) if size < 128 else bytes([size & 127 | 128, size >> 7])


def _without_properties(packet: bytearray, *, identified: bool) -> bytearray:
    """The body of an MQTT 5 message with no properties; as it is where their length is none, for paho to refuse."""
    at = 2 + int.from_bytes(packet[:2], "big") + (2 if identified else 0)
    length = 0
    for place, byte in enumerate(packet[at : at + 4]):
        length |= (byte & 127) << 7 * place
        if byte < 128:
            end = at + place + 1 + length
            return packet[:at] + bytearray(1) + packet[end:] if end <= len(packet) else packet
    return packet
