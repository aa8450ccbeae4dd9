"""What no test can do better: an oracle that knows each world's ratio, spread and share left, day by day."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from tests.geodata.statistics.signs.sign_worlds import YEAR, SignWorld


def most_power(world: SignWorld, rng: np.random.Generator, windows: int, days: int) -> float:
    """Upper bound of the power within so many known days at one false alarm a year, from so many simulated ``windows``.

    A rule that errs once a year errs within ``days`` days with a chance of days / 365 on average; of all rules with
    that chance the likelihood ratio of those days finds most (Neyman and Pearson). In worlds with bursts (classes,
    festivals) the oracle does not know that they are bursts, and the bound is approximate.
    """
    alive = _log_ratios(world, rng, windows, days, is_dead=False)
    dead = _log_ratios(world, rng, windows, days, is_dead=True)
    return float(np.mean(dead > np.quantile(alive, 1 - days / YEAR)))


def _log_ratios(
    world: SignWorld, rng: np.random.Generator, windows: int, days: int, *, is_dead: bool
) -> NDArray[np.float64]:
    found = rng.uniform(0, 1e-6, windows)  # equal ratios are told apart at random
    for number in range(windows):
        begin, known_days = int(rng.integers(0, 7)), 0
        for at, day in enumerate(world.days(rng, begin + 10 * days, dead_from=begin if is_dead else None)):
            if at < begin or day.seen.passes is None:
                continue
            found[number] += _log_ratio(world, day.mean, day.seen.scans)
            known_days += 1
            if known_days == days:
                break
    return found


def _log_ratio(world: SignWorld, mean: float, scans: int) -> float:
    """Of these scans on a sign that is gone against one in order, of the mean."""
    if not world.spread:
        return scans * math.log(world.left) + (1 - world.left) * mean
    size = 1 / world.spread
    return scans * math.log(world.left) - (scans + size) * math.log((size + world.left * mean) / (size + mean))
