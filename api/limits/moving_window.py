"""So many of each key within a while, by the monotonic clock, which nobody can set."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

MonotonicClock = Callable[[], float]


class MovingWindow:
    """At most ``most`` of each key within ``seconds``; keys that nobody uses any more are forgotten."""

    def __init__(self, most: int, seconds: float, monotonic_s: MonotonicClock = time.monotonic) -> None:
        self._most = most
        self._seconds = seconds
        self._monotonic_s = monotonic_s
        self._taken: dict[tuple[str, ...], deque[float]] = {}
        self._order: deque[tuple[float, tuple[str, ...]]] = deque()

    def take(self, key: tuple[str, ...]) -> None:
        """Take one of ``key``; nothing is taken when there is none left."""
        now = self._monotonic_s()
        self._forget(now - self._seconds)
        moments = self._taken.setdefault(key, deque())
        if len(moments) < self._most:
            moments.append(now)
            self._order.append((now, key))

    def wait_s(self, key: tuple[str, ...]) -> float:
        """Seconds until one of ``key`` is free."""
        now = self._monotonic_s()
        self._forget(now - self._seconds)
        moments = self._taken.get(key)
        if moments is None or len(moments) < self._most:
            return 0.0
        return moments[0] + self._seconds - now

    def clear(self, key: tuple[str, ...]) -> None:
        """Give back all of ``key``."""
        self._taken.pop(key, None)

    def _forget(self, before: float) -> None:
        while self._order and self._order[0][0] <= before:
            _, key = self._order.popleft()
            moments = self._taken.get(key)
            if moments and moments[0] <= before:  # not what came after a clear()
                moments.popleft()
                if not moments:
                    del self._taken[key]
