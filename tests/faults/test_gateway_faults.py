"""The gateway is killed, stopped and frozen; others of the same partition take over."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable

import pytest

from tests.faults.conftest import World, seconds_since
from tests.faults.harness.gateway import Gateway
from tests.faults.harness.scraper import Scraper
from tests.fixtures.process.waiting import wait_until

Worlds = Callable[[str], World]
long = pytest.mark.long


@pytest.mark.parametrize(
    ("kind", "kills"),
    [
        ("nats", 2),
        pytest.param("nats", 20, marks=long),
        pytest.param("mosquitto", 20, marks=long),
        pytest.param("mosquitto default", 20, marks=long),
    ],
)
@pytest.mark.timeout(300)
def test_a_gateway_killed_at_random_moments_under_load_loses_and_doubles_nothing(
    make_world: Worlds, kind: str, kills: int
):
    world, seed = make_world(kind), random.randrange(10**6)
    moments = random.Random(seed)
    gateway = world.gateway().start().wait_ready()
    patience_s = 2 if kind == "mosquitto default" else None  # it drops what is beyond 1000 while the gateway is away
    with world.fleet(patience_s=patience_s) as fleet:
        fleet.run(world.pace(400))
        for _ in range(kills):
            goal = world.stored() + moments.randrange(1, 800)
            wait_until(lambda goal=goal: world.stored() >= goal, 30, f"{goal} values (seed {seed})")
            gateway.kill()
            world.wait_told("gateway: kill -9 under load")
            gateway.start()
        recovery_s = world.settle(fleet, 180)
        outbox = "without outbox" if patience_s is None else f"devices repeat after {patience_s} s"
        world.conclude("gateway: kill -9 under load", f"{kills} kills, {outbox}", recovery_s)


def test_in_every_scrape_received_is_stored_and_duplicates_and_quarantined(make_world: Worlds):
    """Both /metrics, asked without a pause under load with duplicates and nonsense, and while the gateway is killed."""
    world, fault = make_world("nats"), "load: figures asked for all the time, kill -9"
    gateway = world.gateway().start().wait_ready()
    with world.fleet() as fleet, Scraper(gateway.http_port) as ours, Scraper(world.web_port) as web:
        again = fleet.devices[0].measure()
        fleet.run(300)
        for _ in range(2):
            goal = world.stored() + 500

            def reached(goal: int = goal) -> bool:
                fleet.devices[0].publish(again)
                fleet.devices[1].publish(b"nonsense %d" % world.stored())
                return world.stored() >= goal

            wait_until(reached, 30, f"{goal} values")
            gateway.kill()
            world.wait_told(fault)
            gateway.start().wait_ready()
        recovery_s = world.settle(fleet)
        wait_until(lambda: ours.balanced > 50 and web.balanced > 20, 30, "scrapes with figures in them")
        told = f"{ours.balanced} scrapes of the gateway and {web.balanced} of the web process balanced"
        world.conclude(fault, told, recovery_s)


def test_a_gateway_asked_to_stop_in_a_batch_ends_in_order_and_the_next_goes_on(make_world: Worlds):
    world = make_world("nats")
    gateway = world.gateway().start().wait_ready()
    with world.fleet() as fleet:
        fleet.run(world.pace(400))
        wait_until(lambda: world.stored() > 200, 20, "values")
        began = time.monotonic()
        assert gateway.stop() == 0
        ended_s = seconds_since(began)
        world.wait_told("gateway: SIGTERM in a batch")
        gateway.start()
        recovery_s = world.settle(fleet)
        world.conclude("gateway: SIGTERM in a batch", f"exit 0 after {ended_s:.1f} s, without outbox", recovery_s)


def _the_serving_one(gateways: list[Gateway]) -> Gateway:
    return wait_until(lambda: [gateway for gateway in gateways if gateway.serves], 30, "a serving gateway")[0]


@pytest.mark.parametrize("kind", ["nats", pytest.param("mosquitto", marks=long)])
def test_of_three_gateways_one_is_active_and_each_death_hands_over(make_world: Worlds, kind: str):
    world = make_world(kind)
    gateways = [world.gateway().start() for _ in range(3)]
    wait_until(lambda: sorted(g.role for g in gateways) == ["active", "standby", "standby"], 30, "one active gateway")
    _the_serving_one(gateways)
    standby = next(gateway for gateway in gateways if gateway.role == "standby")
    assert (standby.ready()[0], standby.metric("active"), standby.metric("connections_total")) == (200, 0, 0)
    taken_s: list[float] = []
    with world.fleet() as fleet:
        fleet.run(world.pace(300))
        for _ in range(2):
            active = _the_serving_one(gateways)
            world.wait_for_more(200)
            active.kill()
            gateways.remove(active)
            began = time.monotonic()
            _the_serving_one(gateways)
            taken_s.append(seconds_since(began))
        recovery_s = world.settle(fleet)
        assert max(taken_s) < 8
        told = f"take-over after {', '.join(f'{s:.1f}' for s in taken_s)} s, without outbox"
        world.conclude("gateway: three on one partition, the active one killed twice", told, recovery_s)


@pytest.mark.parametrize("kind", ["nats", pytest.param("mosquitto", marks=long)])
def test_a_frozen_gateway_is_replaced_and_stands_by_when_it_wakes(make_world: Worlds, kind: str):
    """SIGSTOP: its connections stay open; the database ends its silent session, and the lock with it."""
    world = make_world(kind)
    gateways = [world.gateway().start() for _ in range(2)]
    frozen = _the_serving_one(gateways)
    other = next(gateway for gateway in gateways if gateway is not frozen)
    with world.fleet() as fleet:
        fleet.run(world.pace(200))
        wait_until(lambda: world.stored() > 200, 20, "values")
        frozen.signal(signal.SIGSTOP)
        began = time.monotonic()
        _the_serving_one([other])
        taken_s = seconds_since(began)
        frozen.signal(signal.SIGCONT)
        wait_until(lambda: frozen.role == "standby", 10, "the woken gateway to stand by")
        assert other.is_active
        recovery_s = world.settle(fleet)
        assert frozen.metric("connections_total") == 1, "it must not have taken the session back"
        told = f"take-over after {taken_s:.1f} s, the woken one stood by, without outbox"
        world.conclude("gateway: the active one of two frozen (SIGSTOP)", told, recovery_s)


def test_partitions_are_served_side_by_side_and_all_trails_waits_for_them(make_world: Worlds):
    world = make_world("nats")
    ours, other = world.gateway(partition="stadtwald").start(), world.gateway(partition="other").start()
    ours.wait_ready()
    other.wait_ready()
    everything = world.gateway().start()
    wait_until(lambda: everything.role == "standby", 20, "the gateway of all trails to stand by")
    with world.fleet() as fleet:
        fleet.burst(100)
        world.settle(fleet)
        assert (ours.metric("messages_total"), other.metric("messages_total")) == (100, 0)
        assert ours.stop() == other.stop() == 0
        began = time.monotonic()
        everything.wait_ready(
            10
        )  # its session is another one: until it subscribes the devices must keep what they measure
        taken_s = seconds_since(began)
        fleet.burst(100)
        recovery_s = world.settle(fleet)
        told = f"two partitions active at once; all trails waited and took over after {taken_s:.1f} s, without outbox"
        world.conclude("gateway: several partitions", told, recovery_s)


def test_a_gateway_whose_database_connection_is_cut_loses_its_turn_and_nothing_else(make_world: Worlds):
    world = make_world("nats")
    gateways = [world.gateway().start() for _ in range(2)]
    _the_serving_one(gateways)
    with world.fleet() as fleet:
        fleet.run(world.pace(200))
        wait_until(lambda: world.stored() > 100, 20, "values")
        for _ in range(3):
            world.one(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE locktype = 'advisory' AND granted"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
            world.wait_for_more(50)
        active = _the_serving_one(gateways)
        assert sum(gateway.is_active for gateway in gateways) == 1
        recovery_s = world.settle(fleet)
        assert active.metric("active") == 1
        world.conclude("gateway: its database connection cut", "3 cuts, two gateways, without outbox", recovery_s)
