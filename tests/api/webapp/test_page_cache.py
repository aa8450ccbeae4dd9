"""Rendered pages are kept within bounds, and those that many ask for stay."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable

import pytest

from api.http.caches.etag import Answer, answer
from api.webapp.rendering import PageCache


class Rendered:
    """Counts how often each page was rendered; ``size`` is that of a page in bytes."""

    def __init__(self, size: int = 10) -> None:
        self.times = Counter[str]()
        self._size = size

    def page(self, name: str) -> Callable[[], Answer]:
        def render() -> Answer:
            self.times[name] += 1
            return answer(name.encode().ljust(self._size), "text/html")

        return render


@pytest.mark.parametrize("bounds", [{"most_pages": 5}, {"most_bytes": 50}])
def test_rare_pages_throw_out_none_that_many_ask_for(bounds: dict[str, int]) -> None:
    cache, rendered = PageCache(**bounds), Rendered()

    async def visit() -> None:
        for number in range(40):
            for name in ("station", "trail", f"rare {number}"):
                page = cache.peek(name) or await cache.get(name, rendered.page(name))
                assert page.body.startswith(name.encode())

    asyncio.run(visit())
    assert rendered.times["station"] == rendered.times["trail"] == 1
    assert cache.peek("rare 39") is not None
    assert cache.peek("rare 0") is None


def test_a_page_larger_than_all_that_is_kept_is_shown_all_the_same() -> None:
    cache, rendered = PageCache(most_bytes=5), Rendered(size=6)
    assert asyncio.run(cache.get("large", rendered.page("large"))).body == b"large "
    assert cache.peek("large") is None


def test_who_asks_at_the_same_moment_shares_a_rendering_and_its_fault_is_not_kept() -> None:
    cache, rendered = PageCache(), Rendered()

    def failing() -> Answer:
        rendered.times["failing"] += 1
        raise LookupError("failing")

    async def visit() -> None:
        await asyncio.gather(*(cache.get("page", rendered.page("page")) for _ in range(9)))
        for _ in range(2):
            faults = await asyncio.gather(*(cache.get("failing", failing) for _ in range(9)), return_exceptions=True)
            assert {type(fault) for fault in faults} == {LookupError}

    asyncio.run(visit())
    assert rendered.times == {"page": 1, "failing": 2}
