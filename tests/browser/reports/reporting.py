"""Filling in the form on which problems are told, as a hiker does."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.fixtures.web.browser import Watch
from tests.fixtures.web.hikers import Hikers
from tests.fixtures.web.reports import FORM

WAITS = "Noch nicht gesendet – geht raus, sobald Netz da ist."
STORED = "async () => (await indexedDB.databases()).length"


def opened(page: Page, hikers: Hikers, path: str = FORM) -> None:
    """The form, once its script has begun."""
    page.goto(hikers.url + path)
    page.wait_for_selector("html[data-ready]")


def fill(page: Page, text: str = "Eine Fichte liegt quer.") -> None:
    page.get_by_label("Ein Baum liegt quer").check()
    page.get_by_label("Was ist los, und wo genau?").fill(text)


def press(page: Page) -> None:
    page.get_by_role("button", name="Absenden").click()


def offline(page: Page, watch: Watch) -> None:
    """Cut the network, and wait until nothing gets through any more: Chromium says so before it is."""
    page.context.set_offline(True)
    page.evaluate("async () => { while (await fetch('/favicon.svg?cut', { cache: 'no-store' }).catch(() => null)); }")
    watch.faults.clear()


def forgive_the_cut(watch: Watch) -> None:
    """The network was cut, or the server refused: Chromium writes both to the console."""
    for part in ("ERR_INTERNET_DISCONNECTED", "status of 422", "status of 429", "status of 413", "ERR_FAILED"):
        watch.forgive(part, is_sure=False)
