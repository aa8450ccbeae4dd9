"""A day without a scan is a 0 only where a web process counted and there was a sign to scan."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.figures.publishing.closing import close_due
from geodata.statistics.known_time import known_time
from geodata.store.access import scan_uptime
from geodata.store.database import Database
from geodata.store.figures import reading
from geodata.store.figures.reading import PublishedFigure
from geodata.store.transaction import Transaction
from geodata.vocabulary.figures import CountMeasure, FigureScope, Span
from tests.fixtures.web.uptime import web_ran
from tests.geodata.figures.publishing.town import day_of, found

SUNDAY = date(2026, 11, 29)
BEGIN, END = day_of(SUNDAY)
LATER = datetime(2030, 1, 1, tzinfo=UTC)
MINUTES = 24 * 60

bounded = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
runs = st.lists(st.tuples(st.integers(0, MINUTES - 1), st.integers(1, MINUTES)), max_size=4)
"""Web processes, each by its first minute of the day and by how many it ran; they may run at once."""


@pytest.fixture
def code(database: Database) -> str:
    """The one station of a trail."""
    return found(database, {"pfad": 1})["pfad"][0]


def scanned(connection: Transaction, code: str, hour: datetime, count: int = 9) -> None:
    connection.execute("INSERT INTO scan_hour VALUES (%s, %s, 'de', 'sign', %s)", [code, hour, count])


def close(database: Database, code: str, last: date) -> list[PublishedFigure]:
    """The station's days up to ``last``."""
    assert list(close_due(database, LATER, until=last))
    span = (date(2000, 1, 1), date(2100, 1, 1))
    with database.transaction() as connection:
        return reading.figures(connection, FigureScope.STATION, [code], CountMeasure.SCANS, Span.DAY, span)


def test_days_before_the_web_app_ran_and_after_are_no_data(database: Database, code: str) -> None:
    with database.transaction() as connection:
        scanned(connection, code, BEGIN)  # a phone told of it later: it was offline
        web_ran(connection, BEGIN + timedelta(days=2), END + timedelta(days=2))
    days = close(database, code, SUNDAY + timedelta(days=3))
    assert [(day.value, day.time.coverage) for day in days] == [(9, 0.0), (None, 0.0), (0, 1.0), (None, 0.0)]


def test_a_station_is_0_from_the_hour_in_which_it_was_made_and_no_data_before(database: Database, code: str) -> None:
    other = "ZZZZZZ"
    with database.transaction() as connection:
        web_ran(connection, BEGIN, END + timedelta(days=5))
        connection.execute(
            "INSERT INTO station (code, trail, number, lon, lat, made_at) VALUES (%s, 'pfad', 2, 9, 52, %s)",
            [other, BEGIN + timedelta(days=1, hours=6, minutes=30)],
        )
        scanned(connection, code, BEGIN)
    days = close(database, other, SUNDAY + timedelta(days=2))
    assert [(day.value, day.time.coverage) for day in days] == [(0, 0.75), (0, 1.0)]


@bounded
@given(runs, st.integers(0, 23))
def test_what_is_known_of_a_day_is_the_minutes_in_which_at_least_one_web_process_ran(
    database: Database, code: str, ran: list[tuple[int, int]], hour: int
) -> None:
    up = {minute for first, length in ran for minute in range(first, min(first + length, MINUTES))}
    with database.transaction() as connection:
        connection.execute("TRUNCATE scan_uptime, scan_hour, closed_period, published_figure, withheld_count")
        scanned(connection, code, BEGIN + timedelta(hours=hour))
        connection.execute("UPDATE station SET made_at = NULL")
        for first, length in ran:
            scan_uptime.add(connection, _hours(first, length))
    (day,) = close(database, code, SUNDAY)
    assert day.value == 9
    assert day.time == known_time(len(up) / MINUTES)
    known = [any(minute // 60 == each for minute in up) for each in range(24)]
    assert [count is not None for count in day.hours] == [known[each] or each == hour for each in range(24)]


def _hours(first: int, length: int) -> dict[datetime, int]:
    """The minutes of one process as it writes them."""
    bits: Counter[datetime] = Counter()
    for minute in range(first, min(first + length, MINUTES)):
        bits[BEGIN + timedelta(hours=minute // 60)] |= 1 << (59 - minute % 60)
    return bits
