"""The pages' budgets: what a first visit loads, and when it can be read on EDGE."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence

import httpx
from playwright.sync_api import Browser

from benchmarks.pages import pack
from benchmarks.pages.site import demonstration
from benchmarks.pages.visits import EDGE, FAST, Visit, chromium, visit
from benchmarks.rows import Row, Scale
from benchmarks.world import World

STATION = "/s/3DVB54?lang=de"
"""The one with most on it: picture, four voices, live values with their week, a task."""
_PAGES = {"start page": "/?lang=de", "trail page": "/t/stadtwald?lang=de", "map page": "/t/stadtwald/map?lang=de"}
_RUNS = 5
_MOST_READABLE_S, _MOST_LARGEST_S = 2.0, {1: 2.2, 3: 3.0}


def run(world: World, scale: Scale) -> Iterator[Row]:
    """Bytes and requests without a throttle, then seconds on EDGE; a page that is not there yet has no row."""
    with demonstration(world) as base, chromium() as browser:
        yield from _station(browser, base)
        yield from _others(browser, base)
        yield from pack.run(browser, base)
        runs = _RUNS if scale.whole else 1
        for dpr in (1, 3):
            visits = [visit(browser, base + STATION, EDGE, dpr=dpr) for _ in range(runs)]
            yield from _seconds(f"station page on EDGE, {dpr} pixels a point", visits, dpr)


def _station(browser: Browser, base: str) -> Iterator[Row]:
    """What its first visit transfers, bodies as they are compressed, with their headers in the whole."""
    station = visit(browser, base + STATION, FAST)
    yield _kilobytes("station page, first visit: all", station.received, 31, _parts(station))
    yield Row("pages", "station page, first visit: requests", station.requests, "", goal=6, better="less")
    critical = station.body("Document", "Stylesheet")
    yield _kilobytes("station page, first visit: HTML and CSS", critical, 14)
    yield _kilobytes("station page, first visit: JavaScript", station.body("Script"), 12, "none is needed to read")
    sharp = visit(browser, base + STATION, FAST, dpr=3)
    yield _kilobytes("station page, first visit, 3 pixels a point: all", sharp.received, None, _parts(sharp))


def _others(browser: Browser, base: str) -> Iterator[Row]:
    for name, path in _PAGES.items():
        if httpx.get(base + path, headers={"accept": "text/html"}).status_code != 200:
            continue
        loaded = visit(browser, base + path, FAST, texts="h1")
        goal = 480 if name == "map page" else None
        yield _kilobytes(f"{name}, first visit: all", loaded.received, goal, f"{loaded.requests} requests")


def _parts(loaded: Visit) -> str:
    headers = loaded.received - sum(each.body for each in loaded.loaded)
    return f"pictures {loaded.body('Image') / 1000:.1f} KB, headers {headers / 1000:.1f} KB"


def _kilobytes(what: str, count: int, goal: float | None, note: str = "") -> Row:
    return Row("pages", what, count / 1000, "KB", goal=goal, better="less", note=note)


def _seconds(what: str, visits: Sequence[Visit], dpr: int) -> Iterator[Row]:
    """Medians, with the least and the most of all visits."""
    first = visits[0]
    yield _median(f"{what}: title and first sentence", [each.readable_s for each in visits], _MOST_READABLE_S)
    largest = [each.largest_s for each in visits]
    yield _median(f"{what}: largest contentful paint, {first.largest_is}", largest, _MOST_LARGEST_S[dpr])
    yield Row("pages", f"{what}: layout shift, most", max(each.shift for each in visits), "", goal=0, better="less")


def _median(what: str, seconds: Sequence[float], goal: float) -> Row:
    spread = f"{min(seconds):.2f}–{max(seconds):.2f} of {len(seconds)}" if len(seconds) > 1 else "once"
    return Row("pages", what, statistics.median(seconds), "s", goal=goal, better="less", note=spread)
