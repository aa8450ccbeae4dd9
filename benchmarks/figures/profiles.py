"""The hours of the week at a station over ten years."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import psycopg

from benchmarks.figures.timing import least_ms
from benchmarks.figures.town import register, vacuum
from benchmarks.rows import Row, Scale
from benchmarks.world import World
from geodata.store.counting import reading

_BEGIN, _END = datetime(2016, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
_GOAL_MS = 100
_HOURS = """
    INSERT INTO passes_hour (channel, hour, passes, covered_s)
    SELECT channel.id, hour, extract(hour FROM hour), 3600
    FROM counter_channel AS channel, generate_series(%s::timestamptz, %s, '1 hour') AS hour
"""


def run(world: World, scale: Scale) -> Iterator[Row]:
    """Always ten years: they are made in a second."""
    with psycopg.connect(world.database(1), autocommit=True) as connection:
        (code,) = register(connection, 1)
        connection.execute(_HOURS.encode(), [_BEGIN, _END])
        vacuum(connection, "passes_hour")
        zone = ZoneInfo("Europe/Berlin")
        took = least_ms(lambda: reading.profile(connection, code, _BEGIN, _END, zone), 15 if scale.whole else 1)
    yield Row("figures", "hours of the week at a station, ten years", took, "ms", goal=_GOAL_MS, better="less")
