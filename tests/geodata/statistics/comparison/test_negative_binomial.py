"""The regression of counts against statsmodels, which solves the same by another way."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.statistics.comparison.negative_binomial import FitFailed, Floats, fit


def drawn(seed: int, rows: int, columns: int, dispersion: float) -> tuple[Floats, Floats]:
    """A design with counts that follow it."""
    chance = np.random.default_rng(seed)
    design = np.column_stack([np.ones(rows), chance.normal(0, 0.4, (rows, columns - 1))])
    means = np.exp(design @ np.concatenate([[3.0], chance.normal(0, 0.2, columns - 1)]))
    return design, chance.poisson(means * chance.gamma(1 / dispersion, dispersion, rows)).astype(float)


@settings(max_examples=25)
@given(seed=st.integers(0, 10_000), columns=st.integers(1, 8), dispersion=st.floats(0.02, 3))
def test_coefficients_dispersion_and_errors_are_those_of_statsmodels(
    seed: int, columns: int, dispersion: float
) -> None:
    design, counts = drawn(seed, 400, columns, dispersion)
    ours = fit(design, counts)
    start = np.concatenate([ours.coefficients, [ours.dispersion]]) * 1.01
    theirs = sm.NegativeBinomial(counts, design).fit(method="newton", start_params=start, tol=1e-12, disp=0)
    assert np.allclose(ours.coefficients, theirs.params[:-1], rtol=0, atol=1e-6)
    assert ours.dispersion == pytest.approx(theirs.params[-1], abs=1e-6)
    family = sm.families.NegativeBinomial(alpha=ours.dispersion)
    at_dispersion = sm.GLM(counts, design, family=family).fit(tol=1e-12)
    assert np.allclose(np.sqrt(np.diag(ours.bread)), at_dispersion.bse, rtol=0, atol=1e-6)


def test_counts_that_vary_as_chance_has_it_are_fitted_as_such() -> None:
    design, _ = drawn(1, 300, 3, 1.0)
    counts = np.round(np.exp(design @ np.array([3.0, 0.2, -0.1])))  # vary less than by chance
    ours = fit(design, counts)
    theirs = sm.GLM(counts, design, family=sm.families.Poisson()).fit(tol=1e-12)
    assert ours.dispersion < 1e-5
    assert np.allclose(ours.coefficients, theirs.params, rtol=0, atol=1e-5)


def test_a_group_without_any_count_has_no_solution() -> None:
    """statsmodels says of it that it converged."""
    design, counts = drawn(1, 300, 2, 0.3)
    is_tuesday = np.arange(300) % 7 == 1
    counts[is_tuesday] = 0
    with pytest.raises(FitFailed):
        fit(np.column_stack([design, is_tuesday]), counts)


def test_a_column_twice_has_no_solution() -> None:
    design, counts = drawn(1, 300, 2, 0.3)
    with pytest.raises(FitFailed):
        fit(np.column_stack([design, design[:, 1] * 0]), counts)
