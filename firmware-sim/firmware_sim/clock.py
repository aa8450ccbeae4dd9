"""Simulated time: as fast as wanted through the past, never ahead of the real time; and what the real time is."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from firmware_sim.logs import get_logger

_STEP_S = 60.0
_RUNNING = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)

_log = get_logger()


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


def _running_s() -> float:
    """Since the machine's start, also while it was suspended; nobody can set it."""
    return time.clock_gettime(_RUNNING)


class RealTime:
    """The machine's time of day, as a device keeps it that has once been set by it. For one thread.

    A device has its own clock: the machine's, set ahead by more than a minute, does not take it along. Set back it
    does, since it may have been ahead when the device was set; and so does a time that the device had before. ``turns``
    counts how often that happened.
    """

    def __init__(self, wall_s: Callable[[], float] = time.time, running_s: Callable[[], float] = _running_s) -> None:
        self._wall_s, self._running_s = wall_s, running_s
        self._offset = wall_s() - running_s()
        self._earlier: deque[float] = deque(maxlen=8)
        self._alone = False
        self.turns = 0

    def now(self) -> float:
        """Unix seconds."""
        running = self._running_s()
        offset = self._wall_s() - running
        step = offset - self._offset
        if abs(step) <= _STEP_S:
            self._offset, self._alone = offset, False
        elif step < 0 or any(abs(offset - earlier) <= _STEP_S for earlier in self._earlier):
            _log.warning("clock-followed", by_s=round(step))
            self._earlier.append(self._offset)
            self._offset, self._alone = offset, False
            self.turns += 1
        elif not self._alone:
            self._alone = True
            _log.warning("clock-not-followed", by_s=round(step), hint="the devices keep the time they had")
        return running + self._offset
