"""A counter in words: where it hangs since when, what it said last, and what is known of how much it sees."""

from __future__ import annotations

from collections.abc import Sequence

from dashboards.counting.words import factor_in_short
from geodata.figures.by_hand.calibrations import CounterCalibration
from geodata.model.counting.counter import Direction
from geodata.statistics.calibration.factor import ComparedCount, calibrated


def known(sessions: Sequence[ComparedCount]) -> CounterCalibration:
    return CounterCalibration(direction=Direction.BOTH, calibration=calibrated(sessions), is_non_linear=False)


def test_a_counter_beside_which_nobody_counted_says_so() -> None:
    assert factor_in_short(known([])) == "noch nie von Hand gezählt"


def test_a_factor_has_its_interval_and_how_often_people_were_counted() -> None:
    text = factor_in_short(known([ComparedCount(59, 50)] * 6))
    assert text.startswith("×\u00a01,18 (1,")
    assert text.endswith("), 6 Zählungen")


def test_sessions_in_which_the_counter_saw_nobody_give_no_factor_and_are_said() -> None:
    assert factor_in_short(known([ComparedCount(3, 0)])) == "noch kein Faktor, 1 Zählung"
