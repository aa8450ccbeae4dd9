"""A factor on a sum: another figure beside the counted one, with the interval that calibration leaves open."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from geodata.statistics.calibration.factor import Factor


@dataclass(frozen=True, slots=True)
class CalibratedSum:
    """How many people went by the factors, and between which bounds at 95 %. Gaps of the counters are not in it."""

    people: float
    low: float
    high: float


def calibrated_sum(parts: Sequence[tuple[float, Factor | None]]) -> CalibratedSum | None:
    """The sum of passes, each part with the factor of its counter, mounting period, direction and class of flow.

    Parts of one factor come as one part: their errors go the same way. Errors of different factors are independent;
    their distances are added as squares (MOVER: Zou, Huang and Zhang, Computational Statistics & Data Analysis 53,
    2009). None where a part has no factor: half a sum that is calibrated would be neither the one figure nor the other.
    """
    people, below, above = 0.0, 0.0, 0.0
    for passes, factor in parts:
        if factor is None:
            return None
        people += passes * factor.value
        below += (passes * (factor.value - factor.low)) ** 2
        above += (passes * (factor.high - factor.value)) ** 2
    return CalibratedSum(people, people - math.sqrt(below), people + math.sqrt(above))
