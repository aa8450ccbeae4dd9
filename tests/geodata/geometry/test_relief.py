"""Ascent, walking time and slope against slower, independent computations."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.geometry.relief import HYSTERESIS_M, Slope, climb, slope, walking_minutes

heights = st.lists(st.integers(0, 40), max_size=40)


def climb_by_merging(values: list[int], threshold: float) -> tuple[float, float]:
    """Merge the smallest swing into its neighbours until every swing is large enough."""
    turns = list(values)
    while len(turns) > 1:
        swings = [abs(b - a) for a, b in pairwise(turns)]
        i = min(range(len(swings)), key=swings.__getitem__)
        inner = [k for k in range(1, len(turns) - 1) if (turns[k] - turns[k - 1]) * (turns[k + 1] - turns[k]) >= 0]
        if inner:
            del turns[inner[0]]  # not a turn at all
        elif swings[i] >= threshold:
            break
        elif i == 0:
            del turns[0]
        elif i == len(swings) - 1:
            del turns[-1]
        else:
            del turns[i : i + 2]
    steps = [b - a for a, b in pairwise(turns)] if len(turns) > 1 else []
    return sum(s for s in steps if s > 0), -sum(s for s in steps if s < 0)


@given(heights)
def test_climb_equals_merging_small_swings_one_by_one(values: list[int]) -> None:
    assert climb(values, 3) == climb_by_merging(values, 3)


@given(heights)
def test_walking_back_swaps_ascent_and_descent(values: list[int]) -> None:
    assert climb(values[::-1]) == climb(values)[::-1]


@given(st.lists(st.floats(0, HYSTERESIS_M * 0.99), max_size=60))
def test_trembling_heights_of_a_level_path_climb_nothing(values: list[float]) -> None:
    assert climb(values) == (0, 0)


@given(st.lists(st.floats(-1, 1), min_size=101, max_size=101))
def test_trembling_adds_little_to_a_steady_climb_of_100_m(noise: list[float]) -> None:
    ascent, descent = climb([i + n for i, n in enumerate(noise)])
    assert ascent == pytest.approx(100, abs=2)
    assert descent == 0


def test_walking_time_follows_din_33466() -> None:
    assert walking_minutes(4000, 0, 0) == 60
    assert walking_minutes(4000, 300, 0) == 90
    assert walking_minutes(2000, 600, 0) == 135  # uphill rules: 120 and half of 30
    assert walking_minutes(4870, 138, 138) == pytest.approx(73.05 + 44.16 / 2)


@pytest.mark.parametrize(
    ("distance", "ascent", "descent", "expected"),
    [
        (400, 0, 0, Slope.LEVEL),
        (0, 0, 0, Slope.LEVEL),
        (400, 10, 0, Slope.GENTLY_UP),
        (400, 30, 0, Slope.UP),
        (400, 60, 0, Slope.STEEPLY_UP),
        (400, 0, 10, Slope.GENTLY_DOWN),
        (400, 3, 33, Slope.DOWN),
        (400, 0, 60, Slope.STEEPLY_DOWN),
        (400, 20, 18, Slope.UP_AND_DOWN),
    ],
)
def test_a_stretch_has_the_word_a_walker_would_use(
    distance: float, ascent: float, descent: float, expected: Slope
) -> None:
    assert slope(distance, ascent, descent) is expected
