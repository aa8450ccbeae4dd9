"""A trail that is taken along: how much it is, how long it takes, and how soon a station opens from it."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Iterator

import httpx
from playwright.sync_api import Browser, Page

from benchmarks.rows import Row
from tests.fixtures.web.browser import PHONE

_PAGE = "/t/stadtwald/offline?lang=de"
_LONGEST_MS = 120_000
_READABLE = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"


def run(browser: Browser, base: str) -> Iterator[Row]:
    """Rows of the pack without recordings, unthrottled; none where a trail cannot be taken along yet."""
    if httpx.get(f"{base}/t/stadtwald/offline.json").status_code != 200:
        return
    context = browser.new_context(
        viewport={"width": PHONE[0], "height": PHONE[1]}, locale="de-DE", service_workers="allow", has_touch=True
    )
    context.set_default_timeout(_LONGEST_MS)
    try:
        page = context.new_page()
        page.goto(base + _PAGE)
        page.locator("[data-phase=absent]").wait_for()
        size = int(page.locator("main").get_attribute("data-bytes") or 0)
        began = time.perf_counter()
        page.locator("[data-press=take]").click()
        page.locator("[data-phase=kept]").wait_for()
        took = time.perf_counter() - began
        yield Row("pages", "pack of the trail, as it is offered: size", size / 1e6, "MB", goal=1.5, better="less")
        yield Row("pages", "pack of the trail: from the press to whole and checked", took, "s", goal=3, better="less")
        context.set_offline(True)
        times = [_opened(page, f"{base}/s/{code}?lang=de") for code in _codes(base)]
        note = f"{min(times):.0f}–{max(times):.0f} of {len(times)} stations"
        opened = statistics.median(times)
        yield Row("pages", "station page from the pack, offline", opened, "ms", goal=300, better="less", note=note)
    finally:
        context.close()


def _codes(base: str) -> list[str]:
    return sorted(set(re.findall(r'"/s/([0-9A-Z]{6})"', httpx.get(f"{base}/api/v1/stations?trail=stadtwald").text)))


def _opened(page: Page, url: str) -> float:
    """Milliseconds until the first words of a station's page are painted."""
    page.goto(url)
    page.locator(".number b").wait_for()
    while not (painted := float(page.evaluate(_READABLE))):
        page.wait_for_timeout(20)
    return painted
