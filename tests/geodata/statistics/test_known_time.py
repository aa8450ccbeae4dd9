"""Shares of a time: stored in 32 bits and handed out with three decimals, they are never more than it all."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from geodata.statistics.known_time import KnownTime, known_time, mean

SHARES = st.floats(-0.1, 1.1)
TIMES = st.builds(known_time, SHARES, SHARES, at_least=st.booleans())


@given(SHARES, SHARES)
@example(1 / 3, 2 / 3)
@example(0.1, 0.9)
def test_however_shares_are_rounded_they_are_those_that_are_stored_and_together_at_most_1(
    coverage: float, estimated: float
) -> None:
    time = known_time(coverage, estimated)
    assert time.coverage >= 0 <= time.estimated
    assert time.coverage + time.estimated <= 1
    assert (time.coverage, time.estimated) == (np.float32(time.coverage), np.float32(time.estimated))
    assert known_time(time.coverage, time.estimated) == time


@given(TIMES)
@example(known_time(1 / 16, 15 / 16))
@example(known_time(3 / 16, 13 / 16))
def test_with_three_decimals_they_are_together_at_most_1_still(time: KnownTime) -> None:
    said = time.rounded()
    assert round(1000 * said.coverage) + round(1000 * said.estimated) <= 1000
    assert abs(said.coverage - time.coverage) <= 0.000501
    assert abs(said.estimated - time.estimated) <= 0.000501


@given(st.lists(TIMES, min_size=1, max_size=40))
def test_the_mean_of_times_is_that_of_each_share_and_at_least_where_one_is(times: list[KnownTime]) -> None:
    whole = mean(times)
    assert abs(whole.coverage - np.mean([each.coverage for each in times])) < 1e-6
    assert abs(whole.estimated - np.mean([each.estimated for each in times])) < 1e-6
    assert whole.at_least is any(each.at_least for each in times)
    assert whole.coverage + whole.estimated <= 1
