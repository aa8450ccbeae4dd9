"""Factors on sums: each part by its own, their errors as squares, and nothing where one is missing."""

from __future__ import annotations

import pytest

from geodata.statistics.calibration.applying import calibrated_sum
from geodata.statistics.calibration.factor import Factor

FACTOR = Factor(1.2, 1.1, 1.4)


def test_one_factor_stretches_sum_and_interval_alike() -> None:
    found = calibrated_sum([(1000, FACTOR)])
    assert found is not None
    assert (found.people, found.low, found.high) == pytest.approx((1200, 1100, 1400))


def test_errors_of_two_counters_partly_cancel() -> None:
    found = calibrated_sum([(1000, FACTOR), (1000, FACTOR)])
    assert found is not None
    assert (found.people, found.low, found.high) == pytest.approx((2400, 2400 - 141.42, 2400 + 282.84), rel=1e-4)


def test_a_part_without_a_factor_leaves_the_sum_uncalibrated() -> None:
    assert calibrated_sum([(1000, FACTOR), (1, None)]) is None


def test_nobody_counted_is_nobody() -> None:
    found = calibrated_sum([(0, FACTOR)])
    assert found is not None
    assert (found.people, found.low, found.high) == (0, 0, 0)
