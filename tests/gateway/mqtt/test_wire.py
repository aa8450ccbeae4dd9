"""The buffered client still fits into paho: few reads, one write for many acknowledgements, the same messages."""

from __future__ import annotations

import gc
import re
import select
import socket
import threading
import tomllib
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from gateway.mqtt import buffered_client
from gateway.mqtt.buffered_client import USED_OF_PAHO, BufferedClient, check_paho
from geodata.errors import StartRefused
from tests.checkout import ROOT
from tests.fixtures.process.waiting import wait_until

_CONNACK = {"3.1.1": b"\x20\x02\x00\x00", "5": b"\x20\x03\x00\x00\x00"}
_VERSION = {"3.1.1": MQTTProtocolVersion.MQTTv311, "5": MQTTProtocolVersion.MQTTv5}

Seen = tuple[int, str, bytes, bool]


class Broker:
    """Greets one client and lets the test see and send bytes."""

    def __init__(self, version: str = "3.1.1") -> None:
        self.version = version
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.wire: socket.socket | None = None
        self.thread = threading.Thread(target=self._greet)
        self.thread.start()

    def _greet(self) -> None:
        self.wire, _ = self.listener.accept()
        self.wire.recv(4096)
        self.wire.sendall(_CONNACK[self.version])

    def close(self) -> None:
        self.thread.join(5)
        if self.wire is not None:
            self.wire.close()
        self.listener.close()


@pytest.fixture
def broker() -> Iterator[Broker]:
    made = Broker()
    yield made
    made.close()


@pytest.fixture
def client(broker: Broker) -> Iterator[BufferedClient]:
    made = connected(broker)
    yield made
    made.disconnect()


def connected(broker: Broker) -> BufferedClient:
    version5 = broker.version == "5"
    made = BufferedClient(
        CallbackAPIVersion.VERSION2,
        "reader",
        clean_session=None if version5 else False,
        protocol=_VERSION[broker.version],
        manual_ack=True,
    )
    made.connect("127.0.0.1", broker.listener.getsockname()[1])
    broker.thread.join(5)
    wait_until(lambda: made.loop_read() == 0 and made.is_connected(), what="the greeting")
    return made


def publish(packet_id: int, payload: bytes = b"payload") -> bytes:
    body = b"\x00\x01t" + packet_id.to_bytes(2, "big") + payload
    length = len(body)
    head = bytes([length]) if length < 128 else bytes([length & 127 | 128, length >> 7])
    return b"\x32" + head + body


def read_until(client: BufferedClient, condition: Callable[[], object]) -> None:
    """Read on as long as there is something to read: a pause after each read would make up most of the test's time."""

    def read() -> object:
        wire = client.socket()
        assert wire is not None
        while client.holds_bytes or select.select([wire], [], [], 0)[0]:
            assert client.loop_read() == 0
        return condition()

    wait_until(read, what="the messages")


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


def test_acknowledgements_go_out_in_order_in_one_write(broker: Broker, client: BufferedClient) -> None:
    assert broker.wire is not None

    client.acknowledge([3, 1, 65_535])

    assert broker.wire.recv(4096) == b"\x40\x02\x00\x03\x40\x02\x00\x01\x40\x02\xff\xff"


@pytest.fixture(params=["3.1.1", "5"])
def pair(request: pytest.FixtureRequest) -> Iterator[list[tuple[Broker, BufferedClient, list[Seen]]]]:
    """A client that takes plain messages itself and one that leaves all to paho, each with what it saw."""
    made: list[tuple[Broker, BufferedClient, list[Seen]]] = []
    for takes_plain in (True, False):
        broker, seen = Broker(request.param), list[Seen]()
        client = connected(broker)
        client.on_message = lambda _client, _data, message, seen=seen: seen.append(as_seen(message))
        if takes_plain:
            client.on_arrival = lambda packet_id, topic, payload, retain, seen=seen: seen.append(
                (packet_id, topic, payload, retain)
            )
        made.append((broker, client, seen))
    yield made
    for broker, client, _ in made:
        client.disconnect()
        broker.close()


def as_seen(message: mqtt.MQTTMessage) -> Seen:
    try:
        topic = message.topic
    except UnicodeDecodeError:
        topic = "not UTF-8"
    return message.mid, topic, bytes(message.payload), message.retain


def packet(head: int, topic: bytes, packet_id: int, payload: bytes, properties: bytes | None) -> bytes:
    """A message as on the wire; ``properties`` None on MQTT 3.1.1."""
    body = len(topic).to_bytes(2, "big") + topic
    if head & 0x06:
        body += packet_id.to_bytes(2, "big")
    if properties is not None:
        body += bytes([len(properties)]) + properties
    body += payload
    length, coded = len(body), bytearray()
    while True:
        length, low = length >> 7, length & 127
        coded.append(low | 128 if length else low)
        if not length:
            return bytes([head]) + coded + body


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


def length(size: int) -> bytes:
    """MQTT's variable byte integer."""
    coded = bytearray()
    while size > 127:
        coded.append(size & 127 | 128)
        size >>= 7
    return bytes([*coded, size])


def publish5(packet_id: int) -> bytes:
    """A plain message of MQTT 5."""
    return packet(0x32, b"t", packet_id, b"next", b"")


@pytest.mark.parametrize("answers", ["plain", "byte by byte", "with a reason"])
def test_what_is_published_is_in_flight_until_the_broker_acknowledges_it(
    pair: list[tuple[Broker, BufferedClient, list[Seen]]], answers: str
) -> None:
    broker, client, _ = pair[0]
    assert broker.wire is not None
    version5 = broker.version == "5"

    client.publish_retained([("a/confirm", b"{}"), ("b/confirm", b"x" * 200)])
    sent = broker.wire.recv(4096)
    first, second = int.from_bytes(sent[13:15], "big"), int.from_bytes(sent[13:15], "big") + 1
    assert client.in_flight == 2
    assert sent == b"".join(
        packet(0x33, topic, packet_id, payload, b"" if version5 else None)
        for topic, packet_id, payload in [(b"a/confirm", first, b"{}"), (b"b/confirm", second, b"x" * 200)]
    )

    reason = b"\x10\x00" if version5 and answers == "with a reason" else b""  # no matching subscribers
    for packet_id in (first, second):
        answer = bytes([0x40, 2 + len(reason)]) + packet_id.to_bytes(2, "big") + reason
        for byte in [bytes([one]) for one in answer] if answers == "byte by byte" else [answer]:
            broker.wire.sendall(byte)
            client.loop_read()
    wait_until(lambda: client.loop_read() == 0 and client.in_flight == 0, what="the acknowledgements")


def test_a_paho_that_lacks_what_is_used_of_it_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(mqtt.Client, "_send_pubcomp")

    with pytest.raises(StartRefused, match=r"paho-mqtt 2\.2\.0 lacks _send_pubcomp, .*Install paho-mqtt>=2\.2,<2\.3"):
        BufferedClient(CallbackAPIVersion.VERSION2)
    with pytest.raises(StartRefused, match="lacks _send_pubcomp"):
        check_paho()


def test_all_names_that_paho_keeps_to_itself_are_listed_and_no_others() -> None:
    source = Path(buffered_client.__file__).read_text(encoding="utf-8")
    used = set(re.findall(r"(?:self|super\(\))\.(_[a-z][a-z_]+)", source)) | set(
        re.findall(r"def (_[a-z][a-z_]+)\(self", source)
    )
    own = set(dir(mqtt.Client)) | set(vars(mqtt.Client(CallbackAPIVersion.VERSION2)))

    assert used & own == set(USED_OF_PAHO)


def test_the_versions_of_paho_are_those_that_are_installed_and_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert f"paho-mqtt{buffered_client.VERSIONS}" in project["dependencies"]


@pytest.mark.parametrize("cut", [False, True], ids=["whole", "byte by byte"])
def test_a_message_that_an_mqtt_5_broker_refuses_is_counted_by_reason_and_not_as_taken(cut: bool) -> None:
    broker = Broker("5")
    client = connected(broker)
    client.on_arrival = lambda *_: None
    assert broker.wire is not None

    client.publish_retained([("a/confirm", b"{}")] * 4)
    sent = broker.wire.recv(4096)
    first = int.from_bytes(sent[13:15], "big")
    answers = b"".join(
        bytes([0x40, 2 + len(reason)]) + (first + number).to_bytes(2, "big") + reason
        for number, reason in enumerate([b"", b"\x10", b"\x87", b"\x97\x00"])
    )
    for piece in [bytes([byte]) for byte in answers] if cut else [answers]:
        broker.wire.sendall(piece)
        client.loop_read()
    wait_until(lambda: client.loop_read() == 0 and client.in_flight == 0, what="the answers")

    assert (client.taken, dict(client.refused)) == (2, {0x87: 1, 0x97: 1})
    client.disconnect()
    broker.close()
