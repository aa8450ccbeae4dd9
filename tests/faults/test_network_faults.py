"""The network between gateway, broker and database breaks, slows down, falls silent."""

from __future__ import annotations

import time
from collections.abc import Callable

import psycopg
import pytest

from tests.faults.conftest import World, seconds_since
from tests.faults.harness.proxy import Proxy
from tests.fixtures.process.waiting import wait_until

Worlds = Callable[[str], World]
long = pytest.mark.long


@pytest.mark.parametrize(
    ("kind", "resets"), [("nats", 4), pytest.param("mosquitto", 25, marks=long), pytest.param("nats", 25, marks=long)]
)
@pytest.mark.timeout(300)
def test_a_connection_to_the_broker_that_is_reset_again_and_again_loses_nothing(
    make_world: Worlds, kind: str, resets: int
):
    world = make_world(kind)
    with Proxy(world.broker.port) as proxy:
        gateway = world.gateway(mqtt_port=proxy.port).start().wait_ready()
        with world.fleet() as fleet:
            fleet.run(world.pace(300))
            for number in range(resets):
                world.wait_for_more(50)
                proxy.reset()
                wait_until(lambda number=number: gateway.metric("connections_total") >= number + 2, 30, "it is back")
            recovery_s = world.settle(fleet)
            world.conclude("network: broker connection reset", f"{resets} resets, without outbox", recovery_s)


@pytest.mark.parametrize(("kind", "resets"), [("mosquitto", 4), ("nats", 3)])
def test_a_connection_that_flaps_while_the_database_is_away_neither_drops_nor_piles_up_messages(
    make_world: Worlds, kind: str, resets: int
):
    world = make_world(kind)
    with Proxy(world.broker.port) as proxy:
        gateway = world.gateway(mqtt_port=proxy.port).start().wait_ready()
        with world.fleet() as fleet, psycopg.connect(world.database_url) as other:
            other.execute("LOCK TABLE observation IN ACCESS EXCLUSIVE MODE")
            fleet.burst(300)
            fleet.wait_accepted()
            wait_until(lambda: gateway.metric("waiting_messages") == 300, 20, "300 messages in the gateway")
            for number in range(resets):
                proxy.reset()
                wait_until(lambda number=number: gateway.metric("connections_total") == number + 2, 20, "it is back")
                wait_until(lambda n=number: gateway.metric("redelivered_total") >= 300 * (n + 1), 20, "redeliveries")
                assert gateway.metric("waiting_messages") == 300
            other.rollback()
            recovery_s = world.settle(fleet)
            assert gateway.metric("messages_total") == 300, "each was written once"
            told = f"{resets} resets with 300 unwritten messages: held once, written once, without outbox"
            world.conclude("network: flapping while the database is away", told, recovery_s)


@pytest.mark.parametrize(
    ("kind", "latency_s", "rate"),
    [("mosquitto", 0.4, 0), ("nats", 0.0, 20_000), pytest.param("nats", 0.4, 0, marks=long)],
)
def test_a_slow_line_to_the_broker_only_delays(make_world: Worlds, kind: str, latency_s: float, rate: int):
    world = make_world(kind)
    with Proxy(world.broker.port) as proxy:
        gateway = world.gateway(mqtt_port=proxy.port).start().wait_ready()
        proxy.latency_s, proxy.bytes_per_s = latency_s, rate
        with world.fleet() as fleet:
            fleet.burst(400)
            recovery_s = world.settle(fleet, 90)
            assert gateway.metric("connections_total") == 1
            told = f"{latency_s * 1000:.0f} ms each way" if latency_s else f"{rate // 1000} kB/s"
            world.conclude("network: slow line to the broker", f"{told}, 400 at once, without outbox", recovery_s)


@pytest.mark.parametrize("kind", ["mosquitto", "nats"])
@long
@pytest.mark.timeout(300)
def test_a_half_open_connection_to_the_broker_is_noticed(make_world: Worlds, kind: str):
    world = make_world(kind)
    with Proxy(world.broker.port) as proxy:
        gateway = world.gateway(mqtt_port=proxy.port).start().wait_ready()
        with world.fleet() as fleet:
            fleet.run(world.pace(100))
            wait_until(lambda: world.stored() > 100, 20, "values")
            proxy.silent.set()
            began = time.monotonic()
            wait_until(lambda: gateway.ready()[0] == 503, 60, "the gateway to notice")
            noticed_s = seconds_since(began)
            proxy.reset()
            proxy.silent.clear()
            recovery_s = world.settle(fleet)
            told = f"noticed after {noticed_s:.0f} s, without outbox"
            world.conclude("network: half-open connection to the broker", told, recovery_s)


def test_a_connection_to_the_database_that_is_reset_again_and_again_loses_nothing(make_world: Worlds):
    world = make_world("nats")
    with Proxy(world.database_port) as proxy:
        gateway = world.gateway(database_port=proxy.port).start().wait_ready()
        with world.fleet() as fleet:
            fleet.run(world.pace(300))
            for _ in range(5):
                world.wait_for_more(50)
                proxy.reset()
            recovery_s = world.settle(fleet)
            assert gateway.metric("connections_total") == 1
            world.conclude("network: database connection reset", "5 resets, without outbox", recovery_s)


@long
@pytest.mark.timeout(300)
def test_a_half_open_connection_to_the_database_hands_over_to_the_other_gateway(make_world: Worlds):
    world = make_world("nats")
    with Proxy(world.database_port) as proxy:
        cut_off = world.gateway(database_port=proxy.port).start().wait_ready()
        other = world.gateway().start()
        wait_until(lambda: other.role == "standby", 20, "the other to stand by")
        with world.fleet() as fleet:
            fleet.run(world.pace(100))
            wait_until(lambda: world.stored() > 100, 20, "values")
            proxy.silent.set()
            began = time.monotonic()
            wait_until(lambda: other.is_active, 40, "the other to take over")
            taken_s = seconds_since(began)
            world.wait_for_more(100)
            assert cut_off.ready()[0] == 503
            wait_until(lambda: cut_off.metric("active") == 0, 90, "the hanging call to be broken off")
            proxy.reset()
            proxy.silent.clear()
            wait_until(lambda: cut_off.role == "standby", 30, "the one cut off to stand by")
            recovery_s = world.settle(fleet)
            told = f"the other took over after {taken_s:.1f} s, without outbox"
            world.conclude("network: half-open connection to the database", told, recovery_s)


def test_a_gateway_asked_to_stop_while_the_broker_is_silent_ends_in_time(make_world: Worlds):
    world = make_world("nats")
    with Proxy(world.broker.port) as proxy:
        gateway = world.gateway(mqtt_port=proxy.port).start().wait_ready()
        with world.fleet() as fleet:
            fleet.burst(50)
            world.settle(fleet)
            proxy.silent.set()
            fleet.burst(50)
            began = time.monotonic()
            assert gateway.stop(15) == 0
            ended_s = seconds_since(began)
            world.wait_told("network: silent while the gateway is asked to stop")
            proxy.silent.clear()
            gateway.start()
            recovery_s = world.settle(fleet)
            world.conclude(
                "network: silent while the gateway is asked to stop",
                f"exit 0 after {ended_s:.1f} s, without outbox",
                recovery_s,
            )
