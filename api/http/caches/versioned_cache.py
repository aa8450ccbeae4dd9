"""Answers that are made once for each state of what they show."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar, cast

Value = TypeVar("Value")


class VersionedCache:
    """Keeps the newest value of each subject; used from the event loop only, bounded by the number of subjects."""

    def __init__(self) -> None:
        self._entries: dict[Hashable, tuple[Hashable, object]] = {}

    def get(self, subject: Hashable, state: Hashable, make: Callable[[], Value]) -> Value:
        """The value of ``subject`` for ``state``; ``make`` is called when the last one was of another state."""
        return self.refresh(subject, state, lambda _: make())

    def refresh(self, subject: Hashable, state: Hashable, make: Callable[[Value | None], Value]) -> Value:
        """The value of ``subject`` for ``state``, where a new one can be made of the last.

        ``make`` is called with the value of another state, None where there is none.
        """
        entry = self._entries.get(subject)
        if entry is not None and entry[0] == state:
            return cast("Value", entry[1])
        value = make(cast("Value", entry[1]) if entry else None)
        self._entries[subject] = (state, value)
        return value
