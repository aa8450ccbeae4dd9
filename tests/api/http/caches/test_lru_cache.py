"""What is asked for often stays in memory, whatever else is put there."""

from __future__ import annotations

from api.http.caches.lru_cache import LruCache


def small_cache() -> LruCache[bytes]:
    cache = LruCache[bytes](len, most_bytes=10, most_entries=3)
    cache.put("a", b"1234")
    cache.put("b", b"1234")
    return cache


def test_an_entry_larger_than_the_whole_bound_is_not_kept_and_displaces_no_other() -> None:
    cache = small_cache()
    cache.put("large", b"12345678901")
    assert cache.get("large") is None
    assert (cache.get("a"), cache.get("b"), cache.size) == (b"1234", b"1234", 8)


def test_an_entry_that_has_become_larger_than_the_bound_leaves_no_older_one_behind() -> None:
    cache = small_cache()
    cache.put("a", b"12345678901")
    assert cache.get("a") is None
    assert (len(cache), cache.size) == (1, 4)


def test_an_entry_as_large_as_the_bound_displaces_all_others() -> None:
    cache = small_cache()
    cache.put("large", b"1234567890")
    assert (cache.get("large"), len(cache), cache.size) == (b"1234567890", 1, 10)


def test_of_too_many_entries_those_go_that_nobody_has_asked_for_longest() -> None:
    cache = small_cache()
    cache.put("c", b"")
    cache.get("a")
    cache.put("d", b"")
    assert (cache.get("a"), cache.get("b"), len(cache)) == (b"1234", None, 3)
