"""How sure a coefficient is where days of a week are alike: by leaving out week after week.

Days are no independent witnesses: weather that nobody measured, a feast or a heat wave make all counters of some days
rise together. A standard error that takes each day for a witness is too small. Here each week, with all its counters,
is one: the regression is made again without it (by one step of Newton's method), and the differences say how much the
coefficient hangs on single weeks (the cluster jackknife: MacKinnon, Nielsen and Webb 2023).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from geodata.statistics.comparison.negative_binomial import Fit, Floats

_TAIL = 0.975


@dataclass(frozen=True, slots=True)
class Estimate:
    """A logarithm of a ratio with its standard error and the ends of its 95 % interval."""

    value: float
    standard_error: float
    low: float
    high: float


def weeks(days: Sequence[date]) -> NDArray[np.int64]:
    """The number of each day's ISO week among the weeks of these days, from 0."""
    names = [day.isocalendar()[:2] for day in days]
    numbers = {name: number for number, name in enumerate(sorted(set(names)))}
    return np.array([numbers[name] for name in names])


def estimate(fit: Fit, design: Floats, counts: Floats, clusters: NDArray[np.int64], column: int) -> Estimate:
    """The coefficient of ``column`` with its interval; ``clusters`` numbers the week of each row, from 0."""
    changes = np.array([change[column] for change in _changes(fit, design, counts, clusters)])
    number = len(changes)
    error = float(np.sqrt((number - 1) / number * np.sum(changes**2)))
    return interval(float(fit.coefficients[column]), error, number - 1)


def interval(value: float, standard_error: float, witnesses: int) -> Estimate:
    """The 95 % interval by Student's t with as many degrees of freedom as there are ``witnesses`` but one."""
    reach = float(stdtrit(witnesses, _TAIL)) * standard_error
    return Estimate(value, standard_error, value - reach, value + reach)


def _changes(fit: Fit, design: Floats, counts: Floats, clusters: NDArray[np.int64]) -> list[Floats]:
    """How far the coefficients go, week by week, when it is left out."""
    information = np.linalg.inv(fit.bread)
    scores = design * ((counts - fit.means) / (1 + fit.dispersion * fit.means))[:, None]
    weighted = design * fit.weights[:, None]
    changes: list[Floats] = []
    for week in range(int(np.max(clusters)) + 1):
        of_week = clusters == week
        rest = information - weighted[of_week].T @ design[of_week]
        changes.append(-(np.linalg.pinv(rest, hermitian=True) @ np.sum(scores[of_week], axis=0)))
    return changes
