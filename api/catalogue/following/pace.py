"""A bound on the share of the time that a repeated work may take."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

_SHARE = 0.05


class Pace:
    """After the work took a second it rests for twenty: however often it is asked for, it costs a twentieth."""

    def __init__(self, monotonic_s: Callable[[], float] = time.monotonic) -> None:
        self._monotonic_s = monotonic_s
        self._due_at = float("-inf")

    @property
    def is_due(self) -> bool:
        """Whether the work may be done now."""
        return self._monotonic_s() >= self._due_at

    @contextmanager
    def working(self) -> Generator[None]:
        """Around the work, also when it fails."""
        began = self._monotonic_s()
        try:
            yield
        finally:
            ended = self._monotonic_s()
            self._due_at = ended + (ended - began) / _SHARE
