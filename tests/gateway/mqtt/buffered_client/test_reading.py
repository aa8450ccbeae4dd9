"""Few reads, the same messages as paho itself would deliver, and nothing that ends or holds up the connection."""

from __future__ import annotations

import gc
import threading
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.mqtt.buffered_client import BufferedClient
from tests.fixtures.process.waiting import wait_until
from tests.gateway.mqtt.buffered_client.greeting_broker import (
    Broker,
    Seen,
    as_seen,
    connected,
    length,
    packet,
    publish,
    publish5,
    read_until,
)


def test_every_message_of_one_read_arrives_and_nothing_is_held_afterwards(
    broker: Broker, client: BufferedClient
) -> None:
    seen: list[tuple[int, bytes]] = []
    client.on_message = lambda _client, _data, message: seen.append((message.mid, bytes(message.payload)))
    assert broker.wire is not None

    broker.wire.sendall(b"".join(publish(packet_id) for packet_id in range(1, 101)))
    wait_until(lambda: client.loop_read() == 0 and len(seen) >= 1, what="the first")
    held = client.holds_bytes
    read_until(client, lambda: len(seen) == 100)

    assert held, "the others were read with the first"
    assert [packet_id for packet_id, _ in seen] == list(range(1, 101))
    assert not client.holds_bytes


def test_a_message_cut_anywhere_arrives_whole(broker: Broker, client: BufferedClient) -> None:
    seen: list[bytes] = []
    client.on_message = lambda _client, _data, message: seen.append(bytes(message.payload))
    assert broker.wire is not None
    packet = publish(7, b"x" * 300)

    for number, byte in enumerate(packet):
        broker.wire.sendall(bytes([byte]))
        client.loop_read()
        assert number == len(packet) - 1 or not seen
    read_until(client, lambda: seen)

    assert seen == [b"x" * 300]


messages = st.tuples(
    st.sampled_from([0x30, 0x31, 0x32, 0x33, 0x3A, 0x3B]),
    st.sampled_from(
        [b"t", b"a/b", "Wälder".encode(), b"\xff\xfe", b"digitalpfad/v1/stadtwald/device-1/event/telemetry"]
    ),
    st.integers(1, 65_535),
    st.one_of(st.binary(max_size=300), st.integers(100, 40_000).map(lambda size: b"x" * size)),
    st.sampled_from([b"", b"", b"\x01\x01", b"\x03\x00\x04text"]),  # none, payload format, content type
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=st.lists(messages, min_size=1, max_size=12), data=st.data())
def test_plain_messages_arrive_as_paho_itself_would_deliver_them(
    pair: list[tuple[Broker, BufferedClient, list[Seen]]],
    sent: list[tuple[int, bytes, int, bytes, bytes]],
    data: st.DataObject,
) -> None:
    version5 = pair[0][0].version == "5"
    stream = b"".join(packet(*message[:4], message[4] if version5 else None) for message in sent)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=4)))

    for broker, client, seen in pair:
        seen.clear()
        assert broker.wire is not None
        for begin, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
            broker.wire.sendall(stream[begin:end])
            client.loop_read()
        read_until(client, lambda seen=seen: len(seen) >= len(sent))

    assert pair[0][2] == pair[1][2]
    assert [(payload, retain) for _, _, payload, retain in pair[0][2]] == [
        (payload, bool(head & 1)) for head, _, _, payload, _ in sent
    ]


def test_a_message_that_is_no_message_ends_the_connection_as_with_paho(
    pair: list[tuple[Broker, BufferedClient, list[Seen]]],
) -> None:
    malformed = b"\x32\x05\x00\x09abc"  # a topic longer than the message

    for broker, client, _ in pair:
        assert broker.wire is not None
        broker.wire.sendall(malformed)
        wait_until(lambda client=client: client.loop_read() != 0, what="the refusal")
        assert client.socket() is None


@pytest.mark.parametrize("qos", [0, 1, 2])
@pytest.mark.parametrize(
    "properties",
    [b"\x26\x00\x03\xef\xbb\xbf\x00\x01v", b"\x03\x00\x03\xef\xbb\xbf", b"\x26\0\0\0\0" * 300_000],
    ids=["a name with U+FEFF", "a content type with U+FEFF", "three hundred thousand"],
)
def test_no_property_of_a_message_ends_or_holds_up_the_connection(qos: int, properties: bytes) -> None:
    broker, seen = Broker("5"), list[Seen]()
    client = connected(broker)
    client.on_message = lambda _client, _data, message: seen.append(as_seen(message))
    client.on_arrival = lambda *plain: seen.append(plain)
    identity = b"\x00\x07" if qos else b""
    body = b"\x00\x01t" + identity + length(len(properties)) + properties + b"payload"
    assert broker.wire is not None
    sending = threading.Thread(
        target=broker.wire.sendall, args=[bytes([0x30 | qos << 1]) + length(len(body)) + body + publish5(8)]
    )

    sending.start()
    read_until(client, lambda: len(seen) == 2)
    sending.join()

    assert [message[2] for message in seen] == [b"payload", b"next"]
    client.disconnect()
    broker.close()


def test_a_message_with_a_long_topic_leaves_nothing_to_the_collector(broker: Broker, client: BufferedClient) -> None:
    sizes = list[int]()
    client.on_message = lambda _client, _data, message: sizes.append(len(message.topic))
    body = (60_000).to_bytes(2, "big") + b"t" * 60_000
    assert broker.wire is not None
    sending = threading.Thread(target=broker.wire.sendall, args=[(b"\x30" + length(len(body)) + body) * 100])
    gc.disable()
    tracemalloc.start()

    try:
        sending.start()
        read_until(client, lambda: len(sizes) == 100)
        assert tracemalloc.get_traced_memory()[0] < 1_000_000  # of 6 MB
    finally:
        tracemalloc.stop()
        gc.enable()
        sending.join()
