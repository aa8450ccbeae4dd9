"""How soon dead signs are told in each world, and how often others are; the table of docs/statistics.md.

``python -m tests.geodata.statistics.signs.simulation`` tries what the watch does, on worlds that its numbers were not
chosen on: those were chosen on SEED_OF_CHOICE.
"""

from __future__ import annotations

import argparse
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from geodata.model.counting.sign_case import CaseOutcome
from geodata.statistics.signs.watch import SignWatch, after, after_visit
from tests.geodata.statistics.signs.oracle import most_power
from tests.geodata.statistics.signs.sign_worlds import WORLDS, YEAR, SignWorld

SEED_OF_CHOICE = 1000
FRESH_SEED = 2000
LEARNING = 60
DAYS = 3
NEVER = 60


def false_alarms(world: SignWorld, rng: np.random.Generator, years: int) -> float:
    """Alarms a station and year while the sign is there; at each somebody looks and finds it in order."""
    alarms = 0
    for _ in range(years):
        watch = SignWatch()
        for number, day in enumerate(world.days(rng, LEARNING + YEAR)):
            watch = after(watch, day.seen)
            if watch.is_silent:
                alarms += number >= LEARNING
                watch = after_visit(watch, CaseOutcome.IN_ORDER, was_silent=True)
    return alarms / years


def days_until_told(world: SignWorld, rng: np.random.Generator, signs: int, most: int = NEVER) -> NDArray[np.int64]:
    """For each of so many dead signs the known days until it is told; more than ``most`` where it is not by then."""
    return np.array([_told_after(world, rng, most) for _ in range(signs)])


def _told_after(world: SignWorld, rng: np.random.Generator, most: int) -> int:
    dead_from = 120 + int(rng.integers(0, 7))
    watch, known_days = SignWatch(), 0
    for number, day in enumerate(world.days(rng, dead_from + 2 * most + 20, dead_from=dead_from)):
        if number == dead_from:  # at the worst moment: the days before have left no evidence
            watch = replace(watch, evidence=0.0, days=0, passes=0.0, expected=0.0, scans=0)
        watch = after(watch, day.seen)
        if number < dead_from:
            if watch.is_silent:
                watch = after_visit(watch, CaseOutcome.IN_ORDER, was_silent=True)
            continue
        known_days += day.seen.passes is not None
        if watch.is_silent or known_days > most:
            return known_days
    return most + 1


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--years", type=int, default=1000)
    parser.add_argument("--signs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=FRESH_SEED)
    parser.add_argument("--worlds", type=int, nargs=2, default=(0, len(WORLDS)), help="from and to before which")
    asked = parser.parse_args()
    print("| world | told in 3 days | oracle | in 5 days | half of them by | nine of ten by | false alarms a year |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for number, world in list(enumerate(WORLDS))[slice(*asked.worlds)]:
        told = days_until_told(world, np.random.default_rng([asked.seed, number, 1]), asked.signs)
        alarms = false_alarms(world, np.random.default_rng([asked.seed, number, 2]), asked.years)
        best = most_power(world, np.random.default_rng([asked.seed, number, 3]), 10 * asked.signs, DAYS)
        half, nine = (_day(int(np.quantile(told, share, method="higher"))) for share in (0.5, 0.9))
        print(
            f"| {world.name} | {np.mean(told <= DAYS):.1%} | {best:.1%} | {np.mean(told <= 5):.1%} | {half} | {nine}"
            f" | {alarms:.2f} |",
            flush=True,
        )


def _day(number: int) -> str:
    return f"day {number}" if number <= NEVER else "never"


if __name__ == "__main__":
    main()
