"""The factor of a counter covers the truth as often as it says, and says nothing where nothing can be said."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.statistics.calibration.factor import CalibrationVerdict, ComparedCount, calibrated
from tests.geodata.statistics.calibration.worlds import WORLDS

sessions_ = st.lists(st.builds(ComparedCount, st.integers(0, 300), st.integers(0, 300).map(float)), max_size=12)


@pytest.mark.parametrize("count", range(1, 11))
def test_the_interval_covers_the_truth_in_93_of_100_worlds_or_more(count: int) -> None:
    rng = np.random.default_rng(count)
    covered, told = 0, 0
    for world in WORLDS:
        for _ in range(100):
            factor = calibrated(list(world.sessions(rng, count))).factor
            if factor is not None:  # nobody came in the only session: nothing is said
                told += 1
                covered += factor.low <= world.truth() <= factor.high
    assert told > 1790
    assert covered / told >= 0.93, f"{covered} of {told}"


def test_it_says_what_the_page_shows() -> None:
    sessions = [
        ComparedCount(*pair) for pair in ((80, 66.0), (51, 44.0), (95, 80.0), (60, 53.0), (72, 60.0), (54, 46.0))
    ]
    found = calibrated(sessions)
    assert (found.sessions, found.people, found.verdict) == (6, 412, CalibrationVerdict.GOOD)
    assert found.factor is not None
    assert found.factor.value == pytest.approx(412 / 349)
    assert 1.1 < found.factor.low < 1.18 < found.factor.high < 1.26


@given(sessions_)
def test_a_factor_lies_in_a_bounded_interval_or_there_is_none(sessions: list[ComparedCount]) -> None:
    found = calibrated(sessions)
    assert (found.factor is None) == (found.verdict is CalibrationVerdict.NONE)
    if found.factor is not None:
        assert 0 < found.factor.low <= found.factor.value <= found.factor.high < math.inf


@given(sessions_, st.randoms(use_true_random=False))
def test_the_order_of_sessions_changes_nothing(sessions: list[ComparedCount], shuffle: object) -> None:
    first = calibrated(sessions)
    shuffle.shuffle(sessions)  # pyright: ignore[reportAttributeAccessIssue] - random.Random
    second = calibrated(sessions)
    assert (first.people, first.sessions, first.verdict) == (second.people, second.sessions, second.verdict)
    if first.factor and second.factor:
        assert first.factor.high == pytest.approx(second.factor.high)


@pytest.mark.parametrize(
    "sessions", [[], [(0, 0.0)], [(12, 0.0)], [(0, 12.0)], [(12, 0.0), (9, 0.0), (4, 0.0), (8, 0.0), (7, 0.0)]]
)
def test_where_nobody_was_seen_or_nothing_counted_there_is_no_factor(sessions: list[tuple[int, float]]) -> None:
    found = calibrated([ComparedCount(*session) for session in sessions])
    assert (found.factor, found.verdict) == (None, CalibrationVerdict.NONE)


def test_a_few_sessions_give_a_wide_factor_and_five_a_narrower_one() -> None:
    few, more = (calibrated([ComparedCount(60, 50.0 + number) for number in range(count)]) for count in (4, 5))
    assert few.factor is not None
    assert more.factor is not None
    assert few.verdict is CalibrationVerdict.FEW
    assert more.verdict is CalibrationVerdict.GOOD
    assert more.factor.high - more.factor.low < few.factor.high - few.factor.low


def test_sessions_that_agree_to_the_last_person_do_not_make_it_certain() -> None:
    factor = calibrated([ComparedCount(8, 8.0)] * 5).factor
    assert factor is not None
    assert factor.low < 0.93
    assert factor.high > 1.07
