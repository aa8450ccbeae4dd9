"""Estimates of days without a count: of which days, by which method, and how often the truth lies within."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from geodata.statistics.counting.estimates import DayEstimate, EstimateMethod, estimates
from tests.fixtures.worlds.world import make

DAY = date(2026, 6, 10)


def weekly(*passes: int, day: date = DAY) -> dict[date, int]:
    """The passes of the same weekday in the weeks around a day, the nearest first."""
    weeks = [-1, 1, -2, 2, -3, 3, -4, 4]
    return {day + timedelta(weeks=week): count for week, count in zip(weeks, passes, strict=False)}


def test_a_day_is_estimated_by_the_same_weekday_around_it() -> None:
    (found,) = estimates(weekly(90, 110, 100, 100), [], [DAY])
    assert (found.passes, found.method) == (100, EstimateMethod.WEEKDAYS)
    assert found.low < 90
    assert found.high > 110


def test_a_neighbour_says_that_the_day_was_half_as_busy() -> None:
    neighbour = weekly(45, 55, 50, 50) | {DAY: 25}
    (found,) = estimates(weekly(90, 110, 100, 100), [neighbour], [DAY])
    assert (found.passes, found.method) == (50, EstimateMethod.NEIGHBOUR)


def test_a_neighbour_that_counted_hardly_anybody_says_nothing() -> None:
    (found,) = estimates(weekly(90, 110, 100), [weekly(1, 2, 1) | {DAY: 9}], [DAY])
    assert found.method is EstimateMethod.WEEKDAYS


def test_a_counted_day_and_one_with_two_days_like_it_have_no_estimate() -> None:
    assert estimates(weekly(90, 110, 100) | {DAY: 7}, [], [DAY]) == []
    assert estimates(weekly(90, 110), [], [DAY]) == []


def test_nobody_on_all_days_around_is_an_estimate_of_0_to_a_few() -> None:
    (found,) = estimates(weekly(0, 0, 0, 0), [], [DAY])
    assert (found.passes, found.low) == (0, 0)
    assert found.high < 10


def lost(seed: int) -> tuple[list[tuple[DayEstimate, int]], int]:
    """Estimates of days of a world that are taken away, each with the truth, and how many were."""
    world = make(seed, days=730, counters=3, loss=0.0)
    truth = world.days.sums(world.people.passes).sum(axis=1)
    chance = np.random.default_rng(seed)
    there = chance.random(truth.shape) > 0.3
    counted = [
        {day: int(n) for day, n, is_there in zip(world.days.dates, truth[i], there[i], strict=True) if is_there}
        for i in range(3)
    ]
    found = [
        (each, int(truth[i, world.days.dates.index(each.day)]))
        for i in range(3)
        for each in estimates(counted[i], [counted[j] for j in range(3) if j != i], world.days.dates)
    ]
    return found, int((~there).sum())


@pytest.mark.parametrize("method", EstimateMethod)
def test_nine_of_ten_true_days_lie_within_and_most_days_have_an_estimate(method: EstimateMethod) -> None:
    worlds = [lost(seed) for seed in range(3)]
    of_method = [(each, true) for found, _ in worlds for each, true in found if each.method is method]
    within = np.mean([each.low <= true <= each.high for each, true in of_method])
    assert 0.90 <= within <= 0.985, (within, len(of_method))
    assert sum(len(found) for found, _ in worlds) > 0.9 * sum(missing for _, missing in worlds)
