"""Worlds in which the truth is known: people alone and in groups, a counter that misses some and doubles a few."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from geodata.statistics.calibration.factor import ComparedCount


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedWorld:
    """``people`` in a session on average; one is counted with ``detection``, from session to session ± ``varies``.

    In groups those behind the first are counted less; of a hundred people ``doubled`` × 100 are counted once more.
    """

    people: float
    detection: float
    varies: float = 0.0
    groups: bool = False
    doubled: float = 0.0

    def sessions(self, rng: np.random.Generator, count: int) -> Iterator[ComparedCount]:
        """So many sessions of this world."""
        for _ in range(count):
            flow = self.people * rng.gamma(4, 1 / 4)
            first = rng.poisson(flow / 2 if self.groups else flow)
            sizes = 1 + rng.poisson(1.0, first) if self.groups else np.ones(first, int)
            detection = float(np.clip(rng.normal(self.detection, self.varies), 0.5, 1))
            counted = rng.binomial(first, detection)
            counted += int(rng.binomial(sizes - 1, 0.85 * detection).sum())
            yield ComparedCount(int(sizes.sum()), float(counted + rng.poisson(self.doubled * sizes.sum())))

    @cache  # noqa: B019 - of the few worlds below
    def truth(self) -> float:
        """How many people go for each pass counted, from very many sessions."""
        sessions = list(self.sessions(np.random.default_rng(7), 4_000))
        return sum(each.seen for each in sessions) / sum(each.counted for each in sessions)


WORLDS = [
    CountedWorld(people=people, detection=detection, varies=varies, groups=groups, doubled=doubled)
    for people in (20, 80)
    for detection in (0.75, 0.85, 0.95)
    for varies, groups, doubled in ((0.0, False, 0.0), (0.03, True, 0.0), (0.03, True, 0.02))
]
