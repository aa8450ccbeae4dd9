"""The hikers' pages in a real browser: they lead on, stay true, and work without a script."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.web.hikers import PONDS, Hikers, a_day

NewPage = Callable[..., Page]


@pytest.fixture
def walked(hikers: Hikers) -> Hikers:
    """The pages with a day of values at the ponds, and a sensor under the oaks that fell silent."""
    now = datetime.now(UTC)
    hikers.observe(a_day("pegel-04", "water_level", [44.0] * 20 + [None, None] + [41.0] * 4, now))
    hikers.observe(a_day("pegel-04", "air_temperature", [float(i % 9) for i in range(26)], now))
    hikers.observe(a_day("klima-01", "air_humidity", [80.0] * 10, now - timedelta(hours=14)))
    return hikers


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
