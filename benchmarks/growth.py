"""What more devices cost at the same message rate."""

from __future__ import annotations

import time
from collections.abc import Iterator

import psutil

from benchmarks.backlog import publish_steadily
from benchmarks.rows import Row, Scale
from benchmarks.world import World
from tests.fixtures.process.waiting import wait_until

_FEW = 100
_RATE = 1_000  # messages a second
_GOAL = 1.2


def run(world: World, scale: Scale) -> Iterator[Row]:
    """CPU seconds of the gateway per message, with few devices and with many."""
    seconds = 15.0 if scale.whole else 2.0
    few = _cpu_us(world, _FEW, seconds)
    many = _cpu_us(world, scale.devices, seconds)
    what = f"gateway's CPU per message, {scale.devices:,} devices"
    yield Row("growth", what, many, "µs", few, f"µs with {_FEW}", _GOAL, "less", f"{_RATE} messages/s")


def _cpu_us(world: World, devices: int, seconds: float) -> float:
    database_url = world.database(devices)
    with world.broker("nats") as broker:
        gateway = world.gateway(database_url, broker).start().wait_ready()
        try:
            assert gateway.process is not None
            process = psutil.Process(gateway.process.pid)
            publish_steadily(broker.port, _RATE, 1.0, devices)
            _settle(lambda: gateway.metric("waiting_messages"))
            before = process.cpu_times()
            sent = publish_steadily(broker.port, _RATE, seconds, devices)
            _settle(lambda: gateway.metric("waiting_messages"))
            after = process.cpu_times()
        finally:
            gateway.kill()
    return (after.user + after.system - before.user - before.system) / sent * 1e6


def _settle(waiting: object) -> None:
    time.sleep(0.5)
    wait_until(lambda: callable(waiting) and waiting() == 0, 60, "the gateway to be done")
