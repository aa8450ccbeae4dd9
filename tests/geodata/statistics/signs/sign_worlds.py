"""Stations in worlds where it is known whether the sign is there; run it to print what docs/statistics.md says.

``python -m tests.geodata.statistics.signs.sign_worlds``
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from geodata.statistics.signs.watch import SignDay, SignWatch, after

YEAR = 365
LEARNING = 60
DAYS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class SignWorld:
    """A station with ``passes`` a day on average, of which ``ratio`` scan; days differ as they do outdoors.

    ``is_steady``: as many pass on each day, not more on free and fewer on wet ones; ``spread``: scans vary by mean +
    spread × mean²; ``drift``: the ratio's change in a year; ``gaps``: share of days without a counter; on free days
    ``weekend`` times as many scan.
    """

    name: str
    passes: float = 60.0
    ratio: float = 0.08
    spread: float = 0.0
    is_steady: bool = True
    weekend: float = 1.0
    rain: bool = False
    drift: float = 0.0
    gaps: float = 0.0

    def days(self, rng: np.random.Generator, number: int, *, dead_from: int | None = None) -> Iterator[SignDay]:
        """So many days; from ``dead_from`` on a twentieth of the scans is left."""
        for day in range(number):
            is_free, is_wet = day % 7 >= 5, self.rain and rng.random() < 0.35
            mean = self.passes * (1.0 if self.is_steady else 1.6 if is_free else 0.76)
            mean *= 0.4 if is_wet else 1.32 if self.rain else 1.0
            passes = int(rng.poisson(mean * rng.gamma(20, 1 / 20)))
            ratio = self.ratio * (self.weekend if is_free else 1.0) * (0.7 if is_wet else 1.0)
            ratio *= math.exp(math.log1p(self.drift) * day / YEAR)
            ratio *= 1.0 if dead_from is None or day < dead_from else 0.05
            extra = rng.gamma(1 / self.spread, self.spread) if self.spread else 1.0
            kind = ("free" if is_free else "work") + ("-wet" if is_wet else "")
            yield SignDay(None if rng.random() < self.gaps else passes, int(rng.poisson(passes * ratio * extra)), kind)


WORLDS = [
    SignWorld(name="as many every day"),
    SignWorld(name="overdispersed", spread=0.1),
    SignWorld(name="strongly overdispersed", spread=0.2),
    SignWorld(name="gaps of the counter", spread=0.1, gaps=0.3),
    SignWorld(name="weekends", spread=0.1, is_steady=False, weekend=1.5),
    SignWorld(name="rain", spread=0.1, is_steady=False, weekend=1.3, rain=True),
    SignWorld(name="the ratio falls by a third in a year", spread=0.1, drift=-1 / 3),
    SignWorld(name="the ratio doubles in a year", spread=0.1, drift=1.0),
]


def false_alarms(world: SignWorld, rng: np.random.Generator, years: int) -> float:
    """Alarms a station and year while the sign is there; after each the watch goes on as after a visit."""
    alarms = 0
    for _ in range(years):
        watch = SignWatch()
        for number, day in enumerate(world.days(rng, LEARNING + YEAR)):
            watch = after(watch, day)
            if watch.is_silent:
                alarms += number >= LEARNING
                watch = SignWatch(kinds=watch.kinds, excess=watch.excess, squares=watch.squares)
    return alarms / years


def is_told_in_time(world: SignWorld, rng: np.random.Generator) -> bool:
    """Whether a dead sign is told within three known days; where days differ, by the day of the 180th pass."""
    dead_from = 120 + int(rng.integers(0, 7))
    watch, known_days, passes = SignWatch(), 0, 0.0
    for number, day in enumerate(world.days(rng, dead_from + 30, dead_from=dead_from)):
        if number == dead_from:
            watch = SignWatch(kinds=watch.kinds, excess=watch.excess, squares=watch.squares, waiting=watch.waiting)
        watch = after(watch, day)
        if number < dead_from or day.passes is None:
            continue
        if watch.is_silent:
            return True
        known_days, passes = known_days + 1, passes + day.passes
        if known_days >= DAYS and (world.is_steady or passes >= DAYS * world.passes):
            return False
    return False


def power(world: SignWorld, rng: np.random.Generator, signs: int) -> float:
    """Share of dead signs that are told in time."""
    return sum(is_told_in_time(world, rng) for _ in range(signs)) / signs


if __name__ == "__main__":
    for each in WORLDS:
        told = power(each, np.random.default_rng(1), 500)
        wrong = false_alarms(each, np.random.default_rng(2), 80)
        print(f"{each.name:38} told in time {told:.1%}, false alarms a station and year {wrong:.2f}")
