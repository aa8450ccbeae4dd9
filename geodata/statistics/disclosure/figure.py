"""Counts and figures as whole numbers in arrays, with what stands for a gap and for what is withheld."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

K = 5
"""The smallest count that is published, whatever a municipality sets; 0 is one too: it says nothing of anybody."""
Counts = NDArray[np.int64]
"""Counts of people or page requests, 0 or more; NOTHING where nothing is known."""
Figures = NDArray[np.int64]
"""Counts that are shown; WITHHELD where there is one that is not, NOTHING where nothing is known."""
Mask = NDArray[np.bool_]

WITHHELD = -1
NOTHING = -2


class Finest(StrEnum):
    """The shortest time for which a municipality publishes figures."""

    HOUR = "hour"
    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Rule:
    """Counts from 1 to ``k`` - 1 are never shown, nor can be worked out; nothing finer than ``finest`` is."""

    k: int = K
    finest: Finest = Finest.HOUR

    def is_small(self, counts: Counts) -> Mask:
        """Which of them may tell of single persons; 0 says nothing of anybody."""
        return (counts > 0) & (counts < self.k)


def total(counts: Counts, axis: int | None = None) -> Counts:
    """The sum of what is known along ``axis``; NOTHING where nothing of it is."""
    known = counts != NOTHING
    return np.where(known.any(axis=axis), np.where(known, counts, 0).sum(axis=axis), NOTHING)


def sum_of_shown(figures: Figures, axis: int | None = None) -> Figures:
    """A figure that is no more than the sum of its parts: shown where all of them are, and so it tells nothing new."""
    withheld = (figures == WITHHELD).any(axis=axis)
    return np.where(withheld, WITHHELD, total(np.where(figures == WITHHELD, NOTHING, figures), axis=axis))


def fewest(counts: Counts, rule: Rule, spent: Mask | None = None) -> Mask:
    """Which to withhold under a total that is shown: the small ones, and others until they hide each other.

    At least two, and together at least k: then each may be anything from 0 to their sum. The others are those of
    ``spent`` first, then the smallest. ``counts`` together are 0 or at least k.
    """
    withheld = rule.is_small(counts)
    if not withheld.any():
        return withheld
    order = np.lexsort((counts, np.zeros(len(counts)) if spent is None else ~spent))
    for index in order[(counts[order] > 0) & ~withheld[order]]:
        if withheld.sum() >= 2 and counts[withheld].sum() >= rule.k:
            break
        withheld[index] = True
    return withheld
