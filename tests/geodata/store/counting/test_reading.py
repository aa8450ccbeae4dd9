"""Passes are read as they are kept: by channel, gaps left out, and by hour of the week of a time zone."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from geodata.model.counting.counter import Direction
from geodata.store.counting import reading
from geodata.store.database import Database
from geodata.store.transaction import Transaction
from tests.geodata.figures.test_passes import BEGIN, count_all, deliver, report
from tests.geodata.flushes import register

BERLIN = ZoneInfo("Europe/Berlin")
CODE, OTHER = "4K7MP2", "4K7MP3"


@pytest.fixture
def connection(database: Database):
    with database.transaction() as opened:
        register(opened, "gate")
        for number, code in enumerate((CODE, OTHER), 1):
            opened.execute(
                "INSERT INTO station (code, trail, number, lon, lat) VALUES (%s, 'stadtwald', %s, 8.9, 52)",
                [code, number],
            )
        opened.execute("UPDATE device SET station = %s", [CODE])
        yield opened


def test_days_and_hours_of_a_station_are_columns_of_its_channels_and_of_no_other(connection: Transaction) -> None:
    reports = [report(10 * i, 2 * i, name) for i in range(6 * 50) for name in ("passes_in_total", "passes_out_total")]
    deliver(connection, *(one for one in reports if (one.time - BEGIN) // timedelta(hours=1) != 3))
    count_all(connection)
    found = reading.days(connection, [CODE, OTHER], date(2026, 11, 22), date(2026, 11, 24))
    assert [(one.of.station, one.of.direction) for one in found] == [
        (CODE, Direction.IN),
        (CODE, Direction.OUT),
    ]
    kept = connection.execute(
        "SELECT day, passes, shared, covered_s, valid, flags FROM passes_day WHERE channel = %s"
        " AND day BETWEEN '2026-11-22' AND '2026-11-23' ORDER BY day",
        [found[0].of.channel],
    ).fetchall()
    columns = (found[0].days, found[0].passes, found[0].shared, found[0].covered_s, found[0].valid, found[0].flags)
    assert list(zip(*(column.tolist() for column in columns), strict=True)) == kept
    assert reading.days(connection, [OTHER], date(2026, 11, 22), date(2026, 11, 24)) == []
    hours = reading.hours(connection, [CODE], BEGIN, BEGIN + timedelta(hours=6))
    assert [hour.hour for hour in hours[0].hours.tolist()] == [0, 1, 2, 3, 4, 5]
    assert hours[0].covered_s[3] == 0


def test_the_profile_of_a_week_is_that_of_the_clock_there_across_its_change(connection: Transaction) -> None:
    deliver(connection, report(0, 0))
    count_all(connection)
    begin = datetime(2026, 10, 20, tzinfo=UTC)
    every = [begin + timedelta(hours=i) for i in range(24 * 14)]
    connection.execute(
        "INSERT INTO passes_hour SELECT max(id), hour, 2, 0, CASE WHEN hour = %s THEN 100 ELSE 3600 END, 0"
        " FROM counter_channel, unnest(%s::timestamptz[]) AS u (hour) GROUP BY hour",
        [every[5], every],
    )
    there = [at.astimezone(BERLIN) for at in every if at != every[5]]
    expected = Counter((at.isoweekday(), at.hour) for at in there)
    found = reading.profile(connection, CODE, every[0], every[-1] + timedelta(hours=1), BERLIN)
    assert {(one.weekday, one.hour): one.channel_hours for one in found} == expected
    assert all(one.passes == 2 * one.channel_hours for one in found)
