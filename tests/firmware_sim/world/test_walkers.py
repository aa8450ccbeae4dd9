"""Walkers come in a pattern, pass the counters in order, and totals only rise."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_sim.world.walkers import LOCAL, Point, Walkers, Way
from firmware_sim.world.weather import HOUR, Weather

INSTALLED = date(2026, 1, 1)
DAYS = st.dates(INSTALLED, date(2027, 12, 31))


@pytest.fixture(scope="module")
def walkers() -> Walkers:
    return Walkers(5, Weather(5), INSTALLED)


@settings(deadline=None)
@given(seed=st.integers(0, 1000), day=DAYS)
def test_every_walk_passes_the_counters_in_order_and_ends_on_its_day(seed: int, day: date) -> None:
    for walk in Walkers(seed, Weather(seed), INSTALLED).walks(day):
        assert walk.start < walk.end
        assert (walk.middle is None) == (walk.way is Way.AND_BACK)
        if walk.middle is not None:
            assert walk.start + 20 * 60 < walk.middle < walk.end - 20 * 60
        last = datetime.fromtimestamp(walk.end + 3 * walk.size, LOCAL)
        assert datetime.fromtimestamp(walk.start, LOCAL).date() == last.date() == day


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_running_totals_never_fall_and_nobody_leaves_who_did_not_come(walkers: Walkers, data: st.DataObject) -> None:
    day = data.draw(DAYS)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp()
    times = sorted(noon + offset for offset in data.draw(st.lists(st.integers(-40 * 3600, 40 * 3600), min_size=2)))
    for point in Point:
        totals = [walkers.totals(point, t) for t in times]
        assert all(a.inward <= b.inward and a.outward <= b.outward for a, b in pairwise(totals))
    for t in times:
        start, middle = walkers.totals(Point.START, t), walkers.totals(Point.MIDDLE, t)
        assert start.outward <= start.inward
        assert middle.inward + middle.outward <= start.inward


def test_totals_do_not_jump_at_midnight(walkers: Walkers) -> None:
    midnight = datetime(2026, 7, 6, tzinfo=LOCAL).timestamp()
    for point in Point:
        assert walkers.totals(point, midnight - 1) == walkers.totals(point, midnight + 1)


def test_totals_are_the_sum_of_all_walks(walkers: Walkers) -> None:
    walks = [walk for day in range(40) for walk in walkers.walks(INSTALLED + timedelta(days=day))]
    totals = walkers.totals(Point.START, datetime(2026, 2, 10, tzinfo=LOCAL).timestamp())
    everyone = sum(walk.size for walk in walks)
    assert (totals.inward, totals.outward) == (everyone, everyone)
    assert everyone > 0


def test_a_counter_shows_nothing_before_it_was_installed(walkers: Walkers) -> None:
    assert walkers.totals(Point.START, datetime(2025, 12, 31, tzinfo=LOCAL).timestamp()) == (0, 0)


def test_sundays_bring_more_people_and_larger_groups_than_workdays(walkers: Walkers) -> None:
    days = [date(2026, 4, 1) + timedelta(days=number) for number in range(180)]
    sundays = [walk.size for day in days if day.weekday() == 6 for walk in walkers.walks(day)]
    mondays = [walk.size for day in days if day.weekday() == 0 for walk in walkers.walks(day)]
    assert sum(sundays) > 2 * sum(mondays)
    assert sum(sundays) / len(sundays) > 1.3 * sum(mondays) / len(mondays)


def test_summer_brings_more_people_than_winter_and_nobody_starts_at_night(walkers: Walkers) -> None:
    def people(month: int) -> int:
        return sum(walk.size for day in range(1, 29) for walk in walkers.walks(date(2026, month, day)))

    assert people(7) > 1.5 * people(1)
    midnight = datetime(2026, 7, 6, tzinfo=LOCAL).timestamp()
    assert walkers.totals(Point.START, midnight + 4 * HOUR) == walkers.totals(Point.START, midnight)
