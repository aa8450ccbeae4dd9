"""A phone that keeps nothing, or not everything, says so and shows what it has."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.test_stamps import PASS, SCANNED, begin, needed, scan
from tests.fixtures.web.hikers import PONDS, Hikers

NewPage = Callable[..., Page]


def test_a_badge_that_a_full_phone_cannot_keep_is_shown_while_it_is_earned(hikers: Hikers, page: Page) -> None:
    needed(hikers, 1)
    page.add_init_script(
        "const own = Storage.prototype.setItem; Storage.prototype.setItem = function (key, value) {"
        " if (key.startsWith('stamp-badge')) throw new DOMException('', 'QuotaExceededError');"
        " own.call(this, key, value) }"
    )
    begin(page, hikers.url)
    scan(page, hikers.url, PONDS, "Stempel 1 von 10")
    expect(page.locator("[data-stamps]")).to_contain_text("Du hast das Abzeichen")
    page.goto(hikers.url + PASS)
    expect(page.locator("[data-badge]")).to_be_visible()


def test_a_full_phone_says_so_and_an_unread_one_too(hikers: Hikers, new_page: NewPage) -> None:
    page = new_page()
    page.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); }")
    page.goto(hikers.url + PASS)
    page.get_by_role("button", name="Stempel sammeln").click()
    expect(page.locator("[data-standing]")).to_contain_text("nichts speichern")
    page = new_page()
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('', 'SecurityError'); } })"
    )
    page.goto(f"{hikers.url}/s/{PONDS}{SCANNED}")
    page.goto(hikers.url + PASS)
    expect(page.locator("[data-standing]")).to_contain_text("Karte aus Papier")
