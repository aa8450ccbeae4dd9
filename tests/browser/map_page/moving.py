"""The map page as its tests open it: the map that moves, once it is drawn, in a browser that draws in software."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import ConsoleMessage, Geolocation, Page, expect

from tests.fixtures.web.browser import Watch

MAP = "/t/stadtwald/map"
HERE: Geolocation = {"latitude": 52.051552, "longitude": 8.916774, "accuracy": 12}
MARKUP = "<img src=x onerror=alert(1)> & 'Krug'"
"""What somebody called a place."""


STANDS_STILL = """() => new Promise((done) => {
  const places = () => [...document.querySelectorAll(".plates .plate, .pin")].map((one) => one.style.transform).join();
  let [before, same] = [null, 0];
  const look = () => {
    const now = places();
    same = now === before ? same + 1 : 0;
    before = now;
    if (same > 12) done(true); else requestAnimationFrame(look);
  };
  look();
})"""


BOXES = """(selector) => [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility())
  .map((one) => ({ ...one.getBoundingClientRect().toJSON(), label: one.ariaLabel }))"""


class DrawingWatch(Watch):
    """A watch that does not mind what Chromium's drawing in software says of its own speed."""

    def on_console(self, message: ConsoleMessage) -> None:
        if "GPU stall due to ReadPixels" not in message.text:
            super().on_console(message)


def moving(page: Page) -> Page:
    """The page, once the map that moves has been drawn."""
    expect(page.locator('[data-map="moving"]')).to_be_visible(timeout=30_000)
    return page


def opened(page: Page, url: str) -> Page:
    """The map page, once the map that moves has been drawn."""
    page.goto(url)
    return moving(page)


def settled(page: Page) -> None:
    """Wait until the map has stopped after what was just asked of it: its plates stand still for some frames."""
    assert page.evaluate(STANDS_STILL)


def boxes(page: Page, selector: str) -> list[dict[str, Any]]:
    """Of what is shown: where it is, and what it is called."""
    return page.evaluate(BOXES, selector)


def overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return (
        one["left"] < other["right"]
        and other["left"] < one["right"]
        and one["top"] < other["bottom"]
        and other["top"] < one["bottom"]
    )
