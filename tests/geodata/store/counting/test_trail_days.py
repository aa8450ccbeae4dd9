"""Channels of a trail with their days: a period without a beginning begins with what was first counted in it."""

from __future__ import annotations

from datetime import UTC, date, datetime

from geodata.store.counting import trail_days
from geodata.store.database import Database
from tests.dashboards.figures.counted import BERLIN, count, mount
from tests.dashboards.office import seed

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)


def test_a_period_without_a_beginning_begins_with_its_first_day_or_with_its_device(database: Database) -> None:
    seed(database)
    with database.transaction() as connection:
        come, _ = mount(connection)
        connection.execute("UPDATE counter_mounting SET starts_at = NULL")
        count(connection, come, MAY, 3)
        count(connection, come, JUNE, 5, shared=2, hours=20.5)
        counted, silent = trail_days.load(connection, "stadtwald", JUNE, date(2026, 7, 1), BERLIN)
    assert counted.starts_at == datetime(2026, 4, 30, 22, tzinfo=UTC), "its own midnight, though the day was not asked"
    assert silent.starts_at == datetime(2020, 1, 1, 12, tzinfo=UTC)
    assert list(counted.days) == [JUNE]
    day = counted.days[JUNE]
    assert (day.passes, day.shared, day.covered_s, day.valid) == (5, 2, 73_800, True)
    assert silent.days == {}
