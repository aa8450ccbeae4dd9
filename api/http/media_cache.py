"""Bytes of pictures that many phones ask for, kept in memory up to a limit."""

from __future__ import annotations

from collections import OrderedDict


class MediaCache:
    """The renditions asked for last, at most ``limit`` bytes of them; used from the event loop only."""

    def __init__(self, limit: int = 32_000_000, largest: int = 1_000_000) -> None:
        """Renditions above ``largest`` bytes are not kept."""
        self._limit, self.largest = limit, largest
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self.size = 0

    def get(self, key: str) -> bytes | None:
        """The bytes kept under ``key``."""
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def put(self, key: str, data: bytes) -> None:
        """Keep ``data``, and forget what nobody has asked for longest."""
        if key in self._kept:
            return
        self._kept[key] = data
        self.size += len(data)
        while self.size > self._limit:
            _, forgotten = self._kept.popitem(last=False)
            self.size -= len(forgotten)
