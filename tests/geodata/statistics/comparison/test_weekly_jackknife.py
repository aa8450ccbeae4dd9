"""The interval by leaving out weeks, against statsmodels where each week is really left out."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from geodata.statistics.comparison.negative_binomial import fit
from geodata.statistics.comparison.weekly_jackknife import estimate, weeks
from tests.geodata.statistics.comparison.test_negative_binomial import drawn


def test_the_standard_error_is_that_of_regressions_without_each_week() -> None:
    design, counts = drawn(3, 210, 4, 0.3)
    clusters = np.arange(210) // 7
    ours = fit(design, counts)
    found = estimate(ours, design, counts, clusters, 2)
    family = sm.families.NegativeBinomial(alpha=ours.dispersion)
    without = np.array(
        [
            sm.GLM(counts[clusters != week], design[clusters != week], family=family)
            .fit(start_params=ours.coefficients, maxiter=1)
            .params[2]
            for week in range(30)
        ]
    )
    error = np.sqrt(29 / 30 * np.sum((without - ours.coefficients[2]) ** 2))
    assert found.standard_error == pytest.approx(error, rel=1e-6)
    assert found.high - found.value == pytest.approx(stats.t.ppf(0.975, 29) * error, rel=1e-6)


def test_a_column_of_one_week_alone_does_not_spoil_the_others() -> None:
    """A public holiday is often the only one of its kind: without its week there is nothing to learn of it."""
    design, counts = drawn(4, 210, 3, 0.3)
    clusters = np.arange(210) // 7
    single = (np.arange(210) == 10).astype(float)
    with_it = np.column_stack([design, single])
    plain = estimate(fit(design, counts), design, counts, clusters, 1)
    found = estimate(fit(with_it, counts), with_it, counts, clusters, 1)
    assert found.standard_error == pytest.approx(plain.standard_error, rel=0.1)


def test_days_around_new_year_are_of_one_week() -> None:
    days = [date(2024, 12, 30) + timedelta(n) for n in range(8)]
    assert weeks(days).tolist() == [0, 0, 0, 0, 0, 0, 0, 1]
