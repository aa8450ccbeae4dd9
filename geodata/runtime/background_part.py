"""A part of a service that works in a separate thread, from start() to stop()."""

from __future__ import annotations

import time
from collections.abc import Sequence

from geodata.runtime.worker import Worker


class BackgroundPart:
    """What such parts share; ``worker`` tells whether the thread lives and whether its work fails over and over.

    A subclass gives a Worker, whose work returns soon after ``stopping`` is set, and the seconds in which it surely
    does: one that hangs for longer is left to end with the process.
    """

    def __init__(self, worker: Worker, *, ends_within_s: float) -> None:
        self.worker = worker
        self.stopping = worker.stopping
        self.ends_within_s = ends_within_s

    def start(self) -> None:
        """Begin to work, at once."""
        self.worker.start()

    def stop(self) -> None:
        """Have the work end, and wait for that."""
        self.stopping.set()
        self.worker.join(self.ends_within_s)


def stop_together(parts: Sequence[BackgroundPart]) -> None:
    """Have all of ``parts`` end, and wait for them side by side, for as long as the slowest of them surely takes."""
    for part in parts:
        part.stopping.set()
    until = time.monotonic() + max((part.ends_within_s for part in parts), default=0.0)
    for part in parts:
        part.worker.join(max(0.0, until - time.monotonic()))
