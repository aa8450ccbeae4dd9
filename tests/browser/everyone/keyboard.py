"""A hiker without a mouse: goes on by Tab, and sees at each step where the focus is."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, expect

MOST = 90
"""Presses of Tab at most: more would be a trap, or a page that nobody gets through."""
FOCUS = """() => {
  const one = document.activeElement;
  if (one === document.body || one === document.documentElement) return null;
  const box = one.getBoundingClientRect(), hit = one.querySelector(":scope > .hit"), css = getComputedStyle(hit ?? one);
  const isRing = css.outlineStyle !== "none" && parseFloat(css.outlineWidth) >= 2;
  const isSeen = [0.1, 0.5, 0.9].some((across) => [0.1, 0.5, 0.9].some((down) => {
    const top = document.elementFromPoint(box.left + box.width * across, box.top + box.height * down);
    return top && (one.contains(top) || top.contains(one) && !top.closest(".bar"));
  }));
  return {
    html: one.outerHTML.slice(0, 100), isSeen, top: box.top + scrollY, isFixed: Boolean(one.closest(".bar, .skip")),
    isMarked: isRing || (hit && css.stroke !== "none") || /^(AUDIO|VIDEO)$/.test(one.tagName),  // the browser's own
    isOnMap: Boolean(one.closest(".map")),  // there the order is that of walking
  };
}"""


class Keyboard:
    """Keys pressed on a page; each step is looked at."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._before: dict[str, Any] | None = None

    def opened(self) -> None:
        """Another page: there the focus begins anew."""
        self._before = None

    def tab_to(self, target: Locator) -> None:
        """Press Tab until ``target`` has the focus."""
        for _ in range(MOST):
            self.page.keyboard.press("Tab")
            self.look(follows=True)
            if target.evaluate("one => one === document.activeElement"):
                return
        raise AssertionError(f"{target} is not reached in {MOST} presses of Tab")

    def press(self, key: str = "Enter") -> None:
        """Press a key where the focus is; it stays on the page, and shows."""
        self.page.keyboard.press(key)
        self.look()

    def follow(self, url: str) -> None:
        """Press Enter on a link and wait for the page that it leads to."""
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(url, wait_until="load")
        self.opened()

    def look(self, *, follows: bool = False) -> None:
        """The focus is somewhere, can be seen and is marked; ``follows``: it goes down the page."""
        focus: Any = self.page.evaluate(FOCUS)
        assert focus is not None, f"the focus is lost after {self._before}"
        assert focus["isMarked"], f"nothing shows the focus: {focus}"
        assert focus["isSeen"], f"the focus is hidden: {focus}"
        before = self._before
        is_free = focus["isFixed"] or (before and (before["isFixed"] or (before["isOnMap"] and focus["isOnMap"])))
        if follows and before and not is_free:
            assert focus["top"] >= before["top"] - 60, f"{focus} comes after {before}, and stands above it"
        self._before = focus

    def chosen(self, radio: Locator) -> None:
        """Go on by the arrow keys until ``radio`` is chosen."""
        for _ in range(20):
            if radio.is_checked():
                break
            self.press("ArrowDown")
        expect(radio).to_be_checked()
