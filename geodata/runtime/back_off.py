"""Back-off: pauses between tries of what fails, each twice as long as the one before."""

from __future__ import annotations

import random


class BackOff:
    """The first pause takes ``first_s`` seconds, none more than ``longest_s``.

    Each is shortened by chance, to no less than half: of many that lost the same server not all come back at once.
    ``spread=False``: exactly so long, where nobody else waits for the same.
    """

    def __init__(self, first_s: float, longest_s: float, *, spread: bool = True) -> None:
        self._first_s, self._longest_s = first_s, longest_s
        self._shortest = 0.5 if spread else 1.0
        self._pause_s = 0.0
        self._skip = False

    def next_s(self) -> float:
        """Seconds until the next try, after one that failed."""
        if self._skip:
            self._skip = False
            return 0.0
        self._pause_s = min(self._longest_s, max(self._first_s, 2 * self._pause_s))
        return self._pause_s * random.uniform(self._shortest, 1)  # noqa: S311 - spreads retries, protects nothing

    def reset(self) -> None:
        """A try succeeded: the next pause is the first again."""
        self._pause_s, self._skip = 0.0, False

    def skip_next(self) -> None:
        """The next try need not wait, and the pause after it is the first: the last one did not fail."""
        self._pause_s, self._skip = 0.0, True
