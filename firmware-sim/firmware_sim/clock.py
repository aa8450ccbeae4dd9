"""Simulated time: as fast as wanted through the past, never ahead of the real time."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clock:
    """Runs ``speed`` times faster from ``start`` on; once it has caught up with the real time it keeps its pace.

    All times are Unix seconds; ``real_start`` is the real time at which the simulated one is ``start``.
    """

    start: float
    real_start: float
    speed: float = 1.0

    def now(self, real: float) -> float:
        """The simulated time at real time ``real``."""
        return min(real, self.start + (real - self.real_start) * self.speed)

    def seconds_until(self, t: float, real: float) -> float:
        """Real seconds from ``real`` until the simulated time is ``t``; 0 where it has passed."""
        reached = self.real_start + (t - self.start) / self.speed if self.speed > 0 else math.inf
        return max(0.0, max(reached, t) - real)
