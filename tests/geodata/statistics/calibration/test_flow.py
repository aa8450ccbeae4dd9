"""A counter that loses people in crowds is found out, one that loses the same share of all is not."""

from __future__ import annotations

import numpy as np
import pytest

from geodata.statistics.calibration.factor import ComparedCount
from geodata.statistics.calibration.flow import flow_classes, is_non_linear

SESSIONS, SLICES = 8, 6


def slices(rng: np.random.Generator, occlusion: float) -> list[list[ComparedCount]]:
    """Sessions of 90 minutes on quiet and on busy days; of people who go at once, one hides the other."""
    sessions: list[list[ComparedCount]] = []
    for number in range(SESSIONS):
        people = rng.poisson((6, 60)[number % 2] * rng.gamma(6, 1 / 6, SLICES))
        detection = 0.9 / (1 + occlusion * people)
        sessions.append(
            [ComparedCount(int(m), float(rng.binomial(m, p))) for m, p in zip(people, detection, strict=True)]
        )
    return sessions


def share_found(occlusion: float, worlds: int = 300) -> float:
    rng = np.random.default_rng(11)
    found = [is_non_linear([each for session in slices(rng, occlusion) for each in session]) for _ in range(worlds)]
    return sum(found) / worlds


def test_a_counter_that_loses_the_same_share_always_is_seldom_accused() -> None:
    assert share_found(0.0) <= 0.06


def test_a_counter_that_loses_people_in_crowds_is_found_out() -> None:
    assert share_found(0.006) >= 0.8


@pytest.mark.parametrize("counted", [[], [3.0] * 40, [float(number) for number in range(10)]])
def test_too_few_different_slices_accuse_nobody(counted: list[float]) -> None:
    assert not is_non_linear([ComparedCount(round(each) ** 2, each) for each in counted])


def test_classes_of_flow_have_factors_of_their_own() -> None:
    rng = np.random.default_rng(3)
    quiet, busy = flow_classes([*slices(rng, 0.01), *slices(rng, 0.01)])
    assert quiet.up_to == busy.above
    assert quiet.calibration.factor is not None
    assert busy.calibration.factor is not None
    assert quiet.calibration.factor.high < busy.calibration.factor.low


def test_without_enough_sessions_there_are_no_classes() -> None:
    assert flow_classes(slices(np.random.default_rng(3), 0.01)[:4]) == ()
    assert flow_classes([]) == ()
