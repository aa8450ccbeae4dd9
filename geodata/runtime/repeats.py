"""What repeats, told in sums: the first at once, then one line for all that came since, ever more seldom.

A device that sends rubbish for days, or a database that is away for a night, must not push everything else out of a
log.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)

_MOST = 200
_FIRST_S, _LONGEST_S = 60.0, 3600.0


@dataclass(slots=True)
class _Told:
    """How it stands with one key: what came since it was last told, and when it is next."""

    due_at: float
    window_s: float
    since: float
    count: int = 0


class Repeats(Generic[Key]):
    """For any thread. ``tell`` is called with the key, how often it came and in how many seconds (None: the first).

    After the first it is told after a minute, then after twice as long each time, up to an hour; a key that did not
    come within its time begins anew. Of at most ``most`` keys: what comes under further ones is summed under None.
    Nothing is told but in note(), look() and end(), and what they tell adds up to what was noted. Times are monotonic
    seconds.
    """

    def __init__(
        self,
        tell: Callable[[Key | None, int, float | None], None],
        *,
        first_s: float = _FIRST_S,
        longest_s: float = _LONGEST_S,
        most: int = _MOST,
    ) -> None:
        self._tell = tell
        self._first_s, self._longest_s, self._most = first_s, longest_s, most
        self._keys: dict[Key | None, _Told] = {}
        self._due_at = float("inf")
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._keys)

    def note(self, key: Key, now: float, count: int = 1) -> None:
        """Something came, ``count`` times."""
        self.look(now)
        with self._lock:
            counted_key = key if key in self._keys or len(self._keys) < self._most else None
            entry = self._keys.get(counted_key)
            if entry is not None:
                entry.since = entry.since if entry.count else now
                entry.count += count
                return
            self._keys[counted_key] = _Told(now + self._first_s, self._first_s, now)
            self._due_at = min(self._due_at, now + self._first_s)
        self._tell(counted_key, count, None)

    def look(self, now: float) -> None:
        """Tell what is due; costs nothing while nothing is."""
        if now >= self._due_at:
            self._tell_all(now, due_only=True)

    def end(self, now: float) -> None:
        """Tell all that was not told, and forget everything."""
        self._tell_all(now, due_only=False)

    def _tell_all(self, now: float, *, due_only: bool) -> None:
        with self._lock:
            due = [(key, entry) for key, entry in self._keys.items() if now >= entry.due_at or not due_only]
            sums = [(key, entry.count, now - entry.since) for key, entry in due if entry.count]
            for key, entry in due:
                if not entry.count or not due_only:
                    del self._keys[key]
                    continue
                entry.window_s = min(2 * entry.window_s, self._longest_s)
                entry.due_at, entry.count = now + entry.window_s, 0
            self._due_at = min((entry.due_at for entry in self._keys.values()), default=float("inf"))
        for key, count, seconds in sums:
            self._tell(key, count, seconds)
