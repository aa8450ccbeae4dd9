"""Every public page for everyone: no violation of WCAG, nothing cut off, everything large enough, in every look.

One visit of a page serves all looks: window, theme, forced colours and size of text are changed while it is open.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.everyone.pages import LOOKS, MEASURED, PAGES, Look
from tests.fixtures.web.browser import Watch, assert_accessible
from tests.fixtures.web.everything import Everything

NewPage = Callable[..., Page]
PUBLIC = {page.path: page for page in PAGES}
PATHS = list(PUBLIC)

CUT = """() => {
  const scrolls = (one) => one && (/auto|scroll/.test(getComputedStyle(one).overflowX) || scrolls(one.parentElement));
  return [...document.querySelectorAll("main *, .bar *, .top *, .phone *")]
    .filter((one) => one.checkVisibility() && !one.closest(".unseen, .canvas, .skip, thead"))
    .filter((one) => !scrolls(one.parentElement))
    .map((one) => [one, one.getBoundingClientRect()])
    .filter(([, box]) => box.right > innerWidth + 1 || box.left < -1)
    .map(([one, box]) => `${one.outerHTML.slice(0, 90)} ${box.left} to ${box.right}`);
}"""
SPILT = """() => [...document.querySelectorAll("main *, .top *, .phone *")]
  .filter((one) => one.checkVisibility() && !one.closest("svg, .unseen, .skip, .canvas, thead, select"))
  .filter((one) => one.scrollWidth > one.clientWidth + 2 && one.clientWidth)
  .filter((one) => { const css = getComputedStyle(one); return css.overflowX === "visible" && css.display !== "inline"
    && (parseFloat(css.borderLeftWidth) || css.backgroundColor !== "rgba(0, 0, 0, 0)"); })
  .map((one) => `${one.outerHTML.slice(0, 90)} ${one.scrollWidth} in ${one.clientWidth}`)
"""
# but links within sentences; the signs of places on the map have their buttons in the list beside it
SMALL = """() => [...document.querySelectorAll("a, button, summary, input, select, textarea")]
  .filter((one) => one.checkVisibility() && one.type !== "hidden" && !one.closest("p, .skip, dd, .text, [inert], .pin"))
  .map((one) => [one, (one.querySelector(".hit") ?? one.closest("label") ?? one).getBoundingClientRect()])
  .filter(([, box]) => box.height && (box.height < 43.5 || box.width < 43.5))
  .map(([one, box]) => `${one.outerHTML.slice(0, 90)} ${box.width}×${box.height}`)
"""


@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing_and_nothing_is_cut_or_small_in_any_look(
    everything: Everything, new_page: NewPage, quiet: Watch, path: str
) -> None:
    page, public = new_page(LOOKS[0].size), PUBLIC[path]
    public.open(page, everything)
    quiet.forgive(public.told, is_sure=False)
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
    for look in LOOKS:
        _measure(page, look)
        assert_accessible(page)
    for look in MEASURED:
        _measure(page, look)


def _measure(page: Page, look: Look) -> None:
    look.put_on(page)
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")  # there the bar hides nothing
    faults: dict[str, Any] = {"cut": page.evaluate(CUT), "spilt": page.evaluate(SPILT), "small": page.evaluate(SMALL)}
    assert not any(faults.values()), (look, faults)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, look
