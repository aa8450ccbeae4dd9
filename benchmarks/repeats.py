"""Rows that come again, against as many that come for the first time, in a store of sixty chunks on both layouts."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import psycopg

from benchmarks.rows import Row, Scale
from benchmarks.world import World, seed
from geodata.store.database import Database
from geodata.store.ingest.flush import Flush, Observations
from geodata.store.ingest.transaction import write
from geodata.store.migrate import migrate
from geodata.times import to_us
from tests.fixtures.databases.timescale import serve_timescale
from tests.fixtures.process.programs import services

_CHUNKS = 60
_DEVICES = 50
_TIMESCALE_ROWS = 300_000
_PAIRS = 5
_SIZES = (1, 100, 3_000, 9_900)
_AGES = {"hours": timedelta(hours=5), "days": timedelta(days=3), "months": timedelta(days=100)}
_GOAL = 2

_FILL = """
    INSERT INTO observation (phenomenon_time, result, datastream, quality, flags)
    SELECT %(begin)s::timestamptz + (step + 0.5) * %(length)s::interval / %(steps)s, step %% 20, id, 0, 0
    FROM datastream, generate_series(0, %(steps)s - 1) AS step ORDER BY id, step
"""


def run(world: World, scale: Scale) -> Iterator[Row]:
    """Months of PostgreSQL, then weeks of TimescaleDB."""
    yield from _measure("PostgreSQL", world.database(_DEVICES), timedelta(days=30), scale.rows, scale)
    subject = "TimescaleDB"
    if services()["timescaledb"].path is None:
        yield Row(f"repeats, {subject}", "rows that come again", None, "", note="skipped: run 'tools/timescale.sh'")
        return
    with tempfile.TemporaryDirectory(prefix="digitalpfad-bench-timescale-") as folder:
        for url in serve_timescale(Path(folder)):
            migrate(url)
            seed(url, _DEVICES)
            yield from _measure(subject, url, timedelta(days=7), min(scale.rows, _TIMESCALE_ROWS), scale)


def _measure(layout: str, url: str, chunk: timedelta, rows: int, scale: Scale) -> Iterator[Row]:
    now = datetime.now(UTC).replace(microsecond=0)
    streams = _fill(url, now, chunk, rows)
    note = f"{rows:,} rows in {_CHUNKS} chunks"
    with Database(url, pool_size=1) as database:
        for size in _SIZES if scale.whole else _SIZES[:2]:
            for age, before in _AGES.items():
                first_ms, again_ms = _pairs(database, streams, size, now - before, _PAIRS if scale.whole else 1)
                yield Row(
                    f"repeats, {layout}",
                    f"{size} {'row comes' if size == 1 else 'rows come'} again after {age}",
                    again_ms,
                    "ms",
                    first_ms,
                    "ms for the first time",
                    _GOAL,
                    "less",
                    note,
                )


def _fill(url: str, now: datetime, chunk: timedelta, rows: int) -> list[int]:
    """Observations in every chunk up to now; returns the datastreams."""
    with psycopg.connect(url, autocommit=True) as connection:
        streams = [int(row[0]) for row in connection.execute("SELECT id FROM datastream ORDER BY id")]
        connection.execute("SELECT ensure_observation_partitions(%s, %s)", [now - _CHUNKS * chunk, now])
        steps = max(1, rows // _CHUNKS // len(streams))
        for number in range(_CHUNKS, 0, -1):
            values = {"begin": now - number * chunk, "length": chunk, "steps": steps}
            connection.execute(_FILL.encode(), values)
        connection.execute("ANALYZE observation")
    return streams


def _pairs(database: Database, streams: list[int], size: int, newest: datetime, pairs: int) -> tuple[float, float]:
    """Median milliseconds of a first and of a second write of the same rows, in turns, each with its commit."""
    took: tuple[list[float], list[float]] = ([], [])
    for pair in range(pairs):
        flush = _flush(streams, size, newest, pair)
        for again in range(2):
            flush.optimistic = not again  # as the gateway does it in a row of such flushes
            began = time.perf_counter()
            with database.transaction() as connection:
                outcome = write(connection, flush)
            took[again].append((time.perf_counter() - began) * 1000)
            if (outcome.duplicates if again else outcome.stored) != size:
                raise RuntimeError(f"{size} rows, written {again + 1} times, became {outcome}")
    return median(took[0]), median(took[1])


def _flush(streams: list[int], size: int, newest: datetime, pair: int) -> Flush:
    """Rows of all datastreams, a second apart; of each ``pair`` and ``size`` other ones."""
    newest_us = to_us(newest) - _SIZES.index(size) * 1_000 - pair
    rows = Observations(
        datastreams=[streams[i % len(streams)] for i in range(size)],
        times_us=[newest_us - i // len(streams) * 1_000_000 for i in range(size)],
        results=[float(i % 20) for i in range(size)],
        qualities=[0] * size,
        flags=[0] * size,
    )
    return Flush("repeats", to_us(datetime.now(UTC)), messages=size, received=size, observations=rows)
