"""The large map of a trail that was taken along: it moves and says where one is without a network."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager

from playwright.sync_api import Page, expect

from tests.browser.map_page.moving import HERE, MAP, opened
from tests.fixtures.web.browser import Watch
from tests.fixtures.web.hikers import Hikers

NewPage = Callable[..., Page]
LONG = 30_000


def taken_along(page: Page, wood: Hikers, *, with_map: bool) -> None:
    """Take the trail along in German."""
    page.goto(f"{wood.url}/t/stadtwald/offline")
    box = page.get_by_label("Bewegliche Karte")
    expect(box).to_be_checked(timeout=LONG)
    expect(page.locator("[data-size=map]")).to_have_text("(364\u00a0KB)")
    whole = int(page.locator("main").get_attribute("data-bytes") or 0)
    if not with_map:
        box.uncheck()
        assert whole - int(page.locator("main").get_attribute("data-bytes") or 0) == 363_574
    page.locator("[data-press=take]").click()
    expect(page.locator("[data-phase=kept]")).to_be_visible(timeout=LONG)


@contextmanager
def in_the_forest(page: Page, watch: Watch) -> Generator[None]:
    """Where there is no network, at station 4; what Chromium says of the network is no fault."""
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation(HERE)
    page.context.set_offline(True)
    yield
    page.context.set_offline(False)
    watch.faults[:] = [fault for fault in watch.faults if "ERR_INTERNET_DISCONNECTED" not in fault]


def test_without_a_network_the_map_moves_and_says_where_one_is(wood: Hikers, new_page: NewPage, watch: Watch) -> None:
    page = new_page(service_workers="allow")
    taken_along(page, wood, with_map=True)
    with in_the_forest(page, watch):
        opened(page, wood.url + MAP)
        expect(page.get_by_text("Ohne Netz.", exact=True)).to_be_visible()
        expect(page.locator(".plates .plate")).to_have_text([str(number) for number in range(1, 11)])
        expect(page.locator(".pin:not([hidden])").first).to_be_visible()
        page.locator('[data-tool="locate"]').click()
        expect(page.locator("[data-answer]")).to_contain_text("Du bist bei Station 4.")
        page.locator("li[data-place] button").first.click()
        expect(page.locator(".chosen b")).to_have_text("Rettungspunkt: DEMO-9")


def test_who_left_the_moving_map_out_has_the_drawn_one_and_the_words(
    wood: Hikers, new_page: NewPage, watch: Watch
) -> None:
    page = new_page(service_workers="allow")
    taken_along(page, wood, with_map=False)
    with in_the_forest(page, watch):
        page.goto(wood.url + MAP)
        expect(page.locator('[data-map="failed"] .paper svg')).to_be_visible(timeout=LONG)
        page.locator('[data-tool="locate"]').click()
        expect(page.locator("[data-answer]")).to_contain_text("Du bist bei Station 4.")
        expect(page.locator(".paper .me circle")).to_have_count(2)
    watch.faults[:] = [fault for fault in watch.faults if "maplibre-gl" not in fault]
