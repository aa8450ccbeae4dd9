"""One write for many acknowledgements; what is published is in flight until the broker answers."""

from __future__ import annotations

import pytest

from gateway.mqtt.buffered_client import BufferedClient
from tests.fixtures.process.waiting import wait_until
from tests.gateway.mqtt.buffered_client.greeting_broker import (
    Broker,
    Seen,
    connected,
    packet,
)


def test_acknowledgements_go_out_in_order_in_one_write(broker: Broker, client: BufferedClient) -> None:
    assert broker.wire is not None

    client.acknowledge([3, 1, 65_535])

    assert broker.wire.recv(4096) == b"\x40\x02\x00\x03\x40\x02\x00\x01\x40\x02\xff\xff"


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
