"""What is made once per state of that which it shows."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar, cast

Made = TypeVar("Made")


class ReadyCache:
    """Keeps the newest of each subject; used from the event loop only, bounded by the number of subjects."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, tuple[Hashable, object]] = {}

    def get(self, subject: Hashable, state: Hashable, make: Callable[[], Made]) -> Made:
        """What was made for ``subject``; made anew when ``state`` is another than then."""
        return self.next(subject, state, lambda _: make())

    def next(self, subject: Hashable, state: Hashable, make: Callable[[Made | None], Made]) -> Made:
        """The same; ``make`` gets what it replaces, or None."""
        kept = self._kept.get(subject)
        if kept is not None and kept[0] == state:
            return cast("Made", kept[1])
        made = make(cast("Made", kept[1]) if kept else None)
        self._kept[subject] = (state, made)
        return made
