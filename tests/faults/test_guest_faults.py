"""Guests that connect to the broker and never say who they are."""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack

import pytest

from tests.faults.conftest import World, seconds_since
from tests.faults.harness.fleet import DEVICES
from tests.faults.harness.proxy import Proxy
from tests.fixtures.process.waiting import wait_until

Worlds = Callable[[str], World]
long = pytest.mark.long
_HALF = b"\x10\x20\x00\x04MQ"  # CONNECT, of 32 bytes, that stops in the protocol's name
_FAULT = "broker: connections that say nothing"


@pytest.mark.parametrize(
    ("kind", "guests", "ended_within_s"),
    [
        ("nats", 100, 10),
        ("mosquitto", 100, 0),
        pytest.param("nats", 500, 10, marks=long),
        pytest.param("mosquitto", 500, 120, marks=long),
    ],
)
@pytest.mark.timeout(240)
def test_devices_and_a_gateway_get_in_beside_guests_that_never_say_who_they_are(
    make_world: Worlds, kind: str, guests: int, ended_within_s: float
):
    world = make_world(kind)
    with Proxy(world.broker.port) as proxy, ExitStack() as stack:
        gateway = world.gateway(mqtt_port=proxy.port).start().wait_ready()
        world.wait_watched()
        began = time.monotonic()
        silent = [
            stack.enter_context(socket.create_connection(("127.0.0.1", world.broker.port))) for _ in range(guests)
        ]
        for connection in silent[::2]:
            connection.sendall(_HALF)
        proxy.reset()
        with world.fleet() as fleet:
            let_in_s = seconds_since(began)
            wait_until(lambda: gateway.metric("connections_total") >= 2, 10, "the gateway to be back")
            fleet.run(world.pace(100))
            world.wait_for_more(50)
            recovery_s = world.settle(fleet)
            told = f"{guests}, half of them with half a CONNECT; {len(DEVICES)} devices let in after {let_in_s:.1f} s"
            if ended_within_s:
                wait_until(lambda: _ended(silent) == guests, ended_within_s, "the broker to end them")
                told += f", the guests ended after {seconds_since(began):.0f} s at most"
            world.conclude(_FAULT, told, recovery_s)


def _ended(connections: list[socket.socket]) -> int:
    poll = select.poll()
    for connection in connections:
        poll.register(connection, select.POLLIN)
    return len(poll.poll(0))
