"""Taking a trail along on a phone, and being without a network then, as a hiker is."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Page, expect

from tests.fixtures.web.browser import Watch
from tests.fixtures.web.hikers import Hikers

STORED = """async () => ({
  cookie: document.cookie, local: localStorage.length, session: sessionStorage.length,
  databases: (await indexedDB.databases()).length, caches: await caches.keys(),
  workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""
NOTHING: dict[str, Any] = {"cookie": "", "local": 0, "session": 0, "databases": 0, "caches": [], "workers": 0}
LONG = 30_000
"""Milliseconds for what is loaded or made for the first time, on a machine that has other things to do."""


def take_along(page: Page, hikers: Hikers, *more: str, lang: str = "") -> None:
    """Press the button, after choosing ``more``, and wait until the trail is there."""
    page.goto(f"{hikers.url}/t/stadtwald/offline{lang}")
    expect(page.locator("[data-phase=absent]")).to_be_visible(timeout=LONG)
    for value in more:
        page.locator(f"input[value={value}]").check()
    page.locator("[data-press=take]").click()
    expect(page.locator("[data-phase=kept]")).to_be_visible(timeout=LONG)


@contextmanager
def without_network(page: Page, watch: Watch) -> Generator[None]:
    """The pages and their worker reach nobody; what Chromium says of that is no fault."""
    page.context.set_offline(True)
    yield
    page.context.set_offline(False)
    watch.faults[:] = [fault for fault in watch.faults if "ERR_INTERNET_DISCONNECTED" not in fault]
