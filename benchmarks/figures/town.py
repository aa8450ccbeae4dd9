"""Stations with a counter each, made by SQL: registered, mounted, and with a year of observations where wanted."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import LiteralString

from benchmarks.world import TRAIL
from geodata.store.counting import unmounted
from geodata.store.transaction import Transaction

YEAR = (date(2025, 1, 1), date(2026, 1, 1))
BEGIN, END = datetime(2024, 12, 31, 23, tzinfo=UTC), datetime(2025, 12, 31, 23, tzinfo=UTC)
"""The same year in the municipality's zone, as times."""
DIRECTIONS = 2

_STATIONS = """
    INSERT INTO station (code, trail, number, lon, lat)
    SELECT translate(lpad(number::text, 6, '0'), '01', 'XY'), %s, number, 8.9, 52
    FROM generate_series(1, %s::int) AS number
"""
_COUNTERS = "INSERT INTO device (id, trail, station) SELECT 'counter-' || lower(code), trail, code FROM station"
_STREAMS = """
    INSERT INTO datastream (device, observed_property) SELECT device.id, sent FROM device,
        unnest(ARRAY['passes_in_total', 'passes_out_total']) AS sent WHERE station IS NOT NULL ORDER BY 1, 2
"""
_TOTALS = """
    INSERT INTO observation (phenomenon_time, result, datastream, quality, flags)
    SELECT %(begin)s::timestamptz + step * %(length)s::interval, 3 * step + step %% 7, datastream.id, 0, 0
    FROM datastream JOIN device ON device.id = device, generate_series(%(first)s::int, %(last)s::int) AS step
    WHERE station IS NOT NULL
"""
BY_HAND = """
    WITH step AS (
        SELECT datastream, phenomenon_time,
            result - lag(result) OVER (PARTITION BY datastream ORDER BY phenomenon_time) AS passes
        FROM observation WHERE datastream = ANY (%(datastreams)s)
            AND phenomenon_time >= %(begin)s AND phenomenon_time < %(end)s
    )
    SELECT datastream, (phenomenon_time AT TIME ZONE 'Europe/Berlin')::date AS day, sum(passes)::int4 AS passes
    FROM step WHERE passes >= 0 GROUP BY 1, 2
"""
"""What a day's passes are, asked of the raw rows by somebody who trusts every one of them."""


def register(connection: Transaction, stations: int) -> list[str]:
    """So many stations with a counter in two directions; their codes."""
    connection.execute(_STATIONS.encode(), [TRAIL, stations])
    connection.execute(_COUNTERS.encode())
    connection.execute(_STREAMS.encode())
    unmounted.mount(connection)
    return [str(code) for (code,) in connection.execute("SELECT code FROM station ORDER BY code")]


def observe(connection: Transaction, counters: int, rows: int) -> None:
    """About ``rows`` running totals of all counters, spread over the year."""
    steps = max(400, rows // counters)
    connection.execute("SELECT ensure_observation_partitions(%s, %s)", [BEGIN, END])
    length = (END - BEGIN) / steps
    connection.execute(_TOTALS.encode(), {"begin": BEGIN, "length": length, "first": 0, "last": steps - 1})
    vacuum(connection, "observation")


def count_days(connection: Transaction) -> None:
    """Passes of days, as the observations give them by hand, written a day after the other as they come in service."""
    found = connection.execute("SELECT total FROM counter_channel WHERE total IS NOT NULL").fetchall()
    connection.execute(
        f"INSERT INTO passes_day (channel, day, passes, covered_s, covered_hours, valid)"
        f" SELECT channel.id, day, passes, 82800, 23, true FROM ({BY_HAND}) AS counted"
        f" JOIN counter_channel AS channel ON total = datastream ORDER BY day, channel.id".encode(),
        {"datastreams": [stream for (stream,) in found], "begin": BEGIN, "end": END},
    )
    vacuum(connection, "passes_day")


def vacuum(connection: Transaction, table: LiteralString) -> None:
    """As a town's autovacuum has done: the index alone is read only of pages that are known to be seen by all.

    Raises RuntimeError where it had no effect, such as after a commit that did not wait for the disk.
    """
    connection.execute(f"VACUUM (ANALYZE) {table}".encode())
    row = connection.execute(
        "SELECT sum(relpages), sum(relallvisible) FROM pg_class JOIN pg_partition_tree(%s) ON pg_class.oid = relid"
        " WHERE isleaf",
        [table],
    ).fetchone()
    if row is None or row[0] != row[1]:
        raise RuntimeError(f"pages of {table}, and those that all see: {row}")
