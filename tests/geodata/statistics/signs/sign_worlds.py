"""Stations in worlds where it is known whether the sign is there."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from geodata.statistics.signs.watch import SignDay

YEAR = 365
LEFT = 0.05
"""Share of the scans that is left where a sign is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignWorld:
    """A station with ``passes`` a day on average, of which ``ratio`` scan; days differ as they do outdoors.

    ``spread``: scans vary by mean + spread × mean²; ``weekly``: on free days more pass than on others, and ``weekend``
    times as many of them scan; ``holidays``: so many working days of a year are free; ``rain``: on a third of the days
    fewer pass, and fewer of them scan; ``season``: in summer so much more than on average pass, in winter so much less;
    ``drift``: the ratio's change in a year; ``gaps``: share of days without a counter; ``festivals``: days of a year on
    which six times as many pass and a third of them scan; ``classes``: share of days on which 25 pupils come, most of
    whom scan; ``left``: share of the scans that is left once the sign is gone.
    """

    name: str
    passes: float = 60.0
    ratio: float = 0.08
    spread: float = 0.0
    weekly: bool = False
    weekend: float = 1.0
    holidays: int = 0
    rain: bool = False
    season: float = 0.0
    drift: float = 0.0
    gaps: float = 0.0
    festivals: int = 0
    classes: float = 0.0
    left: float = LEFT

    def days(self, rng: np.random.Generator, number: int, *, dead_from: int | None = None) -> Iterator[WorldDay]:
        """So many days; from ``dead_from`` on the sign is gone."""
        offset = int(rng.integers(0, YEAR))
        for day in range(number):
            yield self._day(rng, day, offset, 1.0 if dead_from is None or day < dead_from else self.left)

    def _day(self, rng: np.random.Generator, day: int, offset: int, left: float) -> WorldDay:
        is_free = day % 7 >= 5 or rng.random() < self.holidays / 261
        is_wet, is_festival = self.rain and rng.random() < 0.35, rng.random() < self.festivals / YEAR
        mean = self.passes * (1 + self.season * math.sin(math.tau * (day + offset) / YEAR))
        mean *= (1.6 if is_free else 0.76) if self.weekly else 1.0
        mean *= (0.4 if is_wet else 1.32 if self.rain else 1.0) * (6 if is_festival else 1)
        pupils = 25 if not is_free and rng.random() < self.classes else 0
        passes = int(rng.poisson(mean * rng.gamma(20, 1 / 20))) + pupils
        ratio = self.ratio * (self.weekend if is_free else 1.0) * (0.7 if is_wet else 1.0)
        ratio *= (1 + self.drift) ** (day / YEAR) * (1 / 3 if is_festival else 1)
        extra = rng.gamma(1 / self.spread, self.spread) if self.spread else 1.0
        scans = int(rng.poisson(passes * ratio * left * extra)) + int(rng.binomial(pupils, 0.8 * left))
        weather = ("-wet" if is_wet else "-dry") if self.rain else ""
        known = None if rng.random() < self.gaps else passes
        return WorldDay(SignDay(known, scans, ("free" if is_free else "work") + weather), passes * ratio)


@dataclass(frozen=True, slots=True)
class WorldDay:
    """A day as the watch sees it, and the scans that a sign in order has on it."""

    seen: SignDay
    mean: float


PLAIN = SignWorld(name="as many every day")
STRONG = SignWorld(name="strongly overdispersed", spread=0.2)
OVER = SignWorld(name="overdispersed", spread=0.1)
WORLDS = [
    PLAIN,
    OVER,
    STRONG,
    replace(OVER, name="very strongly overdispersed", spread=0.5),
    replace(OVER, name="gaps of the counter", gaps=0.3),
    replace(OVER, name="season", season=0.6),
    replace(OVER, name="the ratio falls by a third in a year", drift=-1 / 3),
    replace(OVER, name="the ratio doubles in a year", drift=1.0),
    replace(OVER, name="festivals", festivals=4),
    replace(OVER, name="school classes", classes=0.1),
    replace(OVER, name="weekends and holidays", weekly=True, weekend=1.5, holidays=11),
    replace(OVER, name="rain", weekly=True, weekend=1.3, rain=True),
    replace(OVER, name="a tenth of the scans is left", left=0.1),
    replace(OVER, name="half of the scans are left", left=0.5),
    replace(OVER, name="10 passes a day", passes=10.0),
]
