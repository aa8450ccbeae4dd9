"""Estimates of days without a valid count: a second series beside the counted one, never summed with it.

A day is like the same weekday in the weeks around it. Where another counter of the trail counted that day, it says how
the day compares with its own days of the same kind (day-of-year factors, doi:10.1177/03611981211027161). The interval
is that of a count that spreads more than a Poisson one, as far as those days do, and of their mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np
from scipy.special import stdtrit

_WEEKS = 4
_LEAST = 3
"""Days of the same weekday that an estimate needs."""
_LEVEL = 0.975
_LEAST_FACTOR_PASSES = 20
"""Passes of a neighbour on such a day below which its factor says too little."""

Counted = Mapping[date, int]
"""The passes of a counter on its valid days."""


class EstimateMethod(StrEnum):
    """How a day was estimated."""

    WEEKDAYS = "weekdays"  # by the same weekday of the weeks around it
    NEIGHBOUR = "neighbour"  # that, times how the day was at another counter of the trail


@dataclass(frozen=True, slots=True)
class DayEstimate:
    """``passes`` is the middle; 95 of 100 such days lie from ``low`` to ``high``."""

    day: date
    passes: float
    low: int
    high: int
    method: EstimateMethod


def estimates(counted: Counted, neighbours: Sequence[Counted], days: Iterable[date]) -> list[DayEstimate]:
    """Those of ``days`` that ``counted`` lacks; a day with too few like it has none."""
    found = (_estimate(counted, neighbours, day) for day in days if day not in counted)
    return [each for each in found if each is not None]


def _estimate(counted: Counted, neighbours: Sequence[Counted], day: date) -> DayEstimate | None:
    like = [other for other in _like(day) if other in counted]
    if len(like) < _LEAST:
        return None
    for neighbour in neighbours:
        shared = [other for other in like if other in neighbour]
        if day in neighbour and len(shared) >= _LEAST and _mean(neighbour, shared) >= _LEAST_FACTOR_PASSES:
            return _by_neighbour(counted, neighbour, day, shared)
    passes = np.array([counted[other] for other in like], dtype=float)
    return _spread(day, float(passes.mean()), passes, np.full(len(passes), passes.mean()), EstimateMethod.WEEKDAYS)


def _by_neighbour(counted: Counted, neighbour: Counted, day: date, shared: Sequence[date]) -> DayEstimate:
    """The neighbour's passes times the ratio of both; the spread is that of the days around this ratio."""
    passes = np.array([counted[other] for other in shared], dtype=float)
    others = np.array([neighbour[other] for other in shared], dtype=float)
    ratio = passes.sum() / others.sum()
    return _spread(day, float(ratio * neighbour[day]), passes, ratio * others, EstimateMethod.NEIGHBOUR)


def _spread(day: date, middle: float, passes: np.ndarray, expected: np.ndarray, method: EstimateMethod) -> DayEstimate:
    """An interval for a new day, on the scale of square roots: there the spread hardly hangs on the size.

    Counts spread by 1/4 at least there, those of a Poisson.
    """
    count = len(passes)
    gaps = np.sqrt(passes + 0.375) - np.sqrt(expected + 0.375)
    variance = max(float((gaps**2).sum()) / (count - 1), 0.25)
    half = float(stdtrit(count - 1, _LEVEL)) * np.sqrt(variance * (1 + 1 / count))
    root = np.sqrt(middle + 0.375)
    low, high = max(root - half, 0.0) ** 2 - 0.375, (root + half) ** 2 - 0.375
    return DayEstimate(day, round(middle, 1), max(int(np.floor(low)), 0), int(np.ceil(high)), method)


def _like(day: date) -> list[date]:
    """The days of this weekday in the four weeks before and after ``day``."""
    return [day + timedelta(weeks=week) for week in range(-_WEEKS, _WEEKS + 1) if week]


def _mean(counted: Counted, days: Sequence[date]) -> float:
    return sum(counted[day] for day in days) / len(days)
