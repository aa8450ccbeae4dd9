"""How many pass in each hour of the week: a mean over the hours in which all counters that hung there counted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geodata.model.counting.counter import CountFlag
from geodata.statistics.usage.sums import SlotSums

HOURS, DAYS = 24, 7
_KNOWN = 0.75
"""The share of an hour that must be counted."""
_MONDAY_S = 3 * 86_400
"""1970 began on a Thursday: so many seconds after a Monday."""


@dataclass(frozen=True, slots=True)
class WeekHour:
    """The ``mean`` of an hour of the week, over so many ``hours``; None where no such hour is known."""

    mean: float | None
    hours: int


def week_hours(sums: SlotSums, clock_s: NDArray[np.int64]) -> list[list[WeekHour]]:
    """Seven days from Monday on, 24 hours each; ``clock_s``: what the clock there says when each slot begins.

    Hours that a silence touches are left out: when those passed is not known.
    """
    enough = (sums.covered_s >= _KNOWN * sums.expected_s) & (sums.expected_s > 0)
    known = enough & (sums.flags & CountFlag.ESTIMATED == 0)
    return _means(sums.passes, known, clock_s)


def week_hours_of_scans(
    scans: NDArray[np.int64], known: NDArray[np.bool_], clock_s: NDArray[np.int64]
) -> list[list[WeekHour]]:
    """Mean scans of each hour of the week, over the hours in which scans were counted; as week_hours() has them."""
    return _means(scans, known, clock_s)


def _means(values: NDArray[np.int64], known: NDArray[np.bool_], clock_s: NDArray[np.int64]) -> list[list[WeekHour]]:
    of_week = (clock_s + _MONDAY_S) // 3600 % (DAYS * HOURS)
    sums = np.bincount(of_week[known], weights=values[known], minlength=DAYS * HOURS)
    hours = np.bincount(of_week[known], minlength=DAYS * HOURS)
    cells = [
        WeekHour(value / count if count else None, count)
        for value, count in zip(sums.tolist(), hours.tolist(), strict=True)
    ]
    return [cells[day * HOURS : (day + 1) * HOURS] for day in range(DAYS)]


def steps(week: list[list[WeekHour]], count: int) -> list[list[int | None]]:
    """Each cell as a step from 0 (nobody) to ``count`` (the busiest hour); None where nothing is known."""
    most = max((cell.mean or 0 for day in week for cell in day), default=0)
    return [[None if cell.mean is None else _step(cell.mean, most, count) for cell in day] for day in week]


def _step(mean: float, most: float, count: int) -> int:
    return min(int(-(-mean * count // most)), count) if mean else 0
