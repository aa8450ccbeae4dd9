"""What a day may know of a silence hangs on its time, and not on how few passed in it."""

from __future__ import annotations

import numpy as np
import pytest

from geodata.statistics.disclosure.figure import NOTHING, Rule
from geodata.statistics.disclosure.silences import HeardDay

RULE = Rule(5)


def day(heard: list[int], shares: list[int]) -> HeardDay:
    """Hours that were heard with these counts, and then those of a silence."""
    return HeardDay(
        counts=np.array([*heard, *shares]),
        shares=np.array([*[NOTHING] * len(heard), *shares]),
        heard=np.array([*[True] * len(heard), *[False] * len(shares)]),
    )


def test_all_hours_of_a_silence_in_which_somebody_passed_are_known() -> None:
    assert day([8, 0], [1, 0, 0]).known(RULE).tolist() == [8, 0, 1, 0, 0]


def test_no_hour_of_a_silence_in_which_nobody_passed_is_known() -> None:
    assert day([8, 0], [0, 0, 0]).known(RULE).tolist() == [8, 0, *[NOTHING] * 3]


@pytest.mark.parametrize(("shares", "is_known"), [([0, 0], False), ([2, 2], False), ([3, 2], True)])
def test_a_day_of_which_nothing_was_heard_is_known_from_k_on(shares: list[int], is_known: bool) -> None:
    assert (day([], shares).known(RULE) != NOTHING).all() == is_known


@pytest.mark.parametrize(
    ("shares", "tells"), [([0, 0], False), ([1, 0], True), ([5, 4], True), ([5, 5], False), ([], False)]
)
def test_hours_tell_of_a_silence_where_one_of_them_has_fewer_than_k_of_its_passes(
    shares: list[int],
    tells: bool,
) -> None:
    assert day([8], shares).is_told_by_hours(RULE) == tells
