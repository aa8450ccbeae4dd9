"""A PUBLISH packet of MQTT, taken apart from the bytes of the network. Pure: no socket, no client.

Its layout, in both versions of MQTT; numbers of two bytes have the higher one first::

    1 byte       0b0011_dqqr: kind 3, then d = a repetition, qq = quality of service (0 to 2), r = retained
    1-4 bytes    length of all that follows: 7 bits in each byte, the lowest first; bit 7 says that one more follows
    2 bytes      length of the topic
    n bytes      topic, UTF-8
    2 bytes      packet id; only where the quality of service is 1 or 2
    1-4 bytes    length of the properties, written as the length above; only in MQTT 5
    n bytes      properties; only in MQTT 5
    the rest     payload
"""

from __future__ import annotations

import msgspec

_PUBLISH = 0x30
_KIND = 0xF0
_QOS = 0x06
_NO_QOS = 0x06  # both bits set: no quality of service is 3
_RETAIN = 0x01
_LAST = 0x80  # bytes of a variable byte integer below it are its last
_MOST_BYTES = 4
_SHORTEST = 4  # bytes of a packet
_TOO_LARGE = 1 << 28  # no packet is that long


class Publish(msgspec.Struct, frozen=True, gc=False):
    """One message; ``packet_id`` is 0 at QoS 0, ``end`` is where the next packet begins."""

    qos: int
    retain: bool
    packet_id: int
    topic: bytes
    payload: bytes
    end: int


def parse_publish(buffer: bytes, at: int, *, v5: bool) -> Publish | None:
    """The message that begins at ``at``; None where no whole and well-formed PUBLISH packet stands there.

    ``v5``: the connection speaks MQTT 5. Properties are passed over unread, whatever is in them.
    """
    read = len(buffer)
    if at + _SHORTEST > read:
        return None
    head = buffer[at]
    qos = head & _QOS
    if head & _KIND != _PUBLISH or qos == _NO_QOS:
        return None
    length, body = buffer[at + 1], at + 2
    if length >= _LAST:
        if buffer[body] < _LAST:  # up to 16 kB, what nearly all messages are: without the call
            length, body = length & 0x7F | buffer[body] << 7, at + 3
        else:
            length, body = variable_integer(buffer, at + 1)
    end = body + length
    if end > read or length < 2:
        return None
    topic_at = body + 2
    identity = topic_at + (buffer[body] << 8 | buffer[body + 1])
    payload_at = identity + 2 if qos else identity
    if v5:
        if payload_at >= end:
            return None
        properties, properties_at = buffer[payload_at], payload_at + 1
        if properties >= _LAST:
            properties, properties_at = variable_integer(buffer, payload_at)
        payload_at = properties_at + properties
    if payload_at > end:
        return None
    packet_id = buffer[identity] << 8 | buffer[identity + 1] if qos else 0
    return Publish(qos >> 1, head & _RETAIN == 1, packet_id, buffer[topic_at:identity], buffer[payload_at:end], end)


def variable_integer(buffer: bytes | bytearray, at: int) -> tuple[int, int]:
    """The number that begins at ``at``, and where what follows it begins.

    Of one that is cut or has more than four bytes: a number no packet can hold.
    """
    value, shift = 0, 0
    for byte in buffer[at : at + _MOST_BYTES]:
        at += 1
        if byte < _LAST:
            return value | byte << shift, at
        value |= (byte & 0x7F) << shift
        shift += 7
    return _TOO_LARGE, at


def write_variable_integer(value: int) -> bytes:
    """The bytes that say ``value``, which is at most 268 435 455."""
    written = bytearray()
    while value >= _LAST:
        written.append(value & 0x7F | _LAST)
        value >>= 7
    return bytes([*written, value])
