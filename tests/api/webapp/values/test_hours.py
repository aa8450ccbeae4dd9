"""The past of a station's series is read seldom, with few statements, and is that of its own place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from api.catalogue.keeper import SnapshotKeeper
from api.webapp.values.hours import RecentHours
from tests.fixtures.databases.counting import CountingDatabase
from tests.fixtures.web.hikers import PONDS, a_day, write_observations


@pytest.fixture
def counted(demo_trail: None, database_url: str) -> Iterator[CountingDatabase]:
    with CountingDatabase(database_url) as database:
        yield database


def test_a_station_costs_one_statement_a_minute_and_one_more_an_hour(counted: CountingDatabase) -> None:
    now = datetime.now(UTC).replace(minute=10)
    write_observations(counted, a_day("pegel-04", "water_level", [40.0] * 24 * 40, now))
    write_observations(counted, a_day("pegel-04", "battery_level", [90.0] * 48, now))
    keeper = SnapshotKeeper(counted)
    keeper.start()
    try:
        hours = RecentHours(counted, keeper)
        asked = []
        for minutes in (0, 0, 1, 2, 60):
            counted.reset()
            pasts = hours.of(PONDS, now + timedelta(minutes=minutes))
            asked.append(len([text for text in counted.statements if "rollup_hour" in text]))
        assert asked == [2, 0, 1, 1, 2]
        assert counted.rows < 31 * 24 + 40, "batteries are not read"
    finally:
        keeper.stop()
    (past,) = [past for past in pasts.values() if past.hours]
    starts = [bucket.start for bucket in past.hours]
    assert starts == sorted(set(starts))
    assert 7 * 24 <= len(starts) <= 7 * 24 + 2
    assert 29 <= len(past.days) <= 31
    assert {(day.minimum, day.maximum) for day in past.days} == {(40.0, 40.0)}
