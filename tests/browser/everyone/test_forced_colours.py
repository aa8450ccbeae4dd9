"""Where the system gives the colours, nothing hangs on a colour of ours: states, drawings, codes and the focus."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Literal

import pytest
from PIL import Image
from playwright.sync_api import FloatRect, Locator, Page, expect

from tests.browser.everyone.pages import MAP, PAGES, Look, PublicPage
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.web.browser import PHONE, Watch
from tests.fixtures.web.everything import CLOSED_AHEAD, Everything
from tests.fixtures.web.hikers import BOARDWALK, OAKS, PONDS

NewPage = Callable[..., Page]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two things of a page that differ: in a state, or in what they are.

    ``edge``: how many pixels inside their boxes, or outside where it is negative, their edges are looked at.
    """

    path: str
    one: str
    other: str
    edge: int = 0


PAIRS = (
    Pair(f"/s/{OAKS}", ".languages a[aria-current]", ".languages a:not([aria-current])"),
    Pair(f"/s/{OAKS}", '.button[aria-pressed="true"]', '.button[aria-pressed="false"]'),
    Pair(f"/s/{OAKS}", ".bar .go", ".bar a:not(.go)"),
    Pair(f"/s/{OAKS}", ".number", ".title h1"),
    Pair(f"/s/{OAKS}", ".task", ".lead"),
    Pair(f"/s/{BOARDWALK}", ".notice", ".lead"),
    Pair(f"/s/{CLOSED_AHEAD}?lang=en", ".closure", ".lead"),
    Pair(f"/s/{CLOSED_AHEAD}?lang=en", ".bar .shut", ".bar a:not(.go)"),
    Pair(f"{MAP}?at={PONDS}", '[data-tool="locate"]', '[data-tool="nearer"]'),
    Pair(f"{MAP}?at={PONDS}", ".plates .here", ".plates .plate:not(.here)", -4),
    Pair(f"{MAP}?at={PONDS}", ".stations li.here", ".stations li:not(.here)"),
    Pair(f"{MAP}?at={PONDS}", ".stations .here .plate", ".stations li:not(.here) .plate"),
)
DRAWN = """() => {
  const probe = document.body.appendChild(document.createElement("i"));
  const names = ["Canvas", "CanvasText", "LinkText", "Highlight", "HighlightText", "ButtonText", "GrayText"];
  const given = new Set(names.map((name) => { probe.style.color = name; return getComputedStyle(probe).color; }));
  probe.remove();
  const isOurs = (value) => /^rgb/.test(value) && value !== "rgba(0, 0, 0, 0)" && !given.has(value);
  return [...document.querySelectorAll("main svg :is(path, rect, circle, text)")]
    .filter((one) => one.checkVisibility() && !one.closest(".qr"))
    .filter((one) => [getComputedStyle(one).fill, getComputedStyle(one).stroke].some(isOurs))
    .map((one) => `${one.outerHTML.slice(0, 90)} ${getComputedStyle(one).fill} ${getComputedStyle(one).stroke}`);
}"""


FORCED_GROUND: dict[Literal["light", "dark"], tuple[int, ...]] = {"dark": (0, 0, 0), "light": (255, 255, 255)}


def forced(page: Page, theme: Literal["light", "dark"]) -> None:
    Look(size=PHONE, theme=theme, is_forced=True).put_on(page)


def seen(thing: Locator, edge: int) -> list[object]:
    """The colours that its ground and its four edges are seen in; Chromium's computed styles do not tell."""
    thing.evaluate("one => one.scrollIntoView({ block: 'center' })")
    box = thing.bounding_box()
    assert box is not None
    clip: FloatRect = {
        "x": box["x"] + edge,
        "y": box["y"] + edge,
        "width": box["width"] - 2 * edge,
        "height": box["height"] - 2 * edge,
    }
    image = Image.open(BytesIO(thing.page.screenshot(clip=clip))).convert("RGB")
    width, height = image.size
    sides = ((0, 0, width, 1), (0, height - 1, width, height), (0, 0, 1, height), (width - 1, 0, width, height))
    return [_most(part) for part in (image, *(image.crop(side) for side in sides))]


def _looks_the_same(page: Page, pair: Pair) -> bool:
    return seen(page.locator(pair.one).first, pair.edge) == seen(page.locator(pair.other).first, pair.edge)


def _is_at_rest(page: Page) -> bool:
    places = [page.locator(".plates:not(.signs)").evaluate("one => one.innerHTML")]
    page.wait_for_timeout(150)
    return places == [page.locator(".plates:not(.signs)").evaluate("one => one.innerHTML")]


def _most(image: Image.Image) -> object:
    return max(image.getcolors(image.width * image.height) or [(0, ())])[1]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_states_are_told_apart_by_more_than_a_ground_of_ours(
    everything: Everything, new_page: NewPage, quiet: Watch, theme: Literal["light", "dark"]
) -> None:
    same: list[Pair] = []
    for path in dict.fromkeys(pair.path for pair in PAIRS):
        page = new_page(PHONE)
        forced(page, theme)
        next(one for one in PAGES if one.path == path).open(page, everything)
        if path.startswith(MAP):
            page.locator('[data-tool="whole"]').click()  # all plates are to be seen
            wait_until(lambda page=page: _is_at_rest(page), what="the map to rest")
        same += [pair for pair in PAIRS if pair.path == path and _looks_the_same(page, pair)]
        page.context.close()
    assert same == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_is_drawn_takes_the_colours_of_the_system(
    everything: Everything, new_page: NewPage, quiet: Watch, theme: Literal["light", "dark"]
) -> None:
    page, foreign = new_page(PHONE), {}
    for public in _drawn():
        public.open(page, everything)
        forced(page, theme)
        page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
        if found := page.evaluate(DRAWN):
            foreign[public.path] = found
    assert foreign == {}


def _drawn() -> list[PublicPage]:
    """Pages with maps, charts and signs, each sort once."""
    paths = ("/", "/t/stadtwald", "/t/stadtwald/print?lang=en", f"/s/{PONDS}?lang=en", f"/s/{CLOSED_AHEAD}?lang=en")
    return [PublicPage(path=path) for path in paths]


def test_the_map_that_moves_is_drawn_in_them_too_also_when_they_change_while_it_is_open(
    everything: Everything, page: Page, quiet: Watch
) -> None:
    page.goto(everything.usual.url + MAP)
    expect(page.locator('[data-map="moving"]')).to_be_visible(timeout=30_000)
    assert _pixel(page) == (255, 255, 255)
    for theme, ground in FORCED_GROUND.items():
        forced(page, theme)
        wait_until(lambda ground=ground: _pixel(page) == ground or not page.wait_for_timeout(50), what=f"{ground}")


def _pixel(page: Page) -> tuple[int, ...]:
    """The colour of the map's ground, beside the trail."""
    page.locator(".sheet").evaluate("sheet => sheet.scrollIntoView()")
    box = page.locator(".sheet").bounding_box()
    assert box is not None
    clip: FloatRect = {"x": box["x"] + 4, "y": box["y"] + box["height"] / 2, "width": 1, "height": 1}
    pixel = Image.open(BytesIO(page.screenshot(clip=clip))).convert("RGB").getpixel((0, 0))
    return pixel if isinstance(pixel, tuple) else ()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_code_to_scan_stays_black_on_white(
    everything: Everything, new_page: NewPage, theme: Literal["light", "dark"]
) -> None:
    page = new_page(PHONE)
    page.goto(f"{everything.usual.url}/t/stadtwald/print")
    forced(page, theme)
    colours: Any = page.locator(".qr").evaluate(
        "one => [getComputedStyle(one).backgroundColor, getComputedStyle(one.querySelector('path')).stroke]"
    )
    assert colours == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
