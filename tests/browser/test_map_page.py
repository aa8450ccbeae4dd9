"""The map page in a real browser: the drawn map first, the map that moves, and where somebody is, on the phone only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import CDPSession, Geolocation, Page, Request, Route, expect

from geodata.conditions.closures import Closure
from geodata.model.content import ClosureContent
from geodata.store.catalogue import closure as closures
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.web.browser import DESK, PHONE, Watch, assert_accessible
from tests.fixtures.web.hikers import PONDS, Hikers

NewPage = Callable[..., Page]
MAP = "/t/stadtwald/map"
BUDGET = 480_000
HERE: Geolocation = {"latitude": 52.051552, "longitude": 8.916774, "accuracy": 12}
NO_WEBGL = """
const given = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  return /webgl/.test(kind) ? null : given.call(this, kind, ...rest);
};
"""
SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => { for (const one of list.getEntries()) window.shifted += one.value; })
  .observe({ type: "layout-shift", buffered: true });
"""


@pytest.fixture
def quiet(watch: Watch) -> Watch:
    """A watch that does not mind what Chromium's drawing in software says of its own speed."""
    taken = watch.on_console

    def on_console(message: object) -> None:
        if "GPU stall due to ReadPixels" not in str(getattr(message, "text", "")):
            taken(message)  # pyright: ignore[reportArgumentType] - a message of Playwright

    watch.on_console = on_console  # pyright: ignore[reportAttributeAccessIssue] - before any page has it
    return watch


def moving(page: Page) -> Page:
    """The page, once the map that moves has been drawn."""
    expect(page.locator('[data-map="moving"]')).to_be_visible(timeout=30_000)
    return page


def close_stations(hikers: Hikers, *codes: str) -> None:
    """Close these stations now, and wait until the pages know."""
    text = {"de": ClosureContent(variant="de", reason="Ein Baum liegt über dem Weg.")}
    now = datetime.now(UTC)
    with hikers.database.transaction() as connection:
        closures.add(connection, closure_of(codes, now, text))
    wait_until(lambda: "Ein Baum liegt" in hikers.get(MAP).text, what="the closure")


def sent_of(page: Page) -> list[Request]:
    """All requests from now on."""
    requests: list[Request] = []
    page.on("request", requests.append)
    return requests
