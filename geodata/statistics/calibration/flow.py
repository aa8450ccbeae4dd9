"""Whether a counter sees less where many go at once, since people in a group hide each other; and factors by flow."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
from scipy.special import stdtr

from geodata.statistics.calibration.factor import ENOUGH_SESSIONS, Calibration, ComparedCount, calibrated

SLICE = timedelta(minutes=15)
"""So long is a slice of a session, in which people and counts are compared."""
_ENOUGH_SLICES = 20
_ENOUGH_COUNTS = 5  # different ones: a curve through fewer points bends as it likes
_LEVEL = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowClass:
    """Slices with more than ``above`` and at most ``up_to`` counted passes, and what sessions say of them alone.

    None where there is no such limit.
    """

    above: float | None
    up_to: float | None
    calibration: Calibration

    def has(self, counted: float) -> bool:
        """Whether a slice with so many counted passes is of this class."""
        return (self.above is None or self.above < counted) and (self.up_to is None or counted <= self.up_to)


def is_non_linear(slices: Sequence[ComparedCount]) -> bool:
    """Whether more go unseen the more are counted: the square of the count says more of the people than chance does.

    Least squares of the people on the count and its square with the weights 1 / (1 + count), as spread grows with
    flow, and Student's t of the square at 5 %. With an intercept: of those who are missed some go while nobody is
    counted. False where there are too few slices to say.
    """
    counted = np.array([each.counted for each in slices], dtype=float)
    if len(slices) < _ENOUGH_SLICES or len(np.unique(np.round(counted))) < _ENOUGH_COUNTS:
        return False
    seen = np.array([each.seen for each in slices], dtype=float)
    root = np.sqrt(1 / (1 + counted))
    design = np.stack([np.ones_like(counted), counted, counted**2], axis=1) * root[:, None]
    inverse = np.linalg.inv(design.T @ design)
    coefficients = inverse @ design.T @ (seen * root)
    freedom = len(slices) - design.shape[1]
    rest = float(np.sum((seen * root - design @ coefficients) ** 2)) / freedom
    error = math.sqrt(rest * float(inverse[2, 2]))
    bend = float(coefficients[2])
    return bend > 0 and (error == 0 or float(stdtr(freedom, -bend / error)) * 2 < _LEVEL)


def flow_classes(sessions: Sequence[Sequence[ComparedCount]]) -> tuple[FlowClass, ...]:
    """Factors of quiet and of busy slices, of the slices of each session; none where a class has too few sessions.

    The limit between them is the count at which half of all passes lie on each side. The slices of a session are one
    observation of its class: they are of the same day and weather.
    """
    limit = _middle([each.counted for session in sessions for each in session])
    classes = tuple(
        FlowClass(above=above, up_to=up_to, calibration=calibrated([]))
        for above, up_to in ((None, limit), (limit, None))
    )
    found = tuple(replace(each, calibration=_calibration(sessions, each)) for each in classes)
    return found if all(each.calibration.sessions >= ENOUGH_SESSIONS for each in found) else ()


def _calibration(sessions: Sequence[Sequence[ComparedCount]], flow: FlowClass) -> Calibration:
    return calibrated([_sum(each for each in session if flow.has(each.counted)) for session in sessions])


def _sum(slices: Iterable[ComparedCount]) -> ComparedCount:
    within = list(slices)
    return ComparedCount(sum(each.seen for each in within), sum(each.counted for each in within))


def _middle(counts: Sequence[float]) -> float:
    passed, half = 0.0, sum(counts) / 2
    for count in sorted(counts):
        passed += count
        if passed >= half:
            return count
    return 0.0
