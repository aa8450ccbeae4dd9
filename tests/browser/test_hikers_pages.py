"""The hikers' pages in a real browser: everyone can read and use them, on any screen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.web.browser import DESK, PHONE, Watch, assert_accessible
from tests.fixtures.web.hikers import OAKS, PONDS, Hikers, a_day

NARROW = (320, 640)
PATHS = [
    "/",
    "/t/stadtwald",
    "/t/stadtwald/offline",
    f"/s/{PONDS}",
    f"/s/{PONDS}?lang=de_simple",
    "/datenschutz?lang=en",
    "/impressum",
    "/barrierefreiheit",
]
NewPage = Callable[..., Page]


@pytest.fixture
def walked(hikers: Hikers) -> Hikers:
    """The pages with a day of values at the ponds, and a sensor under the oaks that fell silent."""
    now = datetime.now(UTC)
    hikers.observe(a_day("pegel-04", "water_level", [44.0] * 20 + [None, None] + [41.0] * 4, now))
    hikers.observe(a_day("pegel-04", "air_temperature", [float(i % 9) for i in range(26)], now))
    hikers.observe(a_day("klima-01", "air_humidity", [80.0] * 10, now - timedelta(hours=14)))
    return hikers


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [NARROW, DESK], ids=["phone", "desk"])
def test_axe_finds_nothing_on_any_page(
    walked: Hikers, new_page: NewPage, watch: Watch, theme: str, size: tuple[int, int]
):
    page = new_page(size, theme)
    for path in [*PATHS, f"/s/{OAKS}"]:
        page.goto(walked.url + path)
        assert_accessible(page)
    page.goto(walked.url + "/s/3DVB45")
    assert_accessible(page)
    watch.forgive("404")


def test_no_page_scrolls_sideways_on_a_narrow_phone_or_with_text_twice_the_size(walked: Hikers, new_page: NewPage):
    for size, enlarged in ((NARROW, 16), (PHONE, 32), (NARROW, 32), (DESK, 32)):
        page = new_page(size)
        for path in PATHS:
            page.goto(walked.url + path)
            page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
            _text_size(page, enlarged)
            cut = page.evaluate(
                "[...document.querySelectorAll('main *, .bar *, .top *')].filter(e => !e.closest('.unseen')"
                " && e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 80))"
            )
            assert not cut, (path, size, enlarged, cut)
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (path, size, enlarged)


def _text_size(page: Page, pixels: int) -> None:
    page.evaluate("pixels => { document.documentElement.style.fontSize = `${pixels}px` }", pixels)


def test_everything_to_press_is_large_enough_for_a_thumb(walked: Hikers, new_page: NewPage):
    page = new_page(NARROW)
    for path in PATHS:
        page.goto(walked.url + path)
        small = page.evaluate(
            "[...document.querySelectorAll('a, button, summary, input')].filter(e => !e.closest('p, .skip, dd, .text'))"
            ".map(e => [e, (e.querySelector('.hit') ?? e).getBoundingClientRect()])"
            ".filter(([e, box]) => box.height && (box.height < 44 || box.width < 44) && e.type !== 'hidden')"
            ".map(([e, box]) => `${e.outerHTML.slice(0, 90)} ${box.width}×${box.height}`)"
        )
        assert not small, (path, small)


def test_the_keyboard_reaches_the_text_first_and_every_focus_shows(walked: Hikers, page: Page):
    page.goto(f"{walked.url}/s/{PONDS}")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    seen = 0
    for _ in range(60):
        page.keyboard.press("Tab")
        focus: Any = page.evaluate(
            "(() => { const e = document.activeElement; if (e === document.body) return null;"
            " const box = e.getBoundingClientRect(), bar = document.querySelector('.bar').getBoundingClientRect();"
            " const hit = e.querySelector('.hit'), css = getComputedStyle(hit ?? e);"
            " return { shows: (hit ? css.stroke !== 'none' : css.outlineStyle !== 'none'),"
            " hidden: !e.closest('.bar') && box.top >= bar.top, html: e.outerHTML.slice(0, 80) } })()"
        )
        if focus is None:
            break
        assert focus["shows"], focus
        assert not focus["hidden"], focus
        seen += 1
    assert seen > 15


def test_the_whole_trail_can_be_walked_with_the_next_button(walked: Hikers, page: Page):
    page.goto(f"{walked.url}/t/stadtwald?lang=en")
    for number in range(1, 11):
        page.locator(".bar .go").click()
        expect(page.locator(".number b")).to_have_text(str(number))
        expect(page.locator("html")).to_have_attribute("lang", "en")
    page.locator(".bar .go").click()
    expect(page.locator(".number b")).to_have_text("1")


def test_a_station_on_the_map_leads_to_its_page(walked: Hikers, page: Page):
    page.goto(f"{walked.url}/t/stadtwald")
    page.get_by_role("link", name="Station 4", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Die Försterteiche")


def test_without_javascript_nothing_is_missing(walked: Hikers, new_page: NewPage):
    page = new_page(javascript=False)
    page.goto(f"{walked.url}/s/{PONDS}")
    expect(page.get_by_text("Das Wasser steht bei 41 cm.")).to_be_visible()
    answer = page.get_by_text("Es bekommt kleine Dellen", exact=False)
    expect(answer).to_be_hidden()
    page.get_by_text("Auflösung").click()
    expect(answer).to_be_visible()


def test_a_new_value_appears_by_itself_and_moves_nothing(walked: Hikers, page: Page):
    with page.expect_request("**/api/v1/live?station=*"):
        page.goto(f"{walked.url}/s/{PONDS}")
    below = page.locator("#aufgabe").evaluate("e => e.getBoundingClientRect().top")
    expect(page.get_by_text("Das Wasser steht bei 41 cm.")).to_be_attached()
    walked.observe([("pegel-04", "water_level", datetime.now(UTC), 38.0)])
    expect(page.get_by_text("Das Wasser steht bei 38 cm.")).to_be_attached()
    assert page.locator("#aufgabe").evaluate("e => e.getBoundingClientRect().top") == below


def test_the_first_view_of_a_station_needs_few_requests_and_stores_nothing(walked: Hikers, page: Page):
    urls: list[str] = []
    page.on("request", lambda request: urls.append(request.url))
    page.goto(f"{walked.url}/s/{PONDS}", wait_until="load")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert len(urls) <= 10, urls
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
