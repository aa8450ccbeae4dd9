"""How many messages go into one transaction: fewer after one that took too long, more again after some that did not."""

from __future__ import annotations

_GROW_AFTER = 3  # full transactions in time: growing after each would run into the timeout at every second one


class FlushSize:
    """At most ``most`` messages, halved by each timeout down to one."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._in_time = 0
        self.now = most
        """Messages that the next transaction may have."""

    @property
    def reduced(self) -> bool:
        """Whether the database was too slow for as many as are allowed."""
        return self.now < self._most

    def timed_out(self, messages: int) -> None:
        """A transaction of so many messages took too long."""
        self.now = max(1, messages // 2)
        self._in_time = 0

    def committed(self, messages: int) -> None:
        """A transaction of so many messages was committed; a smaller one than allowed says nothing about more."""
        if messages < self.now or not self.reduced:
            return
        self._in_time += 1
        if self._in_time >= _GROW_AFTER:
            self.now = min(self._most, 2 * self.now)
            self._in_time = 0
