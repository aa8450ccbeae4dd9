"""What was asked for last, kept in memory up to a number of entries and of bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class LruCache(Generic[Value]):
    """When it is full the entries go that nobody has asked for longest; used from the event loop only.

    ``size_of`` says how many bytes an entry takes.
    """

    def __init__(self, size_of: Callable[[Value], int], *, most_bytes: int, most_entries: int) -> None:
        self._size_of = size_of
        self._most_bytes, self._most_entries = most_bytes, most_entries
        self._entries: OrderedDict[Hashable, Value] = OrderedDict()
        self.size = 0
        """Bytes of all entries."""

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: Hashable) -> Value | None:
        """The entry of ``key``."""
        value = self._entries.get(key)
        if value is not None:
            self._entries.move_to_end(key)
        return value

    def put(self, key: Hashable, value: Value) -> None:
        """Keep ``value`` in place of what was there; one that is larger than all may be together is not kept."""
        before = self._entries.pop(key, None)
        if before is not None:
            self.size -= self._size_of(before)
        size = self._size_of(value)
        if size > self._most_bytes:
            return  # making room for it would throw out everything, itself in the end
        self._entries[key] = value
        self.size += size
        while self.size > self._most_bytes or len(self._entries) > self._most_entries:
            _, oldest = self._entries.popitem(last=False)
            self.size -= self._size_of(oldest)
