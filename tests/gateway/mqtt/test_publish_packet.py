"""PUBLISH packets taken apart as paho takes the same bytes apart, whole or cut anywhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paho.mqtt import _packet as paho_packet
from paho.mqtt.enums import MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from gateway.mqtt.publish_packet import Publish, parse_publish, variable_integer, write_variable_integer

_VERSION = {False: MQTTProtocolVersion.MQTTv311, True: MQTTProtocolVersion.MQTTv5}


@st.composite
def properties(draw: st.DrawFn) -> Properties:
    """What MQTT 5 allows in a PUBLISH, any of it or none."""
    made = Properties(PacketTypes.PUBLISH)
    text = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF), max_size=40)
    if draw(st.booleans()):
        made.PayloadFormatIndicator = draw(st.integers(0, 1))
    if draw(st.booleans()):
        made.MessageExpiryInterval = draw(st.integers(0, 2**32 - 1))
    if draw(st.booleans()):
        made.CorrelationData = draw(st.binary(max_size=300))
    made.ContentType = draw(text)
    pairs = draw(st.lists(st.tuples(text, text), max_size=5))
    if pairs:
        made.UserProperty = pairs
    return made


@st.composite
def packets(draw: st.DrawFn, *, v5: bool) -> bytes:
    """Any valid PUBLISH packet."""
    qos = draw(st.integers(0, 2))
    topic = draw(st.text(st.characters(min_codepoint=1, exclude_categories=["Cs"]), min_size=1, max_size=150)).encode()
    body = len(topic).to_bytes(2, "big") + topic
    if qos:
        body += draw(st.integers(1, 65_535)).to_bytes(2, "big")
    if v5:
        body += draw(st.one_of(st.just(b"\0"), properties().map(Properties.pack)))
    body += draw(st.one_of(st.binary(max_size=300), st.integers(120, 40_000).map(lambda size: b"x" * size)))
    head = 0x30 | draw(st.booleans()) << 3 | qos << 1 | draw(st.booleans())
    return bytes([head]) + write_variable_integer(len(body)) + body


def by_paho(packet: bytes, *, v5: bool) -> Publish:
    """The same packet as paho reads it; ``end`` is its length."""
    _, body = variable_integer(packet, 1)
    read = paho_packet.decode_publish(packet[0], packet[body:], _VERSION[v5])
    return Publish(read.qos, read.retain, read.mid, read.topic, bytes(read.payload), len(packet))


@pytest.mark.parametrize("v5", [False, True], ids=["3.1.1", "5"])
@given(data=st.data())
def test_a_packet_is_read_as_paho_reads_it_wherever_it_begins(v5: bool, data: st.DataObject) -> None:
    packet, before, after = (
        data.draw(packets(v5=v5)),
        data.draw(st.binary(max_size=9)),
        data.draw(st.binary(max_size=9)),
    )
    expected = by_paho(packet, v5=v5)

    found = parse_publish(before + packet + after, len(before), v5=v5)

    assert found is not None
    assert (found.qos, found.retain, found.packet_id, found.topic, found.payload) == (
        expected.qos,
        expected.retain,
        expected.packet_id,
        expected.topic,
        expected.payload,
    )
    assert found.end == len(before) + len(packet)


@pytest.mark.parametrize("v5", [False, True], ids=["3.1.1", "5"])
@given(data=st.data())
def test_no_part_of_a_packet_is_taken_for_a_message(v5: bool, data: st.DataObject) -> None:
    packet = data.draw(packets(v5=v5))
    cut = data.draw(st.one_of(st.integers(0, len(packet) - 1), st.integers(0, min(8, len(packet) - 1))))

    assert parse_publish(packet[:cut], 0, v5=v5) is None


@pytest.mark.parametrize("v5", [False, True], ids=["3.1.1", "5"])
@given(buffer=st.binary(max_size=60), data=st.data())
def test_no_bytes_raise_and_what_is_read_lies_within_them(v5: bool, buffer: bytes, data: st.DataObject) -> None:
    head = data.draw(st.sampled_from([b"", b"\x30", b"\x32", b"\x33", b"\x34", b"\x36", b"\x3d"]))
    found = parse_publish(head + buffer, 0, v5=v5)

    if found is not None:
        assert found.qos in {0, 1, 2}
        assert found.end <= len(head + buffer)
        assert found.topic in head + buffer
        assert (head + buffer)[: found.end].endswith(found.payload)


REFUSED = {
    "another kind of packet": b"\x40\x02\x00\x01",
    "a quality of service of 3": b"\x36\x06\x00\x01t\x00\x07x",
    "a topic longer than the packet": b"\x32\x05\x00\x09abc",
    "no room for the packet id": b"\x32\x04\x00\x01t\x00",
    "no room for the topic's length": b"\x32\x01\x00",
    "a length of five bytes": b"\x32\xff\xff\xff\xff\x01" + bytes(40),
}


@pytest.mark.parametrize("buffer", REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("v5", [False, True], ids=["3.1.1", "5"])
def test_what_is_malformed_is_left_to_paho(buffer: bytes, v5: bool) -> None:
    assert parse_publish(buffer + bytes(16), 0, v5=v5) is None


@pytest.mark.parametrize(
    "body", [b"\x00\x01t\x00\x07", b"\x00\x01t\x00\x07\x05abc", b"\x00\x01t\x00\x07\x80\x80\x80\x80\x01"]
)
def test_properties_that_reach_beyond_their_packet_are_left_to_paho(body: bytes) -> None:
    assert parse_publish(b"\x32" + bytes([len(body)]) + body + bytes(16), 0, v5=True) is None


@given(value=st.integers(0, 268_435_455))
def test_a_variable_byte_integer_is_read_as_it_was_written(value: int) -> None:
    written = write_variable_integer(value)

    assert variable_integer(b"\xff" + written + b"\xff", 1) == (value, 1 + len(written))
