"""One device that sends rubbish as fast as it can: the others do not notice."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import psutil
import pytest

from tests.faults.conftest import World, seconds_since
from tests.faults.harness import rubbish
from tests.faults.harness.fleet import Device, Fleet
from tests.faults.harness.gateway import Gateway
from tests.fixtures.process.waiting import wait_until

Worlds = Callable[[str], World]
long = pytest.mark.long

MEMORY_MB = 100
_GOAL_S = 2.0
_PATIENCE_S = 60.0


def seconds_until_stored(world: World, gateway: Gateway, device: Device) -> float:
    """How long one reading of ``device`` takes from here to the commit."""
    goal, began = world.stored() + 2, time.monotonic()
    device.measure()

    def stored() -> bool:
        gateway.note_memory()
        return world.stored() >= goal

    wait_until(stored, _PATIENCE_S, "the reading of a device that is in order")
    return seconds_since(began)


def undisturbed_s(world: World, gateway: Gateway, fleet: Fleet) -> float:
    """The longest of some that nothing disturbs."""
    return max(seconds_until_stored(world, gateway, fleet.devices[1]) for _ in range(5))


def cpu_s(gateway: Gateway) -> float:
    """Seconds of a processor that it took until now."""
    assert gateway.process is not None
    times = psutil.Process(gateway.process.pid).cpu_times()
    return times.user + times.system


@pytest.mark.parametrize("kind", ["nats", pytest.param("mosquitto", marks=long)])
def test_300_messages_of_rubbish_hold_no_other_device_up(make_world: Worlds, kind: str):
    world = make_world(kind)
    gateway = world.gateway().start().wait_ready()
    with world.fleet() as fleet:
        alone_s = undisturbed_s(world, gateway, fleet)
        spent_s = cpu_s(gateway)
        number = 300
        for payload in rubbish.messages(number, seed=1):
            fleet.devices[0].publish(payload)
        fleet.wait_accepted()
        delayed_s = seconds_until_stored(world, gateway, fleet.devices[1])
        wait_until(lambda: world.one("SELECT count(*) FROM quarantine") == number, 60, "the rubbish in quarantine")
        spent_s = cpu_s(gateway) - spent_s
        recovery_s = world.settle(fleet)
        assert gateway.peak_mb < MEMORY_MB
        assert spent_s <= _GOAL_S  # of its processor: how long the others wait is up to the machine's other work too
        world.conclude(
            "messages: rubbish from one device",
            f"{number} of 16 kB; another device's value after {delayed_s:.2f} s, undisturbed {alone_s:.2f} s,"
            f" with {spent_s:.2f} s of the gateway's processor",
            recovery_s,
        )


@pytest.mark.parametrize(
    ("number", "goal"), [(5, 3.0), pytest.param(60, 1.2, marks=long)], ids=["a few flushes", "sixty flushes"]
)
def test_ten_thousand_gaps_in_a_devices_numbers_do_not_make_a_flush_dearer(
    make_world: Worlds, number: int, goal: float
):
    world = make_world("nats")
    gateway = world.gateway().start().wait_ready()
    with world.fleet() as fleet:
        plain, gaps = fleet.devices[:2]
        for device in (plain, gaps):
            seconds_until_stored(world, gateway, device)
        world.execute(
            "UPDATE device_boot SET seqs = seqs + (SELECT range_agg(int8range(n, n + 1))"
            " FROM generate_series(1000000, 1020000, 2) AS u (n)) WHERE device = %s",
            gaps.name,
        )
        spent: dict[str, list[float]] = {plain.name: [], gaps.name: []}
        for _ in range(number):
            for device in (plain, gaps):
                before_s = gateway.metric("flush_seconds_sum")
                seconds_until_stored(world, gateway, device)
                spent[device.name].append(gateway.metric("flush_seconds_sum") - before_s)
        recovery_s = world.settle(fleet)
        plain_s, gaps_s = (statistics.median(times) for times in spent.values())
        assert gaps_s <= goal * plain_s
        happened = f"a flush takes {gaps_s * 1000:.1f} ms, without them {plain_s * 1000:.1f} ms"
        world.conclude("messages: 10 000 gaps in a device's numbers", happened, recovery_s)
