"""What a night closes: the suppression of a month, and a day of ten thousand stations with all that is written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import numpy as np
import psycopg

from benchmarks.figures.timing import least_ms
from benchmarks.figures.town import register
from benchmarks.rows import Row, Scale
from benchmarks.world import World
from geodata.figures.publishing.closing import close_due
from geodata.statistics.disclosure.day import ClosedDay, SoFar, close_day
from geodata.statistics.disclosure.figure import WITHHELD, Finest, Rule, total
from geodata.statistics.disclosure.month import MonthOfDays, close_month
from geodata.statistics.disclosure.pool import EMPTY
from geodata.store.database import Database

_STATIONS = 100
_MONTH_GOAL_S, _NIGHT_GOAL_S = 1, 60
_DAY = date(2026, 3, 10)
_HOURS = """
    INSERT INTO passes_hour (channel, hour, passes, covered_s)
    SELECT channel.id, hour, (channel.id + extract(hour FROM hour)::int) %% 9, 3600
    FROM counter_channel AS channel,
        generate_series(%(day)s::timestamp AT TIME ZONE 'Europe/Berlin',
            (%(day)s::timestamp + interval '23 hours') AT TIME ZONE 'Europe/Berlin', '1 hour') AS hour
"""
_SCANS = """
    INSERT INTO scan_hour (station, hour, variant, entry, count)
    SELECT code, %(day)s::timestamp AT TIME ZONE 'Europe/Berlin' + hour * interval '1 hour', 'de', 'sign', 1 + hour %% 4
    FROM station, generate_series(8, 18) AS hour
"""

_UPTIME = """
    INSERT INTO scan_uptime SELECT hour, repeat('1', 60)::bit(60) FROM generate_series(
        %(day)s::timestamp AT TIME ZONE 'Europe/Berlin',
        (%(day)s::timestamp + interval '23 hours') AT TIME ZONE 'Europe/Berlin', '1 hour') AS hour
"""
_THERE = "UPDATE station SET made_at = %(day)s::date - 1"


def run(world: World, scale: Scale) -> Iterator[Row]:
    """The rules alone, then a whole night."""
    month_s = least_ms(_close_a_month, 5 if scale.whole else 1) / 1000
    yield Row(
        "figures", f"a month of {_STATIONS} stations closes, rules", month_s, "s", goal=_MONTH_GOAL_S, better="less"
    )
    url = world.database(1)
    with psycopg.connect(url, autocommit=True) as connection:
        register(connection, scale.devices)
        for statement in (_HOURS, _SCANS, _UPTIME, _THERE):
            connection.execute(statement.encode(), {"day": _DAY})
        connection.execute("VACUUM (ANALYZE)")
    with Database(url) as database:
        night_s = least_ms(lambda: list(close_due(database, datetime(2026, 4, 1, tzinfo=UTC), until=_DAY)), 1) / 1000
    what = f"a day of {scale.devices:,} stations closes"
    yield Row("figures", what, night_s, "s", goal=_NIGHT_GOAL_S, better="less")


def _close_a_month() -> None:
    """Thirty days with their hours, one after the other, and then the month."""
    counts = np.random.default_rng(0).poisson(0.4, (30, _STATIONS, 24))
    rule, closed = Rule(5, Finest.HOUR), list[ClosedDay]()
    for number, day in enumerate(counts):
        so_far = SoFar(_month(counts, closed).pool if closed else EMPTY, is_last=number == len(counts) - 1)
        closed.append(close_day(day, so_far, rule))
    close_month(_month(counts, closed), EMPTY, rule)


def _month(counts: np.ndarray, closed: list[ClosedDay]) -> MonthOfDays:
    """The days that are closed so far."""
    days = total(counts[: len(closed)], axis=2).T
    stations = np.array([day.stations for day in closed]).T
    return MonthOfDays(days, stations == WITHHELD, np.array([day.trail for day in closed]) == WITHHELD)
