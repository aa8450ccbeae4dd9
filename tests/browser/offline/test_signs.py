"""Without a network, what is scanned or typed from a sign opens its station and stamps it, as with one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from geodata.store.database import Database
from tests.api.webapp.second_town import FIRST, TRAIL, add_kalletal
from tests.browser.offline.taking_along import LONG, take_along, without_network
from tests.fixtures.web.browser import Watch
from tests.fixtures.web.hikers import OAKS, PONDS, Hikers, hikers_on

NewPage = Callable[..., Page]
FIELD = "Code, Nummer oder Adresse auf dem Schild"


@pytest.fixture
def two_trails(demo_trail: None, database: Database) -> Iterator[Hikers]:
    """The pages with a second trail, whose first station has the number of one of the first trail."""
    add_kalletal(database)
    with hikers_on(database) as running:
        yield running


def type_in(page: Page, text: str) -> None:
    page.get_by_label(FIELD).fill(text)
    page.get_by_role("button", name="Öffnen").click()


def test_a_number_a_code_and_an_address_that_are_typed_open_their_station(
    hikers: Hikers, new_page: NewPage, watch: Watch
) -> None:
    page = new_page(service_workers="allow")
    take_along(page, hikers)
    with without_network(page, watch):
        for path in ("/t/stadtwald", "/t/stadtwald/stamps"):
            for text in (
                "4",
                "Station 4",
                " 3dv b54 ",
                f"https://anywhere.example/s/{PONDS.lower()}?via=nfc",
                "3DVB54.",
            ):
                page.goto(hikers.url + path)
                type_in(page, text)
                page.wait_for_url(f"**/s/{PONDS}?via={'nfc' if 'nfc' in text else 'sign'}*")
                expect(page.locator(".number b")).to_have_text("4")
        for text in ("99", "3DVB45", "☃", "../../impressum", "<b>"):
            page.goto(f"{hikers.url}/t/stadtwald")
            type_in(page, text)
            expect(page.get_by_role("heading", level=1)).to_have_text("Diese Seite gibt es nur mit Netz")
            expect(page.get_by_role("link", name="Die Försterteiche")).to_be_visible()
        for rubbish in (
            "?code=",
            "?code=4&code=5",
            "?lang=klingon&code=4",
            "?via=nfc&code=4#x",
            "/?code=%E0%A4%A&a=%00",
        ):
            page.goto(f"{hikers.url}/s{rubbish}")
            expect(page.locator("main")).to_be_visible()


def test_a_number_of_two_trails_is_a_choice_and_that_of_a_trails_own_page_is_none(
    two_trails: Hikers, new_page: NewPage, watch: Watch
) -> None:
    page = new_page(service_workers="allow")
    for trail in (TRAIL, "stadtwald"):
        page.goto(f"{two_trails.url}/t/{trail}/offline")
        page.locator("[data-press=take]").click(timeout=LONG)
        expect(page.locator("[data-phase=kept]")).to_be_visible(timeout=LONG)
    with without_network(page, watch):
        page.goto(f"{two_trails.url}/s?code=1&lang=de")
        expect(page.locator(".phone").get_by_role("link", name="Weserblick")).to_be_visible()
        page.locator(".phone").get_by_role("link", name="Stadtwald").click()
        page.wait_for_url(f"**/s/{OAKS}?via=sign*")
        page.goto(f"{two_trails.url}/t/{TRAIL}")
        type_in(page, "1")
        page.wait_for_url(f"**/s/{FIRST}?via=sign*")
        expect(page.get_by_role("heading", level=1)).to_have_text("Blick 1")


def test_stamps_are_collected_from_the_pack_alone(hikers: Hikers, new_page: NewPage, watch: Watch) -> None:
    page = new_page(service_workers="allow")
    take_along(page, hikers)
    page.goto(f"{hikers.url}/t/stadtwald/stamps")
    page.get_by_role("button", name="Stempel sammeln").click()
    with without_network(page, watch):
        for address, count in ((f"/s/{PONDS}", 1), (f"/S/{OAKS.lower()}?via=nfc", 2), (f"/s/{OAKS}?lang=de", 2)):
            page.goto("about:blank")
            page.goto(hikers.url + address)  # as a phone's camera does
            expect(page.locator("[data-stamps] b")).to_have_text(f"Stempel {count} von 10")
            expect(page.locator("[data-stamps] .slice")).to_be_visible()
        page.goto(f"{hikers.url}/s/3DVB45?via=sign")  # no station's
        page.goto(f"{hikers.url}/t/stadtwald/stamps")
        expect(page.locator(".total")).to_have_text("2 von 10 Stempeln")
        expect(page.locator(".got")).to_have_count(2)
        type_in(page, "2")
        expect(page.locator("[data-stamps] b")).to_have_text("Stempel 3 von 10")
        page.goto(f"{hikers.url}/t/stadtwald/certificate")
        expect(page.locator("[data-number]")).to_have_value("3")
        expect(page.locator(".certificate .got")).to_have_count(3)
    page.goto(f"{hikers.url}/t/stadtwald/stamps")
    expect(page.locator(".total")).to_have_text("3 von 10 Stempeln")
