"""Regression of counts that vary more than chance alone: the negative binomial with variance μ + α μ², log link.

Maximum likelihood for coefficients and dispersion (Lawless 1987): both by Newton's method in turn, which is quick
because their estimates are uncorrelated. Nothing here knows what is counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import psi

from geodata.errors import DigitalpfadError

Floats: TypeAlias = NDArray[np.floating[Any]]
"""Numbers in rows, or in rows and columns."""

_ROUNDS = 100
_CLOSE = 1e-9
_LEAST_DISPERSION = 1e-6  # below it counts vary as chance alone has it (Poisson)
_MOST_DISPERSION = 1e4
_NEARBY = 1e-4
_FEWEST = 1e-5  # a mean below it runs to 0: on the rows of some column nothing was counted
_STEEPEST = 30.0  # a log mean beyond it is no count of people, but a fit that runs away


class FitFailed(DigitalpfadError):
    """The counts do not determine the coefficients."""


@dataclass(frozen=True, slots=True)
class Fit:
    """``coefficients`` of the columns, ``dispersion`` α, expected counts ``means`` and the rows' ``weights``.

    ``bread`` is the inverse of the expected information of the coefficients: their covariance if the model held in
    every respect. A column's standard error is the root of its diagonal.
    """

    coefficients: Floats
    dispersion: float
    means: Floats
    weights: Floats
    bread: Floats


def fit(design: Floats, counts: Floats) -> Fit:
    """Fit ``counts`` (one per row, ≥ 0) by the columns of ``design`` (rows × columns, of full rank).

    Raises FitFailed where no finite coefficients are best, such as for a column on whose rows nothing was counted.
    """
    means = np.maximum(counts, np.mean(counts) / 10) + 0.1
    coefficients, dispersion = _start(design, counts, means), _LEAST_DISPERSION
    for _ in range(_ROUNDS):
        before, dispersion_before = coefficients, dispersion
        coefficients = _coefficients(design, counts, coefficients, dispersion)
        means = _means(design, coefficients)
        dispersion = _dispersion(counts, means, dispersion)
        if _is_near(coefficients, before) and abs(dispersion - dispersion_before) <= _CLOSE * max(dispersion, 1.0):
            break
    else:
        raise FitFailed
    if np.min(means) < _FEWEST:
        raise FitFailed
    weights = means / (1 + dispersion * means)
    return Fit(coefficients, dispersion, means, weights, np.linalg.inv(design.T @ (design * weights[:, None])))


def _start(design: Floats, counts: Floats, means: Floats) -> Floats:
    logs = np.log(np.maximum(counts, 0.1))
    weighted = design * means[:, None]
    return _solved(design.T @ weighted, weighted.T @ logs)


def _coefficients(design: Floats, counts: Floats, start: Floats, dispersion: float) -> Floats:
    """The best coefficients at this dispersion, by Newton's method from ``start``: the likelihood has one summit."""
    coefficients, height = start, _height(design, counts, start, dispersion)
    for _ in range(_ROUNDS):
        means = _means(design, coefficients)
        spread = 1 + dispersion * means
        weights = means * (1 + dispersion * counts) / spread**2
        step = _solved(design.T @ (design * weights[:, None]), design.T @ ((counts - means) / spread))
        while (there := _height(design, counts, coefficients + step, dispersion)) < height - _CLOSE * abs(height):
            step = step / 2
        coefficients, height = coefficients + step, there
        if np.max(np.abs(step)) <= _CLOSE:
            return coefficients
    raise FitFailed


def _height(design: Floats, counts: Floats, coefficients: Floats, dispersion: float) -> float:
    """The log likelihood, but for what does not depend on the coefficients; −∞ beyond all counts of people."""
    logs = design @ coefficients
    if not np.all(np.abs(logs) <= _STEEPEST):
        return -np.inf
    return float(np.sum(counts * logs - (counts + 1 / dispersion) * np.log1p(dispersion * np.exp(logs))))


def _means(design: Floats, coefficients: Floats) -> Floats:
    logs = design @ coefficients
    if not np.all(np.isfinite(logs)) or np.max(np.abs(logs)) > _STEEPEST:
        raise FitFailed
    return np.exp(logs)


def _solved(information: Floats, score: Floats) -> Floats:
    try:
        return np.linalg.solve(information, score)
    except np.linalg.LinAlgError as error:
        raise FitFailed from error


def _dispersion(counts: Floats, means: Floats, start: float) -> float:
    """The best α at these means, by Newton's method on its logarithm; as good as 0 where counts vary no more."""
    if np.sum((counts - means) ** 2 - counts) <= 0:  # the slope at α = 0, where digits run out for the formula below
        return _LEAST_DISPERSION
    log_alpha = float(np.log(_moments(counts, means) if start <= _LEAST_DISPERSION else start))
    for _ in range(_ROUNDS):
        slope = _slope(counts, means, log_alpha)
        bend = (_slope(counts, means, log_alpha + _NEARBY) - _slope(counts, means, log_alpha - _NEARBY)) / (2 * _NEARBY)
        step = float(np.clip(-slope / bend if bend < 0 else np.sign(slope), -1, 1))
        log_alpha = float(np.clip(log_alpha + step, np.log(_LEAST_DISPERSION), np.log(_MOST_DISPERSION)))
        if abs(step) <= _CLOSE or log_alpha == np.log(_LEAST_DISPERSION):
            break
    return float(np.exp(log_alpha))


def _moments(counts: Floats, means: Floats) -> float:
    """Where the search for α begins: the dispersion that makes the squared residuals as large as they are."""
    return float(np.clip(np.mean(((counts - means) ** 2 - means) / means**2), 1e-3, 10.0))


def _slope(counts: Floats, means: Floats, log_alpha: float) -> float:
    """The derivative of the log likelihood by the logarithm of α."""
    size = float(np.exp(-log_alpha))
    by_size = psi(counts + size) - psi(size) - np.log1p(means / size) + (means - counts) / (means + size)
    return -size * float(np.sum(by_size))


def _is_near(values: Floats, others: Floats) -> bool:
    return bool(np.max(np.abs(values - others)) <= _CLOSE * max(1.0, float(np.max(np.abs(values)))))
