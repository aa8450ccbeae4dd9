"""A greeting broker with the client under test, and beside it one that leaves all to paho."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gateway.mqtt.buffered_client import BufferedClient
from tests.gateway.mqtt.buffered_client.greeting_broker import (
    Broker,
    Seen,
    as_seen,
    connected,
)


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
