"""Reading 500 trails with 10,000 stations: near, position, box and ready answers, also while the catalogue changes."""

from __future__ import annotations

import statistics
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import psycopg
from pyproj import Geod

from benchmarks.load import CONNECTIONS, PHONE, p99, saturate, steadily
from benchmarks.rows import Row, Scale
from benchmarks.world import World
from tests.checkout import ROOT
from tests.fixtures.process.ports import free_port
from tests.fixtures.process.servers import running, start, wait_for_port
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.trails.many_stations import fill, web_process

_TRAILS = 500
_P99_MS = 10
_NEAR = "/api/v1/stations?near=9.1234,52.0567&limit=10"
_ANYWHERE = "string.format('%.5f,%.5f', 8.8 + math.random() * 0.9, 51.8 + math.random() * 0.65)"
_SEARCHES = {
    "near, 10 of all": f"'/api/v1/stations?limit=10&near=' .. {_ANYWHERE}",
    "near, within 2 km": f"'/api/v1/stations?radius=2000&near=' .. {_ANYWHERE}",
    "box, up to 100": "'/api/v1/stations?limit=100&bbox=9.10,52.03,9.14,52.07'",
    "position": "'/api/v1/trails/pfad-7/position?lon=9.08&lat=' .. 51.79 + math.random() * 0.02",
}
"""Each as Lua that writes another address for every request."""


def run(world: World, scale: Scale) -> Iterator[Row]:
    """One web process as in service; every reference serves the same bytes or searches the same stations.

    Ours and its reference take turns of a second each, and of each the best turn counts: whatever else the machine does
    makes figures worse, never better.
    """
    turns = 4 if scale.whole else 1
    url = world.database(0)
    with psycopg.connect(url) as connection:
        places = fill(connection, _TRAILS if scale.whole else 20)
    code = next(iter(places))
    with web_process(world.folder, url) as (base, process):
        yield from _searches(world, base, process.pid, turns, places)
        reads = {
            "station page": f"/s/{code}",
            "one station": f"/api/v1/stations/{code}",
            "stations of a trail": "/api/v1/stations?trail=pfad-1",
        }
        for name in reads if scale.whole else list(reads)[:1]:
            yield from _against_bare(world, base, name, reads[name], turns)
        yield from _changes(base, url, code, 5 if scale.whole else 1)
        memory = int(Path(f"/proc/{process.pid}/status").read_text().split("VmRSS:")[1].split()[0]) / 1024
        yield Row("catalogue", f"memory of the web process, {len(places)} stations", memory, "MB")


def _searches(world: World, base: str, pid: int, turns: int, places: dict[str, tuple[float, float]]) -> Iterator[Row]:
    web = psutil.Process(pid)
    script = world.folder / "search.lua"
    for name in _SEARCHES if turns > 1 else list(_SEARCHES)[:1]:
        address = _SEARCHES[name]
        script.write_text(f"request = function() return wrk.format('GET', {address}) end")
        before = web.cpu_times()
        loads = [saturate(base, script=script) for _ in range(turns)]
        after = web.cpu_times()
        cpu_s = after.user + after.system - before.user - before.system
        cpu_ms = cpu_s * 1000 / sum(load.answers for load in loads)
        note = f"{max(load.per_second for load in loads):.0f} answers/s, {cpu_ms:.2f} ms of processor each"
        slowest = min(load.p99_ms for load in loads)
        what = f"{name}: p99 at saturation, {CONNECTIONS} connections"
        yield Row("catalogue", what, slowest, "ms", goal=_P99_MS, better="less", note=note)
    calm = min(p99(steadily(base + _NEAR, 1)) for _ in range(turns))
    yield Row("catalogue", "near: p99 at 200 requests/s", calm, "ms", goal=_P99_MS, better="less")
    brute_ms = _median_ms(lambda: _brute_force(places, 9.1234, 52.0567))
    with httpx.Client() as client:
        ours_ms = _median_ms(lambda: client.get(base + _NEAR), times=200)
    yield Row(
        "catalogue", "near: one request and its answer", ours_ms, "ms", brute_ms, "brute force alone", 0.5, "less"
    )


def _against_bare(world: World, base: str, name: str, path: str, turns: int) -> Iterator[Row]:
    answer = httpx.get(base + path, headers={"user-agent": PHONE, "accept-encoding": "identity"})
    assert answer.status_code == 200, answer.text
    file, port = world.folder / "answer", free_port()
    file.write_bytes(answer.content)
    log = world.folder / "bare.log"
    command: list[str | Path] = [sys.executable, "-m", "benchmarks.references.bare_answer", str(port), file]
    bare = f"http://127.0.0.1:{port}{path}"
    with running(start(command, log, cwd=ROOT)) as process:
        wait_for_port(process, port, log)
        for what, goal in (("whole", 0.5), ("unchanged", 0.6)):
            turns_of_both = [_turn(base + path, bare, unchanged=what == "unchanged") for _ in range(turns)]
            ours, theirs = (max(rates) for rates in zip(*turns_of_both, strict=True))
            yield Row("catalogue", f"{name}, {what}", ours, "/s", theirs, "bare Starlette", goal)
    packed = ("Accept-Encoding: gzip, deflate, br, zstd",)
    yield Row("catalogue", f"{name}, compressed", max(saturate(base + path, packed).per_second for _ in "12"), "/s")


def _turn(url: str, bare: str, *, unchanged: bool) -> tuple[float, float]:
    """Answers per second of ours and of the reference; ``unchanged``: to a client that has the answer already."""
    etag = httpx.get(url, headers={"user-agent": PHONE}).headers["etag"]  # ages of values change it now and then
    ours, theirs = ((f"If-None-Match: {etag}",), ('If-None-Match: "same"',)) if unchanged else ((), ())
    return saturate(url, ours).per_second, saturate(bare, theirs).per_second


def _changes(base: str, url: str, code: str, seconds: int) -> Iterator[Row]:
    """How soon another process's change shows, and how long answers take meanwhile."""
    shown: list[float] = []
    calm = steadily(base + _NEAR, seconds)
    with psycopg.connect(url, autocommit=True) as connection:

        def edit(number: int) -> None:
            connection.execute("UPDATE station_content SET title = %s WHERE station = %s", [f"Neu {number}", code])
            began = time.perf_counter()
            station = f"{base}/api/v1/stations/{code}"
            wait_until(lambda: f'"title":"Neu {number}"' in httpx.get(station).text, 30, "the edit")
            shown.append((time.perf_counter() - began) * 1000)

        with _each_second(edit):
            edited = steadily(base + _NEAR, seconds)

        def import_again(number: int) -> None:
            connection.execute("UPDATE trail SET attribution = %s WHERE slug = 'pfad-1'", [f"Auflage {number}"])
            connection.execute(
                "UPDATE station SET lon = lon + 0.00001 WHERE trail IN"
                " (SELECT slug FROM trail ORDER BY slug LIMIT 15)"  # 300 stations
            )

        with _each_second(import_again):
            imported = steadily(base + _NEAR, seconds)
    yield Row(
        "catalogue", "an edit by another process shows after, slowest", max(shown), "ms", goal=1000, better="less"
    )
    for what, times in (("at rest", calm), ("one edit a second", edited), ("300 stations anew each second", imported)):
        yield Row("catalogue", f"near at 200/s, {what}: p99", p99(times), "ms", note=f"slowest {times[-1]:.0f} ms")


@contextmanager
def _each_second(do: Callable[[int], None]) -> Generator[None]:
    stop = threading.Event()

    def work() -> None:
        for number in range(1000):
            do(number)
            if stop.wait(1):
                return

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _brute_force(places: dict[str, tuple[float, float]], lon: float, lat: float) -> list[float]:
    geod = Geod(ellps="WGS84")
    return sorted(geod.inv(lon, lat, *place)[2] for place in places.values())[:10]


def _median_ms(do: Callable[[], object], times: int = 5) -> float:
    measured: list[float] = []
    for _ in range(times):
        began = time.perf_counter()
        do()
        measured.append((time.perf_counter() - began) * 1000)
    return statistics.median(measured)
