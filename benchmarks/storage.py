"""Bytes per observation, on PostgreSQL and in TimescaleDB's columnstore, and a year of hourly values."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from benchmarks.rows import Row, Scale
from benchmarks.world import World, one, seed
from geodata.store.migrate import migrate
from geodata.store.series import series
from geodata.store.transaction import Transaction
from tests.fixtures.databases.timescale import serve_timescale
from tests.fixtures.process.programs import services

_STREAMS = 1_000
_TIMESCALE_STREAMS = 100  # so that the columns are as long as in service, with fewer rows
_AT_ONCE = 20  # observations of a datastream in one statement, as in a flush after an outage
_RAW_BYTES = 16
_BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
_END = datetime(2026, 1, 1, tzinfo=UTC)
_TIMESCALE_ROWS = 300_000
_VALUES_EACH = 5  # of a simulated message, about
_MESSAGES_A_DAY = 15_000  # of the simulator's devices, about, with a reading a minute
_INSERTED_AT_ONCE = 10_000

_FILL = """
    INSERT INTO observation (phenomenon_time, result, datastream, quality, flags)
    SELECT %(begin)s::timestamptz + step * interval '1 minute',
        round((12 + 8 * sin(step / 23.0 + stream) + random())::numeric, 1)::float8, stream, 0, 0
    FROM generate_series(1, %(streams)s) AS stream, generate_series(%(first)s::int, %(last)s::int) AS step
"""
_RECOUNT = """
    INSERT INTO rollup_hour SELECT datastream, date_trunc('hour', phenomenon_time, 'UTC'), count(*),
        sum(result::numeric), min(result), max(result), min(phenomenon_time),
        (array_agg(result ORDER BY phenomenon_time))[1], max(phenomenon_time),
        (array_agg(result ORDER BY phenomenon_time DESC))[1], 0, 0
    FROM observation GROUP BY 1, 2
"""
_YEAR = """
    INSERT INTO observation SELECT at, round((10 * sin(extract(epoch FROM at) / 80000))::numeric, 1)::float8, %s, 0, 0
    FROM generate_series(%s::timestamptz, %s, interval '10 minutes') AS at ON CONFLICT DO NOTHING
"""
_PARTS = """
    SELECT sum(pg_table_size(relid)), sum(pg_indexes_size(relid)) FROM pg_partition_tree('observation')
"""


def run(world: World, scale: Scale) -> Iterator[Row]:
    """First plain, then columns."""
    yield from _plain(world, scale)
    yield from _columns(min(scale.rows, _TIMESCALE_ROWS))


def _plain(world: World, scale: Scale) -> Iterator[Row]:
    url = world.database(1)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off")
        connection.execute("SELECT ensure_observation_partitions(%s, %s)", [_BEGIN, _END])
        connection.execute(_YEAR.encode(), [_STREAMS + 1, _BEGIN, _END])
        connection.execute(_RECOUNT.encode())
        connection.execute("VACUUM (ANALYZE) observation")
        alone_ms = _year_ms(connection)
        connection.execute("TRUNCATE rollup_hour")
        rows = _fill(connection, scale.rows, _STREAMS)
        connection.execute(_RECOUNT.encode())
        connection.execute("VACUUM (ANALYZE) observation, rollup_hour")
        year_ms = _year_ms(connection)
        table, index = (connection.execute(_PARTS.encode()).fetchone() or (0, 0))[:2]
        rollup = one(connection, "SELECT pg_total_relation_size('rollup_hour')")
    subject, note = "storage, PostgreSQL", f"{rows:,} rows, one a minute"
    per_row = (int(table) + int(index) + rollup) / rows
    yield Row(subject, "bytes per row", per_row, "B", goal=80, better="less", note=note)
    yield Row(subject, "of which table", int(table) / rows, "B", _RAW_BYTES, "raw")
    yield Row(subject, "of which primary key", int(index) / rows, "B")
    yield Row(subject, "of which hourly rollup", rollup / rows, "B")
    what = "a year of hourly values of one series"
    yield Row("series", what, year_ms, "ms", goal=30, better="less", note=note)
    yield Row("series", f"{what}, many raw rows against its own", year_ms, "ms", alone_ms, "ms alone", 1.5, "less")


def _fill(connection: Transaction, wanted: int, streams: int) -> int:
    """Observations of all datastreams in order of time; how many there are in all."""
    steps = max(_AT_ONCE, wanted // streams)
    for first in range(0, steps, _AT_ONCE):
        last = min(first + _AT_ONCE, steps) - 1
        values = {"begin": _BEGIN, "streams": streams, "first": first, "last": last}
        connection.execute(_FILL.encode(), values)
    return one(connection, "SELECT count(*) FROM observation")


def _year_ms(connection: Transaction) -> float:
    """The median of nine."""
    took: list[float] = []
    for _ in range(9):
        began = time.perf_counter()
        found = series.hours(connection, [_STREAMS + 1], _BEGIN, _END)
        took.append((time.perf_counter() - began) * 1000)
        assert len(found[_STREAMS + 1]) >= 8_760
    return sorted(took)[4]


def _columns(wanted: int) -> Iterator[Row]:
    subject = "storage, TimescaleDB columnstore"
    if services()["timescaledb"].path is None:
        yield Row(subject, "bytes per row", None, "B", note="skipped: run 'tools/timescale.sh'")
        return
    with tempfile.TemporaryDirectory(prefix="digitalpfad-bench-timescale-") as folder:
        for url in serve_timescale(Path(folder)):
            yield from _compressed(url, wanted, subject)


def _compressed(url: str, wanted: int, subject: str) -> Iterator[Row]:
    """First what simulated sensors show, then series in which every value differs from the one before."""
    migrate(url)
    seed(url, 1)
    with psycopg.connect(url, autocommit=True) as connection:
        rows = _fill_simulated(connection, wanted // _VALUES_EACH)
        columns, rollup = _in_columns(connection)
        note = f"{rows:,} rows of simulated devices, a reading a minute, compressed by hand"
        goal = 6
        yield Row(
            subject, "bytes per row with rollups", (columns + rollup) / rows, "B", goal=goal, better="less", note=note
        )
        yield Row(subject, "of which observations", columns / rows, "B", _RAW_BYTES, "raw")
        yield Row(subject, "of which hourly rollup", rollup / rows, "B")
        connection.execute("TRUNCATE observation, rollup_hour")
        rows = _fill(connection, wanted, _TIMESCALE_STREAMS)
        columns, _ = _in_columns(connection)
        note = f"{rows:,} rows, one a minute, noise in every value"
        yield Row(subject, "bytes per row without rollups", columns / rows, "B", _RAW_BYTES, "raw", note=note)


def _in_columns(connection: Transaction) -> tuple[int, int]:
    """Bytes of the observations once they are compressed, and of their rollups."""
    connection.execute(_RECOUNT.encode())
    connection.execute(
        "ALTER TABLE observation SET (timescaledb.compress, timescaledb.compress_segmentby = 'datastream',"
        " timescaledb.compress_orderby = 'phenomenon_time')"
    )
    connection.execute("SELECT compress_chunk(chunk) FROM show_chunks('observation') AS chunk")
    columns = one(connection, "SELECT hypertable_size('observation')")
    return columns, one(connection, "SELECT pg_total_relation_size('rollup_hour')")


def _fill_simulated(connection: Transaction, messages: int) -> int:
    """Observations of the simulator's devices, in order of time; how many they are."""
    command = [sys.executable, "-m", "firmware_sim", "--dry-run", "--count", str(messages)]
    past = ["--history", f"{max(1, messages // _MESSAGES_A_DAY)}d", "--history-interval", "60", "--interval", "60"]
    lines = subprocess.run([*command, *past], capture_output=True, check=True, timeout=120).stdout.splitlines()
    streams: dict[tuple[str, str], int] = {}
    columns: tuple[list[str], list[float], list[int]] = ([], [], [])
    for line in lines:
        topic, _, payload = line.decode().partition(" ")
        told = json.loads(payload)
        for name, value in told.get("values", {}).items():
            columns[0].append(told["time"])
            columns[1].append(float(value))
            columns[2].append(streams.setdefault((topic, name), len(streams) + 1))
    for begin in range(0, len(columns[0]), _INSERTED_AT_ONCE):
        connection.execute(
            "INSERT INTO observation SELECT time, result, datastream, 0, 0"
            " FROM unnest(%s::timestamptz[], %s::float8[], %s::int4[]) AS u (time, result, datastream)",
            [column[begin : begin + _INSERTED_AT_ONCE] for column in columns],
        )
    return len(columns[0])
