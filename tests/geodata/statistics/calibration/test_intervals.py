"""Intervals of a ratio of counts: those of the books, and exact where counts are small."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta, binomtest, t

from geodata.statistics.calibration import intervals

counts = st.integers(0, 500)


@given(counts, counts)
def test_the_interval_of_two_rates_is_clopper_and_pearsons_of_the_share(seen: int, counted: int) -> None:
    interval = intervals.of_rates(seen, counted)
    if seen + counted == 0:
        assert (interval.low, interval.high) == (0, math.inf)
        return
    share = binomtest(counted, seen + counted).proportion_ci(method="exact")
    assert interval.low == pytest.approx((1 - share.high) / share.high)
    assert interval.high == pytest.approx((1 - share.low) / share.low if share.low else math.inf)


@given(counts, counts)
def test_counts_that_agree_leave_open_what_chance_may_hide(seen: int, counted: int) -> None:
    interval = intervals.of_matched(seen, counted)
    assert interval.low <= (seen / counted if counted else math.inf)
    assert interval.high >= (seen / counted if counted else 0)
    if seen == counted > 0:
        assert interval.high == pytest.approx(1 / beta.ppf(0.025, seen, 1)), "nobody missed is not: never anybody"


def test_the_interval_of_sessions_is_the_jackknife_written_out() -> None:
    seen, counted = [40, 55, 12, 31, 70, 22], [33.0, 50.0, 11.0, 24.0, 61.0, 16.0]
    left_out = [(sum(seen) - people) / (sum(counted) - passes) for people, passes in zip(seen, counted, strict=True)]
    ratio = sum(seen) / sum(counted)
    error = math.sqrt(5 / 6 * sum((each - ratio) ** 2 for each in left_out))
    interval = intervals.of_sessions(seen, counted)
    assert interval.low == pytest.approx(ratio - t.ppf(0.975, 5) * error)
    assert interval.high == pytest.approx(ratio + t.ppf(0.975, 5) * error)


@pytest.mark.parametrize(("seen", "counted"), [([4], [3.0]), ([4, 2], [3.0, 0.0]), ([], []), ([2, 1], [0.0, 0.0])])
def test_sessions_that_have_no_spread_bound_nothing(seen: list[int], counted: list[float]) -> None:
    assert intervals.of_sessions(seen, counted).high == math.inf
