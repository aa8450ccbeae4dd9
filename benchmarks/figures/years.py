"""A year by day of fifty stations: as staff read it, as it is published, and asked of the raw rows by hand."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from zoneinfo import ZoneInfo

import psycopg

from benchmarks.figures.timing import least_ms
from benchmarks.figures.town import BEGIN, BY_HAND, DIRECTIONS, END, YEAR, count_days, observe, register, vacuum
from benchmarks.rows import FULL, Row, Scale
from benchmarks.world import TRAIL, World, one
from geodata.figures.publishing import public
from geodata.figures.publishing.public import FigureBucket, FigurePlace
from geodata.store.counting import reading
from geodata.store.transaction import Transaction
from geodata.vocabulary.figures import CountMeasure, FigureScope

_STATIONS = 50
_TIMES = 100
_GOAL_MS = 25
_FLAT = 1.2
_QUICKER = 50  # times as fast as by hand
_FEWER = 10  # times as few raw rows, for the growth; in the long form 25
_PUBLISHED = """
    INSERT INTO published_figure (scope, code, measure, bucket, start, value, coverage, hours)
    SELECT scope, code, measure, 'day', day, nullif(random() * 400, 0)::int, 1, hours
    FROM (SELECT 'station' AS scope, code FROM station UNION ALL SELECT 'trail', slug FROM trail) AS place,
        unnest(ARRAY['passes', 'scans']) AS measure, generate_series(%(first)s::date, %(last)s - 1, '1 day') AS day,
        (SELECT array_agg(hour) AS hours FROM generate_series(5, 28) AS hour) AS of_day
"""
_CLOSED = """
    INSERT INTO closed_period SELECT 'lemgo', 'day', day, now(), 5, 'hour', 1
    FROM generate_series(%(first)s::date, %(last)s - 1, '1 day') AS day
"""


def run(world: World, scale: Scale) -> Iterator[Row]:
    """In a database with a tenth of the raw rows and in one with all of them, in turns."""
    fewer = min(scale.rows // _FEWER, FULL.rows)
    with _filled(world, fewer) as few, _filled(world, scale.rows) as many:
        codes = [str(code) for (code,) in many.execute("SELECT code FROM station ORDER BY code")]
        few_ms, year_ms = _years_ms(few, many, codes)
        by_hand_ms = _by_hand_ms(many, codes)
        published_ms = _published_ms(many, codes)
        rows = one(many, "SELECT count(*) FROM observation")
    what, note = f"a year by day, {_STATIONS} stations", f"{rows:,} raw rows"
    yield Row("figures", what, year_ms, "ms", goal=_GOAL_MS, better="less", note=note)
    yield Row("figures", f"{what}, growth", year_ms, "ms", few_ms, f"ms with {fewer:,} rows", _FLAT, "less", note)
    yield Row("figures", f"{what}, per s", 1000 / year_ms, "/s", 1000 / by_hand_ms, "/s by SQL by hand", _QUICKER)
    yield Row("figures", f"{what} and their trail, published", published_ms, "ms", goal=_GOAL_MS, better="less")


@contextmanager
def _filled(world: World, rows: int) -> Generator[Transaction]:
    """A connection to a new database with so many running totals, and the days that they give."""
    with psycopg.connect(world.database(1), autocommit=True) as connection:
        register(connection, _STATIONS)
        observe(connection, _STATIONS * DIRECTIONS, rows)
        count_days(connection)
        yield connection


def _years_ms(few: Transaction, many: Transaction, codes: list[str]) -> tuple[float, float]:
    """The quickest of as many readings of both, in pairs that begin with the one and the other in turns."""
    took: tuple[list[float], list[float]] = ([], [])
    for number in range(_TIMES):
        for kind in (0, 1) if number % 2 else (1, 0):
            took[kind].append(_year_ms((few, many)[kind], codes))
    return min(took[0]), min(took[1])


def _year_ms(connection: Transaction, codes: list[str]) -> float:
    return least_ms(lambda: reading.days(connection, codes, *YEAR), 1)


def _by_hand_ms(connection: Transaction, codes: list[str]) -> float:
    """The same question asked of the raw rows; both must answer the same."""
    streams = [stream for (stream,) in connection.execute("SELECT total FROM counter_channel").fetchall()]
    asked = {"datastreams": streams, "begin": BEGIN, "end": END}
    began = time.perf_counter()
    found = connection.execute(BY_HAND.encode(), asked).fetchall()
    took_ms = (time.perf_counter() - began) * 1000
    known = sum(int(channel.passes.sum()) for channel in reading.days(connection, codes, *YEAR))
    if known != sum(passes for _, _, passes in found):
        raise RuntimeError(f"{known} passes of days are not those of the raw rows")
    return took_ms


def _published_ms(connection: Transaction, codes: list[str]) -> float:
    bounds = {"first": YEAR[0], "last": YEAR[1]}
    for statement in (_PUBLISHED, _CLOSED):
        connection.execute(statement.encode(), bounds)
    vacuum(connection, "published_figure")
    zone = ZoneInfo("Europe/Berlin")
    trail = FigurePlace(scope=FigureScope.TRAIL, code=TRAIL, municipality="lemgo", zone=zone)
    stations = [replace(trail, scope=FigureScope.STATION, code=code) for code in codes]

    def read() -> None:
        for places in ([trail], stations):
            public.read_each(connection, places, CountMeasure.PASSES, FigureBucket.DAY, YEAR)

    return least_ms(read, _TIMES)
