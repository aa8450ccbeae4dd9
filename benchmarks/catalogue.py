"""Reading 500 trails with 10,000 stations: near, position, box and single stations, also while they change."""

from __future__ import annotations

import math
import re
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

import httpx
import psutil
import psycopg
import shapely
from psycopg import Connection
from psycopg.rows import TupleRow
from pyproj import Geod

from benchmarks.rows import Row, Scale
from benchmarks.world import World
from geodata.codes import new_code
from tests.fixtures.support import ROOT, free_port, require, running, start, wait_for_port, wait_until

_TRAILS, _STATIONS_EACH, _VERTICES = 500, 20, 300
_CONNECTIONS = 16
_P99_MS = 10
_TEXT = "Unter den Blättern sind Gänge und Löcher, gegraben von Würmern, Mäusen und Wurzeln. " * 12
_NEAR = "/api/v1/stations?near=9.1234,52.0567&limit=10"
_BOX = "/api/v1/stations?bbox=9.10,52.03,9.14,52.07&limit=100"
_PHONE = "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"


@dataclass(frozen=True, slots=True)
class Load:
    """What wrk says: answers, answers per second, 99th percentile in milliseconds."""

    answers: int
    per_second: float
    p99_ms: float


def run(world: World, scale: Scale) -> Iterator[Row]:
    """One web process as in service; every reference serves the same bytes or searches the same stations."""
    share = 1 if scale.whole else 0.1
    seconds = 5 if scale.whole else 1
    url = world.database(0)
    with psycopg.connect(url) as connection:
        places = fill(connection, round(_TRAILS * share))
    code = next(iter(places))
    with web(world, url) as (base, process):
        yield from _searches(base, process.pid, seconds, places)
        for name, path in (("station", f"/api/v1/stations/{code}"), ("station page", f"/s/{code}")):
            yield from _against_bare(world, base, name, path, seconds)
        yield from _changes(base, url, code, repeats=10 if scale.whole else 3)
        memory = int(Path(f"/proc/{process.pid}/status").read_text().split("VmRSS:")[1].split()[0]) / 1024
        yield Row("catalogue", f"memory of the web process, {len(places)} stations", memory, "MB")


def _searches(base: str, pid: int, seconds: int, places: dict[str, tuple[float, float]]) -> Iterator[Row]:
    brute_ms = _median_ms(lambda: _brute_force(places, 9.1234, 52.0567))
    web_process = psutil.Process(pid)
    position = "/api/v1/trails/pfad-7/position?lon=9.0&lat=52.0"
    for name, path in (("near, 10 of all", _NEAR), ("box", _BOX), ("position", position)):
        for connections in (1, _CONNECTIONS):
            before = web_process.cpu_times()
            load = wrk(base + path, connections, seconds)
            after = web_process.cpu_times()
            what = f"{name}: p99, {connections} connections"
            yield Row("catalogue", what, load.p99_ms, "ms", goal=_P99_MS, better="less")
        cpu_ms = (after.user + after.system - before.user - before.system) * 1000 / load.answers
        reference = brute_ms if path is _NEAR else None
        is_what = "brute force alone" if reference else ""
        yield Row("catalogue", f"{name}: processor time of one answer", cpu_ms, "ms", reference, is_what)


def _against_bare(world: World, base: str, name: str, path: str, seconds: int) -> Iterator[Row]:
    answer = httpx.get(base + path, headers={"user-agent": _PHONE, "accept-encoding": "identity"})
    assert answer.status_code == 200, answer.text
    file, port = world.folder / "answer", free_port()
    file.write_bytes(answer.content)
    log = world.folder / "bare.log"
    command: list[str | Path] = [sys.executable, "-m", "benchmarks.bare_answer", str(port), file]
    bare = f"http://127.0.0.1:{port}{path}"
    with running(start(command, log, cwd=ROOT)) as process:
        wait_for_port(process, port, log)
        for what, ours, theirs, goal in (
            ("whole", (), (), 0.5),
            ("unchanged", (f"If-None-Match: {answer.headers['etag']}",), ('If-None-Match: "same"',), 0.6),
        ):
            reference = wrk(bare, _CONNECTIONS, seconds, theirs).per_second
            figure = wrk(base + path, _CONNECTIONS, seconds, ours).per_second
            yield Row("catalogue", f"{name}, {what}", figure, "/s", reference, "bare Starlette", goal)


def _changes(base: str, url: str, code: str, repeats: int) -> Iterator[Row]:
    """How soon another process's edit shows, and how long the slowest answer takes meanwhile."""
    shown: list[float] = []
    with psycopg.connect(url, autocommit=True) as connection, steady(base + _NEAR) as calm:
        time.sleep(2)
        quiet = sorted(calm)
        calm.clear()
        for i in range(repeats):
            connection.execute("UPDATE station_content SET title = %s WHERE station = %s", [f"Neu {i}", code])
            began = time.perf_counter()
            wait_until(lambda: f"Neu {i}" in httpx.get(f"{base}/api/v1/stations/{code}").text, 30)  # noqa: B023 - called at once
            shown.append((time.perf_counter() - began) * 1000)
        busy = sorted(calm)
    yield Row("catalogue", "an edit shows after, slowest", max(shown), "ms", goal=1000, better="less")
    yield Row("catalogue", "near: p99 while the catalogue is read anew", _p99(busy), "ms", _p99(quiet), "at rest")
    yield Row("catalogue", "near: slowest answer meanwhile", busy[-1], "ms", quiet[-1], "at rest")


def fill(connection: Connection[TupleRow], trails: int) -> dict[str, tuple[float, float]]:
    """Write winding loops with stations and texts in two languages; return each code's place."""
    random, places = Random(1), dict[str, tuple[float, float]]()
    side = math.ceil(math.sqrt(trails))
    connection.execute("INSERT INTO municipality (slug, name) VALUES ('kreis', 'Kreis')")
    cursor = connection.cursor()
    for i in range(trails):
        slug, lon, lat = f"pfad-{i}", 8.8 + i % side * 0.04, 51.8 + i // side * 0.03
        vertices = [_vertex(lon, lat, 2 * math.pi * step / _VERTICES) for step in range(_VERTICES)]
        line = shapely.to_wkb(shapely.LineString([*vertices, vertices[0]]), output_dimension=3)
        cursor.execute(
            "INSERT INTO trail (slug, municipality, line, licence) VALUES (%s, 'kreis', %s, 'CC0-1.0')", [slug, line]
        )
        cursor.execute("INSERT INTO trail_content (trail, variant, name) VALUES (%s, 'de', %s)", [slug, f"Pfad {i}"])
        for number in range(1, _STATIONS_EACH + 1):
            x, y, height = vertices[(number - 1) * _VERTICES // _STATIONS_EACH]
            code = new_code(random)
            while code in places:
                code = new_code(random)
            places[code] = (x, y)
            cursor.execute(
                "INSERT INTO station (code, trail, number, lon, lat, height, along_m)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s)",
                [code, slug, number, x, y, height, number * 200],
            )
    for variant in ("de", "en"):
        cursor.execute(
            "INSERT INTO station_content (station, variant, title, lead, body)"
            " SELECT code, %s, 'Halt ' || number, 'Ein Satz.', %s FROM station",
            [variant, _TEXT],
        )
    return places


def _vertex(lon: float, lat: float, angle: float) -> tuple[float, float, float]:
    reach = 0.008 + 0.001 * math.sin(9 * angle)
    return lon + reach * math.cos(angle) * 1.6, lat + reach * math.sin(angle), 150 + 40 * math.sin(2 * angle)


@contextmanager
def web(world: World, url: str) -> Generator[tuple[str, subprocess.Popen[bytes]]]:
    """The real web process; its address."""
    port, log = free_port(), world.folder / "web.log"
    variables = {"DATABASE_URL": url, "PORT": str(port), "DATA_DIR": str(world.folder), "LOG_LEVEL": "warning"}
    settings = [f"DIGITALPFAD_{name}={value}" for name, value in variables.items()]
    command: list[str | Path] = ["env", *settings, sys.executable, "-m", "digitalpfad", "web"]
    base = f"http://127.0.0.1:{port}"
    with running(start(command, log, cwd=ROOT)) as process:
        wait_for_port(process, port, log, timeout=60)
        wait_until(lambda: httpx.get(f"{base}/api/v1/trails/pfad-1").status_code == 200, 60, "the catalogue")
        yield base, process


def wrk(url: str, connections: int, seconds: int, headers: tuple[str, ...] = ()) -> Load:
    """Ask again and again, each connection as soon as it has its answer."""
    given = [part for header in (f"User-Agent: {_PHONE}", *headers) for part in ("-H", header)]
    command = [require("wrk"), "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", *given, url]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "Non-2xx or 3xx" not in said, said
    rate, answers = re.search(r"Requests/sec:\s+([\d.]+)", said), re.search(r"(\d+) requests in", said)
    slowest = re.search(r"99%\s+([\d.]+)(us|ms|s)", said)
    assert rate is not None, said
    assert answers is not None, said
    assert slowest is not None, said
    return Load(int(answers[1]), float(rate[1]), float(slowest[1]) * {"us": 0.001, "ms": 1, "s": 1000}[slowest[2]])


@contextmanager
def steady(url: str) -> Generator[list[float]]:
    """Milliseconds of one client's answers, one after the other, until the block ends."""
    times: list[float] = []
    stop = threading.Event()

    def ask() -> None:
        with httpx.Client() as client, suppress(httpx.HTTPError):
            while not stop.is_set():
                began = time.perf_counter()
                client.get(url)
                times.append((time.perf_counter() - began) * 1000)

    thread = threading.Thread(target=ask)
    thread.start()
    yield times
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


def _p99(ordered: list[float]) -> float:
    return ordered[int(len(ordered) * 0.99)]
