"""The slope of a few noisy points that an outlier does not turn: Theil and Sen's, with the interval around it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

_Z = 1.645
"""Of ten such intervals nine hold the slope, where the errors of the points do not depend on each other."""


@dataclass(frozen=True, slots=True)
class RobustSlope:
    """Units of y for one of x, between ``lowest`` and ``highest``; ``level`` is y at x = 0."""

    slope: float
    lowest: float
    highest: float
    level: float


def fit(points: Sequence[tuple[float, float]]) -> RobustSlope | None:
    """The line through ``points`` (x, y); None of points that have not two different x."""
    slopes = sorted(
        (after[1] - before[1]) / (after[0] - before[0])
        for i, before in enumerate(points)
        for after in points[i + 1 :]
        if after[0] != before[0]
    )
    if not slopes:
        return None
    slope = median(slopes)
    lowest, highest = _interval(slopes, len(points))
    return RobustSlope(slope, lowest, highest, median(y - slope * x for x, y in points))


def _interval(slopes: Sequence[float], count: int) -> tuple[float, float]:
    spread = _Z * math.sqrt(count * (count - 1) * (2 * count + 5) / 18)
    low = max(int((len(slopes) - spread) / 2), 0)
    high = min(math.ceil((len(slopes) + spread) / 2), len(slopes) - 1)
    return slopes[low], slopes[high]
