"""How often somebody may try to sign in; counted in memory only, kept and logged nowhere.

By the monotonic clock of the process, which nobody can set: the wall clock set back does not keep a lock, set forward
it does not release one. Each web process counts for itself, and its restart forgets what it counted.
"""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable

_QUARTER_S = 15 * 60.0
_HOUR_S = 60 * 60.0

MonotonicClock = Callable[[], float]


class LoginThrottle:
    """Bounds attempts per account and client address, per address, and per account from anywhere."""

    def __init__(self, monotonic_s: MonotonicClock = time.monotonic) -> None:
        self._lock = threading.Lock()  # forms are answered in several threads
        self._address = _MovingWindow(30, _QUARTER_S, monotonic_s)
        self._account_from_address = _MovingWindow(10, _QUARTER_S, monotonic_s)
        self._account = _MovingWindow(100, _HOUR_S, monotonic_s)  # high: a stranger must not lock somebody out

    def allow(self, name: str, address: str) -> bool:
        """Count one attempt; False when it is one too many."""
        with self._lock:
            return (
                self._address.take((address,))
                and self._account_from_address.take((name, address))
                and self._account.take((name,))
            )

    def wait_s(self, name: str, address: str) -> int:
        """Whole seconds until the next attempt is let through; nothing is counted."""
        with self._lock:
            waits = (
                self._address.wait_s((address,)),
                self._account_from_address.wait_s((name, address)),
                self._account.wait_s((name,)),
            )
        return math.ceil(max(waits))

    def forgive(self, name: str, address: str) -> None:
        """The attempt was right: earlier slips of this account from this address no longer count."""
        with self._lock:
            self._account_from_address.clear((name, address))


class _MovingWindow:
    """At most ``most`` of each key within ``seconds``; keys that nobody uses any more are forgotten."""

    def __init__(self, most: int, seconds: float, monotonic_s: MonotonicClock) -> None:
        self._most = most
        self._seconds = seconds
        self._monotonic_s = monotonic_s
        self._taken: dict[tuple[str, ...], deque[float]] = {}
        self._order: deque[tuple[float, tuple[str, ...]]] = deque()

    def take(self, key: tuple[str, ...]) -> bool:
        """Take one of ``key``; False, and nothing is taken, when there is none left."""
        now = self._monotonic_s()
        self._forget(now - self._seconds)
        taken = self._taken.setdefault(key, deque())
        if len(taken) >= self._most:
            return False
        taken.append(now)
        self._order.append((now, key))
        return True

    def wait_s(self, key: tuple[str, ...]) -> float:
        """Seconds until one of ``key`` is free again."""
        taken = self._taken.get(key)
        if taken is None or len(taken) < self._most:
            return 0.0
        return max(0.0, taken[0] + self._seconds - self._monotonic_s())

    def clear(self, key: tuple[str, ...]) -> None:
        """Give back all of ``key``."""
        self._taken.pop(key, None)

    def _forget(self, before: float) -> None:
        while self._order and self._order[0][0] <= before:
            _, key = self._order.popleft()
            taken = self._taken.get(key)
            if taken and taken[0] <= before:  # not what came after a clear()
                taken.popleft()
                if not taken:
                    del self._taken[key]
