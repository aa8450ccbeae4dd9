"""Bytes of pictures that many phones ask for, kept in memory up to a limit."""

from __future__ import annotations

from api.http.caches.lru_cache import LruCache

_MOST_BYTES = 32_000_000
_MOST_RENDITIONS = 10_000  # of small ones: what is known of each counts too


class MediaCache(LruCache[bytes]):
    """The renditions asked for last; those above ``largest`` bytes are not kept."""

    def __init__(self, *, most_bytes: int = _MOST_BYTES, largest: int = 1_000_000) -> None:
        super().__init__(len, most_bytes=most_bytes, most_entries=_MOST_RENDITIONS)
        self.largest = largest
