"""Weeks of a trail: 53 that are over, each beside the week of the same number a year before, where there was one."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from geodata.figures import trail_weeks
from geodata.store.database import Database
from tests.dashboards.figures.counted import BERLIN, count, mount
from tests.dashboards.office import seed

WEEK = timedelta(weeks=1)


@pytest.mark.parametrize("today", [date(2026, 11, 30), date(2026, 12, 6), date(2024, 2, 29)])
def test_the_last_week_is_the_newest_that_is_over(today: date) -> None:
    weeks = trail_weeks.last_weeks([], BERLIN, today)
    assert len(weeks) == 53
    assert weeks[-1].week.end <= today < weeks[-1].week.end + WEEK
    assert all(each.week.start.weekday() == 0 and each.week.end - each.week.start == WEEK for each in weeks)


def test_a_53rd_week_has_no_week_beside_it_and_all_others_have_that_of_their_number() -> None:
    for each in trail_weeks.last_weeks([], ZoneInfo("Europe/Berlin"), date(2027, 1, 11)):
        year, week, _ = each.week.start.isocalendar()
        if week == 53:
            assert each.before is None
        else:
            assert each.before is not None
            assert each.before.start.isocalendar()[:2] == (year - 1, week)


def test_all_days_are_read_that_the_oldest_year_before_needs_and_a_silent_counter_too(database: Database) -> None:
    today = date(2027, 1, 11)
    seed(database)
    with database.transaction() as connection:
        come, go = mount(connection)
        oldest = trail_weeks.last_weeks([], BERLIN, today)[0].before
        assert oldest is not None
        count(connection, come, oldest.start, 7)
        channels = trail_weeks.read(connection, "stadtwald", BERLIN, today)
        assert [each.channel for each in channels] == [come, go]
        assert trail_weeks.read(connection, "elsewhere", BERLIN, today) == []
    before = trail_weeks.last_weeks(channels, BERLIN, today)[0].before
    assert before is not None
    assert (before.passes, before.coverage) == (7, pytest.approx(1 / 14))
