"""What a counter's reports tell: totals survive loss, and nothing that a counter can do gives a negative hour."""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.model.counting.counter import CountedHour, CountFlag, SilentTime
from geodata.statistics.counting.reports import HourOfIncrements
from tests.geodata.statistics.counting.reported import (
    MINUTE_US,
    START,
    START_US,
    TEN,
    Reported,
    counted,
    sum_of,
)

NONE, ESTIMATED, RESET = CountFlag.NONE, CountFlag.ESTIMATED, CountFlag.RESET


def every_ten_minutes(passes: list[int], begins: int = 0, width: int = 16) -> list[Reported]:
    """A report at the beginning and one after each of these passes."""
    return [(10 * i, (begins + total) % 2**width) for i, total in enumerate(accumulate([0, *passes]))]


@st.composite
def heard(draw: st.DrawFn) -> tuple[list[Reported], list[Reported]]:
    """All reports of a day of a counter that may wrap, and those of them that arrived, first and last among them."""
    passes = draw(st.lists(st.integers(0, 60), min_size=20, max_size=144))
    sent = every_ten_minutes(passes, draw(st.sampled_from([0, 5, 30_000, 65_000, 65_535])))
    kept = draw(st.lists(st.integers(0, 9).map(lambda die: die >= 3), min_size=len(sent), max_size=len(sent)))
    return sent, [one for i, one in enumerate(sent) if kept[i] or i in {0, len(sent) - 1}]


@given(heard())
def test_whatever_is_lost_on_the_way_the_total_is_exact_and_what_is_in_doubt_is_flagged(
    case: tuple[list[Reported], list[Reported]],
) -> None:
    sent, arrived = case
    truth, found = counted(sent), counted(arrived)
    assert sum_of(found) == sum_of(truth) == (sent[-1][1] - sent[0][1]) % 2**16
    exact = {hour.hour: hour.passes for hour in truth.hours}
    assert all(hour.shared == 0 or hour.flags & ESTIMATED for hour in found.hours)
    silent = sum(silence.passes for silence in found.silences)
    assert sum(hour.shared for hour in found.hours) == silent
    if len(arrived) == len(sent):
        assert {hour.hour: hour.passes for hour in found.hours} == exact


@given(
    st.lists(
        st.tuples(st.floats(0.1, 5_000), st.integers(0, 2**16 - 1)),
        min_size=1,
        max_size=30,
        unique_by=lambda one: one[0],
    ),
    st.sampled_from([None, 16, 32]),
    st.booleans(),
)
def test_whatever_a_counter_says_no_hour_is_negative_or_longer_than_itself(
    reported: list[Reported], width: int | None, exact: bool
) -> None:
    found = counted(sorted(reported), replace(TEN, width=width), exact=exact)
    for hour in found.hours:
        assert min(hour.passes, hour.shared, hour.covered_s) >= 0
        assert hour.covered_s <= 3600


def test_hours_are_counted_to_their_last_report_and_covered_to_their_ends() -> None:
    found = counted(every_ten_minutes([1] * 18))
    assert found.hours[:3] == [
        CountedHour(START, 5, 0, 3600),
        CountedHour(START + 1, 6, 0, 3600),
        CountedHour(START + 2, 6, 0, 3600),
    ]


@pytest.mark.parametrize(
    ("width", "before", "after", "passes", "flags"),
    [
        (16, 65_530, 6, 12, NONE),
        (32, 2**32 - 4, 6, 10, NONE),
        (None, 65_530, 6, 12, NONE),
        (None, 2**32 - 4, 6, 10, NONE),
        (16, 40_000, 9, 9, RESET),
        (32, 65_530, 6, 6, RESET),
        (None, 60_000, 3, 3, RESET),
        (16, 20, 50_000, 0, RESET),
        (32, 70_000, 30_000, 0, RESET),
    ],
)
def test_a_wrap_goes_on_a_reset_begins_at_nothing_and_a_leap_is_no_people(
    width: int | None, before: int, after: int, passes: int, flags: CountFlag
) -> None:
    (hour,) = counted([(0, before), (10, after)], replace(TEN, width=width)).hours
    assert (hour.passes, hour.flags) == (passes, flags)


def test_a_silence_is_shared_out_over_its_hours_and_covers_none_of_them() -> None:
    found = counted([(0, 0), (10, 3), (130, 10), (140, 12)])
    assert found.silences == [SilentTime(START_US + 10 * MINUTE_US, START_US + 130 * MINUTE_US, 7, NONE)]
    assert found.hours == [
        CountedHour(START, 3, 3, 600, ESTIMATED),
        CountedHour(START + 1, 0, 3, 0, ESTIMATED),
        CountedHour(START + 2, 2, 1, 600, ESTIMATED),
    ]


def test_a_silence_within_one_hour_costs_coverage_alone() -> None:
    assert counted([(0, 0), (10, 3), (50, 9)]).hours == [CountedHour(START, 9, 0, 600)]
    assert counted([(0, 0), (10, 3), (50, 9)], exact=False).hours == [CountedHour(START, 9, 0, 3000)]


def test_an_hour_that_nobody_reported_in_is_shared_however_slow_the_counter() -> None:
    hourly = replace(TEN, interval_us=60 * MINUTE_US)
    found = counted([(59, 0), (121, 62), (181, 70)], hourly)
    assert [(hour.passes, hour.shared) for hour in found.hours] == [(0, 1), (0, 60), (0, 1), (8, 0)]


def test_a_silence_longer_than_a_wrap_can_take_says_at_least() -> None:
    slow = replace(TEN, capacity=200)
    assert counted([(0, 0), (13 * 24 * 60, 60_000)], slow).silences[0].flags == NONE
    assert counted([(0, 0), (14 * 24 * 60, 60_000)], slow).silences[0].flags == CountFlag.AT_LEAST


def test_two_resets_within_an_hour_are_stepped_through_and_without_the_reports_lose_little() -> None:
    reported = [(0, 100), (10, 120), (20, 2), (30, 30), (40, 1), (50, 4)]
    (hour,) = counted(reported).hours
    assert (hour.passes, hour.flags) == (20 + 2 + 28 + 1 + 3, RESET)
    (hour,) = counted(reported, exact=False).hours
    assert (hour.passes, hour.flags) == (20 + 4, RESET)


def test_what_was_counted_on_the_way_to_the_mounting_belongs_to_nobody() -> None:
    carried = [(0, 100), (10, 190), (20, 200), (30, 205)]
    mounted = replace(TEN, starts_us=START_US + 15 * MINUTE_US)
    assert sum_of(counted(carried, mounted)) == 5
    assert sum_of(counted(carried, replace(TEN, ends_us=START_US + 20 * MINUTE_US))) == 90
    assert sum_of(counted(carried, mounted, exact=False)) == 0, "first and last alone: nothing is known from 15 on"


def test_two_witnesses_that_differ_are_told_and_one_that_lost_nothing_stands_in_for_a_reset() -> None:
    def hour(last: int, said: int, messages: int = 6) -> CountedHour:
        reported = [(50, 10), (60, 11), (70, 12), (80, 13), (90, 14), (100, 15), (110, last)]
        increments = [HourOfIncrements(START + 1, messages, said)]
        return next(one for one in counted(reported, increments=increments).hours if one.hour == START + 1)

    assert (hour(16, 6).passes, hour(16, 6).flags) == (6, NONE)
    assert (hour(16, 7).passes, hour(16, 7).flags) == (6, NONE)
    assert (hour(16, 8).passes, hour(16, 8).flags) == (6, CountFlag.WITNESSES_DIFFER)
    assert (hour(16, 8, messages=5).passes, hour(16, 8, messages=5).flags) == (6, NONE)
    assert (hour(2, 9).passes, hour(2, 9).flags) == (9, NONE)
    assert (hour(2, 5, messages=5).passes, hour(2, 5, messages=5).flags) == (7, RESET)


@pytest.mark.parametrize("said", [10_001, 2**40])
def test_increments_beyond_the_capacity_are_a_gap_that_says_so(said: int) -> None:
    assert counted([], increments=[HourOfIncrements(START, 6, said)]).hours == [
        CountedHour(START, 0, 0, 0, CountFlag.RESET)
    ]
    assert counted([], increments=[HourOfIncrements(START, 6, 10_000)]).hours == [CountedHour(START, 10_000, 0, 3600)]


def test_increments_beyond_the_capacity_do_not_stand_in_for_a_total_that_began_anew() -> None:
    reported = [*((minutes, 900) for minutes in range(0, 60, 10)), *((minutes, 4) for minutes in range(60, 120, 10))]
    found = counted(reported, increments=[HourOfIncrements(START + 1, 6, 2**40)])
    assert sum_of(found) == 4
    assert found.hours[1].flags == CountFlag.RESET | CountFlag.WITNESSES_DIFFER


def test_increments_alone_count_and_cover_as_many_intervals_as_arrived() -> None:
    assert counted([], increments=[HourOfIncrements(START, 4, 9)]).hours == [CountedHour(START, 9, 0, 2400)]
