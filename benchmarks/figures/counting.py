"""What counting costs while it happens: counters in the ingest beside other properties, and scans in page requests."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import psycopg

from api.webapp.scans.counter import ScanCounter
from api.webapp.scans.journals import ScanJournals
from benchmarks.figures.timing import least_ms
from benchmarks.figures.town import register
from benchmarks.rows import Row, Scale
from benchmarks.world import World
from geodata.store.database import Database
from geodata.store.ingest.flush import Flush, Observations
from geodata.store.ingest.transaction import write
from geodata.times import to_us

_STATIONS = 50
_FLUSH = 2_500
_DEARER = 1.1
_SCAN_GOAL_US = 100
_NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
_OTHERS = """
    INSERT INTO datastream (device, observed_property) SELECT id, sent FROM device,
        unnest(ARRAY['air_temperature', 'air_humidity']) AS sent WHERE station IS NOT NULL
"""
_IDS = """
    SELECT array_agg(datastream.id) FILTER (WHERE direction IS NOT NULL),
        array_agg(datastream.id) FILTER (WHERE direction IS NULL)
    FROM datastream JOIN observed_property ON observed_property.id = observed_property
        JOIN device ON device.id = device WHERE station IS NOT NULL
"""


def run(world: World, scale: Scale) -> Iterator[Row]:
    """Flushes of both kinds in turns, then scans as page requests count them."""
    url = world.database(1)
    with psycopg.connect(url, autocommit=True) as connection:
        codes = register(connection, _STATIONS)
        connection.execute(_OTHERS.encode())
        counters, others = connection.execute(_IDS.encode()).fetchone() or ([], [])
    with Database(url) as database:
        ours, reference = _flushes_ms(database, counters, others, 40 if scale.whole else 2)
        scan_us = _scan_us(database, world.folder / "scans", codes[0], 20_000 if scale.whole else 1_000)
    what = f"{_FLUSH} values of counters are stored"
    yield Row("figures", what, ours, "ms", reference, "ms of other properties", _DEARER, "less")
    yield Row("figures", "a scan is counted, of a page request", scan_us, "µs", goal=_SCAN_GOAL_US, better="less")


def _flushes_ms(database: Database, counters: list[int], others: list[int], times: int) -> tuple[float, float]:
    """Medians of as many flushes of both, in turns: what else the machine does hits both alike."""
    took: tuple[list[float], list[float]] = ([], [])
    for number in range(times):
        for kind in (0, 1) if number % 2 else (1, 0):
            flush = _flush((counters, others)[kind], number)
            began = time.perf_counter()
            with database.transaction() as connection:
                write(connection, flush)
            took[kind].append((time.perf_counter() - began) * 1000)
    return median(took[0]), median(took[1])


def _flush(streams: list[int], number: int) -> Flush:
    """Values of all datastreams, a minute apart; another ``number`` is of other minutes."""
    steps = _FLUSH // len(streams)
    newest_us = to_us(_NOW) + number * steps * 60_000_000
    rows = Observations(
        datastreams=[streams[i % len(streams)] for i in range(_FLUSH)],
        times_us=[newest_us + i // len(streams) * 60_000_000 for i in range(_FLUSH)],
        results=[float(number * steps + i // len(streams)) for i in range(_FLUSH)],
        qualities=[0] * _FLUSH,
        flags=[0] * _FLUSH,
    )
    return Flush("figures", to_us(_NOW), messages=_FLUSH, received=_FLUSH, optimistic=True, observations=rows)


def _scan_us(database: Database, folder: Path, code: str, times: int) -> float:
    """With the journal on disk, as in service."""
    journals = ScanJournals(lambda: folder)
    folder.mkdir()
    journals.open()
    counter, key = ScanCounter(database, journals), (code, _NOW, "de", "sign")
    try:
        return least_ms(lambda: [counter.count(key) for _ in range(times)], 3) * 1000 / times
    finally:
        journals.close()
