"""Ten years by day of a trail, as the staff's explorer reads them, sums them up and answers its chart."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

import psycopg

from benchmarks.figures.timing import least_ms
from benchmarks.figures.town import register, vacuum
from benchmarks.rows import Row, Scale
from benchmarks.world import TRAIL, World
from dashboards.explorer.rows import as_json, rows
from geodata.figures.usage import exploring, weather
from geodata.figures.usage.exploring import UsedPlace
from geodata.model.municipality import Municipality
from geodata.statistics.usage.buckets import UsageBucket
from geodata.statistics.usage.ranges import DaySpan
from geodata.store.transaction import Transaction

_STATIONS = 10
_SPAN = DaySpan(date(2016, 1, 1), date(2025, 12, 31))
_GOAL_MS = 150
_FILL = (
    """
    INSERT INTO passes_day (channel, day, passes, covered_s, covered_hours, valid)
    SELECT id, day, 40 + extract(isodow FROM day)::int, 86400, 24, true
    FROM counter_channel, generate_series(%(first)s::date, %(last)s::date, '1 day') AS day
    """,
    """
    INSERT INTO scan_hour (station, hour, variant, entry, count)
    SELECT code, day + hour * interval '1 hour', 'de', 'sign', 1
    FROM station, generate_series(%(first)s::date, %(last)s::date, '1 day') AS day, generate_series(11, 15) AS hour
    """,
    """
    INSERT INTO scan_uptime SELECT hour, repeat('1', 60)::bit(60)
    FROM generate_series(%(first)s::date, %(last)s::date + 1, '1 hour') AS hour
    """,
    """
    INSERT INTO weather_day (municipality, station, source, day, temperature, rain)
    SELECT 'lemgo', 1, 'dwd', day, 9, 1 FROM generate_series(%(first)s::date, %(last)s::date, '1 day') AS day
    """,
)


def run(world: World, scale: Scale) -> Iterator[Row]:
    """Always ten years: they are made in seconds. A station has a counter of two directions, and five scans a day."""
    with psycopg.connect(world.database(1), autocommit=True) as connection:
        codes = register(connection, _STATIONS)
        for statement in _FILL:
            connection.execute(statement.encode(), {"first": _SPAN.first, "last": _SPAN.last})
        for table in ("passes_day", "scan_hour", "scan_uptime", "weather_day"):
            vacuum(connection, table)
        took = least_ms(lambda: _answer(connection, codes), 15 if scale.whole else 1)
    yield Row("figures", f"ten years by day, a trail of {_STATIONS} stations", took, "ms", goal=_GOAL_MS, better="less")


def _answer(connection: Transaction, codes: list[str]) -> str:
    """All that the address of the points does, but for HTTP."""
    place = UsedPlace(
        town=Municipality(slug="lemgo", name="Lemgo"),
        trails=[TRAIL],
        station=None,
        stations=codes,
        zone=ZoneInfo("Europe/Berlin"),
    )
    usage = exploring.read(connection, place, _SPAN, UsageBucket.DAY)
    days = weather.of_days(connection, place, _SPAN)
    return json.dumps(as_json(rows(usage, None, days, []), UsageBucket.DAY, [], "Europe/Berlin"))
