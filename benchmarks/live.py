"""From a device's publish to the event on an open /api/v1/live."""

from __future__ import annotations

import json
import threading
import time
import urllib.request
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import datetime

from benchmarks.backlog import publish_steadily
from benchmarks.rows import Row, Scale
from benchmarks.world import World
from tests.faults.harness.service import launch
from tests.fixtures.process.ports import accepts, free_port
from tests.fixtures.process.servers import stop
from tests.fixtures.process.waiting import wait_until

_DEVICES = 100
_RATE = 500  # messages a second
_GOAL_MS = {50: 150.0, 99: 500.0}


def run(world: World, scale: Scale) -> Iterator[Row]:
    """Real processes for broker, gateway and web; one value per message, one listener."""
    database_url = world.database(_DEVICES)
    with world.broker("nats") as broker:
        gateway = world.gateway(database_url, broker).start().wait_ready()
        try:
            with _web(world, database_url) as port:
                listener = _Listener(port)
                publish_steadily(broker.port, _RATE, 1.0, _DEVICES, ("air_temperature",))
                wait_until(lambda: len(listener.delays_ms) > 0, 20, "the first event")
                time.sleep(1)
                listener.delays_ms.clear()
                sent = publish_steadily(broker.port, _RATE, scale.live_s, _DEVICES, ("air_temperature",))
                time.sleep(2)
        finally:
            gateway.kill()
    delays = sorted(listener.delays_ms)
    note = f"{_RATE} messages/s for {scale.live_s:g} s"
    for percent, goal in _GOAL_MS.items():
        delay = delays[min(len(delays) - 1, len(delays) * percent // 100)] if delays else None
        yield Row("live", f"publish to event, p{percent}", delay, "ms", goal=goal, better="less", note=note)
    yield Row("live", "events seen of those published", len(delays), "", sent, "published", 1.0)


class _Listener:
    """Reads the stream in a thread and notes each event's age on arrival."""

    def __init__(self, port: int) -> None:
        self.delays_ms: list[float] = []
        self._stream = urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/live", timeout=60)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        try:
            for line in self._stream:
                if line.startswith(b"data:") and b"measured_at" in line:
                    measured_at = datetime.fromisoformat(json.loads(line[5:])["measured_at"])
                    self.delays_ms.append((time.time() - measured_at.timestamp()) * 1000)
        except OSError:
            return  # the web process has ended


@contextmanager
def _web(world: World, database_url: str) -> Generator[int]:
    port = free_port()
    settings = {"database_url": database_url, "data_dir": str(world.folder), "port": str(port)}
    log = world.folder / "web.log"
    web = launch("web", log, settings)
    try:
        wait_until(lambda: web.poll() is not None or accepts(port), 30, "the web process")
        if web.poll() is not None:
            raise RuntimeError(log.read_text()[-2000:])
        yield port
    finally:
        stop(web)
