"""What a closing day, month and year shows, in cases that can be done by hand."""

from __future__ import annotations

import numpy as np
import pytest

from geodata.statistics.disclosure.day import ClosedDay, SoFar, close_day
from geodata.statistics.disclosure.figure import NOTHING, WITHHELD, Counts, Finest, Rule, fewest, sum_of_shown, total
from geodata.statistics.disclosure.month import ClosedMonth, MonthOfDays, close_month, close_year
from geodata.statistics.disclosure.pool import EMPTY, Pool

RULE = Rule()


def day(counts: list[list[int]], so_far: SoFar | None = None, rule: Rule = RULE) -> ClosedDay:
    return close_day(np.array(counts), so_far or SoFar(), rule)


def month(counts: list[list[int]], withheld: list[list[int]], trail: list[int], months: Pool = EMPTY) -> ClosedMonth:
    days = MonthOfDays(np.array(counts), np.array(withheld, dtype=bool), np.array(trail, dtype=bool))
    return close_month(days, months, RULE)


def test_a_sum_of_gaps_is_a_gap_and_one_of_zeros_is_0() -> None:
    assert total(np.array([[NOTHING, NOTHING], [NOTHING, 0], [3, 4]]), axis=1).tolist() == [NOTHING, 0, 7]
    assert sum_of_shown(np.array([[5, WITHHELD], [5, NOTHING]]), axis=1).tolist() == [WITHHELD, 5]


@pytest.mark.parametrize(
    ("counts", "withheld"),
    [([9, 8, 7], []), ([1, 9, 8], [0, 2]), ([2, 2, 9], [0, 1, 2]), ([2, 4, 9], [0, 1]), ([0, 3, 9], [1, 2])],
)
def test_as_few_hours_as_possible_hide_each_other(counts: list[int], withheld: list[int]) -> None:
    assert np.flatnonzero(fewest(np.array(counts), RULE)).tolist() == withheld


def test_a_quiet_day_is_shown_as_0_and_a_small_one_is_withheld_with_its_hours() -> None:
    assert day([[0, 0], [0, 0]]).trail == 0
    small = day([[3, 0], [0, NOTHING]])
    assert (small.trail, small.stations.tolist()) == (WITHHELD, [WITHHELD, WITHHELD])
    assert small.station_hours is not None
    assert small.station_hours.tolist() == [[WITHHELD, WITHHELD], [WITHHELD, NOTHING]]


def test_the_day_after_a_lone_withheld_one_hides_it_and_the_next_is_shown() -> None:
    assert day([[20]], SoFar(days=Pool(1, 3))).trail == WITHHELD
    assert day([[20]], SoFar(days=Pool(2, 23))).trail == 20
    assert day([[0]], SoFar(days=Pool(1, 3))).trail == 0


def test_one_small_station_withholds_all_of_the_day_but_not_the_trail_and_its_hours() -> None:
    closed = day([[7, 13], [1, 2], [0, 9]])
    assert (closed.trail, closed.stations.tolist()) == (32, [WITHHELD] * 3)
    assert closed.hours is not None
    assert closed.hours.tolist() == [8, 24]


def test_on_the_last_day_of_a_month_as_few_stations_as_possible_lose_it() -> None:
    assert day([[20], [1], [9]], SoFar(is_last=True)).stations.tolist() == [20, WITHHELD, WITHHELD]


def test_the_only_station_with_data_is_the_same_figure_as_its_trail() -> None:
    closed = day([[12, 3, 8], [NOTHING] * 3])
    assert closed.stations.tolist() == [23, NOTHING]
    assert closed.hours is not None
    assert closed.station_hours is not None
    assert closed.hours.tolist() == closed.station_hours[0].tolist() == [12, WITHHELD, WITHHELD]


@pytest.mark.parametrize(("finest", "trail", "hours"), [(Finest.DAY, 20, None), (Finest.MONTH, WITHHELD, None)])
def test_nothing_finer_than_the_municipality_wants_is_shown(finest: Finest, trail: int, hours: None) -> None:
    closed = day([[20, 0]], rule=Rule(5, finest))
    assert (closed.trail, closed.hours, closed.station_hours) == (trail, hours, None)


def test_a_month_shows_stations_whose_withheld_days_hide_each_other() -> None:
    columns = [[1, 1], [1, 1], [1, 1]]
    assert month([[2, 9], [20, 3], [8, 8]], columns, [0, 0]).stations.tolist() == [11, 23, 16]
    assert month([[1, 1], [20, 3], [8, 8]], columns, [0, 0]).stations.tolist() == [WITHHELD, 23, WITHHELD]


def test_a_month_with_a_lone_withheld_day_is_withheld_and_stations_without_one_are_shown() -> None:
    closed = month([[3, 9], [NOTHING, 8]], [[1, 0], [0, 0]], [1, 0])
    assert (closed.trail, closed.stations.tolist()) == (WITHHELD, [WITHHELD, 8])


def test_a_month_hides_a_lone_withheld_one_if_it_has_a_withheld_day() -> None:
    lone = Pool(1, 3)
    assert month([[3, 9]], [[1, 1]], [1, 1], lone).trail == WITHHELD
    assert month([[30, 9]], [[0, 0]], [0, 0], lone).trail == 39


def test_a_year_is_shown_if_its_withheld_months_hide_each_other() -> None:
    trail, stations = np.array([WITHHELD, WITHHELD, 30]), np.array([[WITHHELD, WITHHELD, 30], [5, 6, NOTHING]])
    counts: Counts = np.array([70, 11])
    assert close_year(trail, Pool(2, 6), stations, counts, RULE).trail == 81
    assert close_year(trail, Pool(2, 6), stations, counts, RULE).stations.tolist() == [70, 11]
    assert close_year(trail, Pool(2, 4), stations, counts, RULE).trail == WITHHELD
    assert close_year(trail, Pool(2, 4), stations, counts, RULE).stations.tolist() == [WITHHELD, 11]
