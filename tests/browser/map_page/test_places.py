"""Places beside the way on the large map: rescue points always, the others where there is room, and all in the list."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.map_page.moving import MAP, MARKUP, boxes, opened, overlap, settled
from tests.fixtures.web.browser import DESK, PHONE
from tests.fixtures.web.hikers import Hikers

NewPage = Callable[..., Page]


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_at_every_zoom_all_numbers_and_rescue_points_are_there_and_none_hides_another(
    wood: Hikers, new_page: NewPage, size: tuple[int, int]
) -> None:
    page = new_page(size)
    opened(page, wood.url + MAP)
    page.emulate_media(reduced_motion="reduce")
    for tool in ("further", "further", "nearer", "whole", "nearer"):
        page.locator(f'[data-tool="{tool}"]').click()
        settled(page)
        plates, pins = boxes(page, ".plates .plate"), boxes(page, ".pin")
        assert len(plates) == 10
        assert all(plate["width"] > 43.9 for plate in plates)
        middles = [(plate["x"] + plate["width"] / 2, plate["y"] + plate["height"] / 2) for plate in plates]
        for i, (x, y) in enumerate(middles):
            assert all(max(abs(x - u), abs(y - v)) >= 28 for u, v in middles[i + 1 :]), (tool, i)
        assert sum("Rettungspunkt" in pin["label"] for pin in pins) == 6, tool
        assert all(pin["width"] >= 24 for pin in pins), "a finger hits it"
        hidden = [(pin["label"], plate["label"]) for pin in pins for plate in plates if overlap(pin, plate)]
        assert hidden == [], tool
        assert not any(overlap(pin, other) for i, pin in enumerate(pins) for other in pins[i + 1 :]), tool


def test_every_place_is_in_the_list_and_pressing_its_row_shows_it_on_the_map(wood: Hikers, new_page: NewPage) -> None:
    page = new_page()
    opened(page, wood.url + MAP)
    rows = page.locator("li[data-place]")
    expect(rows).to_have_count(24)
    bench = rows.filter(has_text="Weiter Blick").get_by_role("button")
    bench.focus()
    page.keyboard.press("Enter")
    settled(page)
    expect(bench).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".pin.here")).to_have_attribute("aria-label", "Bank")
    expect(page.locator(".chosen b")).to_have_text("Bank")
    expect(page.locator(".chosen a")).to_be_hidden()
    toilet = page.locator(".pin:not([hidden])").first
    toilet.dispatch_event("click")
    expect(page.locator(".chosen b")).to_have_text(toilet.get_attribute("aria-label") or "")
    page.locator("li[data-code] .row").nth(3).click()
    expect(page.locator("li.here")).to_have_count(1)
    expect(page.locator(".chosen a")).to_be_visible()


def test_who_finds_it_too_busy_keeps_numbers_and_rescue_points_alone(wood: Hikers, new_page: NewPage) -> None:
    page = new_page(DESK)
    opened(page, wood.url + MAP)
    page.get_by_label("Orte am Weg auf der Karte").focus()
    assert any("Bank" in pin["label"] for pin in boxes(page, ".pin"))
    page.keyboard.press("Space")
    assert {pin["label"].split(":")[0] for pin in boxes(page, ".pin")} == {"Rettungspunkt"}
    page.keyboard.press("Space")
    assert any("Bank" in pin["label"] for pin in boxes(page, ".pin"))


def test_a_name_that_is_markup_is_shown_as_it_was_written(wood: Hikers, new_page: NewPage) -> None:
    page = new_page()
    opened(page, f"{wood.url}{MAP}?lang=en")
    row = page.locator("li[data-place]", has_text="Krug")
    expect(row.locator("b")).to_have_text(f"Food and drink: {MARKUP}")
    row.get_by_role("button").click()
    expect(page.locator(".chosen b")).to_have_text(f"Food and drink: {MARKUP}")
    assert page.locator(".pin.here").get_attribute("aria-label") == f"Food and drink: {MARKUP}"
    assert page.locator("main img").count() == 0


def test_in_plain_language_too_and_without_a_script_the_list_and_the_rescue_points_are_there(
    wood: Hikers, new_page: NewPage
) -> None:
    page = new_page(javascript=False)
    page.goto(f"{wood.url}{MAP}?lang=de_simple")
    expect(page.locator("li[data-place] b").first).to_contain_text("Rettungs-Punkt: DEMO-")
    expect(page.locator("li[data-place]")).to_have_count(24)
    expect(page.locator(".paper .help")).to_have_count(6)
    assert page.locator(".paper .help").first.get_attribute("aria-label") == "Rettungs-Punkt DEMO-9"
    expect(page.locator(".switch")).to_be_hidden()
    signs, plates = boxes(page, ".paper .help rect"), boxes(page, ".paper .sign")
    assert not any(overlap(sign, plate) for sign in signs for plate in plates)
