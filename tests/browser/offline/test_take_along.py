"""A trail that was taken along, in a real browser: it opens at the sign without a network, whatever happened."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.offline.taking_along import LONG, NOTHING, STORED, take_along, without_network
from tests.fixtures.web.bad_line import BadLine
from tests.fixtures.web.browser import DESK, Watch, assert_accessible
from tests.fixtures.web.hikers import PONDS, Hikers

NewPage = Callable[..., Page]


def test_the_size_is_said_before_the_press_and_nothing_is_stored_until_then(furnished: Hikers, new_page: NewPage):
    page = new_page(service_workers="allow")
    page.goto(f"{furnished.url}/t/stadtwald/offline")
    button = page.locator("[data-press=take]")
    expect(button).to_have_text(re.compile(r"^Mitnehmen: \d+\sKB$"), timeout=LONG)
    before = int(page.locator("main").get_attribute("data-bytes") or 0)
    page.get_by_label("English").check()
    page.get_by_label("Zum Anhören").uncheck()
    expect(page.locator(f"main[data-bytes='{before}']")).to_have_count(0)
    for variant in ("de", "en"):
        page.locator(f"input[value={variant}]").uncheck()
    expect(button).to_be_disabled()
    expect(page.get_by_text("Wähle mindestens eine Fassung.")).to_be_visible()
    assert page.evaluate(STORED) == NOTHING


def test_with_one_press_every_station_opens_at_its_sign_without_a_network(
    furnished: Hikers, new_page: NewPage, watch: Watch
):
    page = new_page(service_workers="allow")
    take_along(page, furnished)
    expect(page.get_by_text("vollständig und geprüft")).to_be_visible()
    codes = [station.code for station in furnished.keeper.current.stations_of_trail["stadtwald"]]
    with without_network(page, watch):
        for number, code in enumerate(codes, 1):
            page.goto(f"{furnished.url}/s/{code}?via=nfc")
            expect(page.locator(".number b")).to_have_text(str(number))
            expect(page.get_by_text("Ohne Netz.", exact=True)).to_be_visible()
        page.goto(f"{furnished.url}/S/{PONDS.lower()}.")
        expect(page.get_by_role("heading", level=1)).to_have_text("Die Försterteiche")
        image = page.get_by_role("img", name="Eine Erle am Bach")
        assert page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=image.element_handle())
        page.locator(".bar .go").click()
        expect(page.locator(".number b")).to_have_text("5")
        page.goto(f"{furnished.url}/s?code=3DVB-54")
        expect(page.locator(".number b")).to_have_text("4")
        page.goto(f"{furnished.url}/t/stadtwald")
        expect(page.locator(".row")).to_have_count(10)
        page.goto(f"{furnished.url}/s/{PONDS}/report?kind=tree")
        expect(page.get_by_label("Ein Baum liegt quer")).to_be_checked()
        page.goto(f"{furnished.url}/impressum")
        expect(page.get_by_role("heading", level=1)).to_have_text("Diese Seite gibt es nur mit Netz")
        assert_accessible(page)


def test_a_recording_that_was_taken_along_plays_and_seeks_without_a_network(
    furnished: Hikers, new_page: NewPage, watch: Watch
):
    page = new_page(service_workers="allow")
    take_along(page, furnished)
    with without_network(page, watch):
        answers: list[int] = []
        page.on("response", lambda got: answers.append(got.status) if got.url.endswith(".mp3") else None)
        page.goto(f"{furnished.url}/s/{PONDS}")
        sound = page.locator("audio")
        sound.evaluate("audio => { audio.muted = true; return audio.play() }")
        half = sound.evaluate(
            "audio => new Promise(done => { audio.onseeked = () => done(audio.currentTime / audio.duration);"
            " audio.currentTime = audio.duration / 2 })"
        )
        assert 0.3 < half <= 1
        assert set(answers) == {206}, "other browsers seek in a recording only if they get the part that they ask for"


def test_what_was_not_taken_along_says_so(furnished: Hikers, new_page: NewPage, watch: Watch):
    page = new_page(service_workers="allow")
    take_along(page, furnished)  # without the film
    with without_network(page, watch):
        page.goto(f"{furnished.url}/s/{PONDS}")
        page.get_by_text("In Gebärdensprache").click()
        page.locator("video").evaluate("video => { video.muted = true; video.play().catch(() => {}) }")
        expect(page.get_by_text("Das hast du nicht mitgenommen.")).to_be_visible()


def test_each_language_is_opened_as_the_browser_or_the_address_asks(furnished: Hikers, new_page: NewPage, watch: Watch):
    page = new_page(service_workers="allow", language="en-GB")
    take_along(page, furnished, "de", "de_simple", lang="?lang=en")
    with without_network(page, watch):
        page.goto(f"{furnished.url}/s/{PONDS}")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page.get_by_text("No network.")).to_be_visible()
        page.goto(f"{furnished.url}/s/{PONDS}?lang=de_simple")
        expect(page.locator("html")).to_have_attribute("lang", "de-simple")
        page.locator(".bar .go").click()
        expect(page.locator("html")).to_have_attribute("lang", "de-simple")
        page.goto(f"{furnished.url}/s/{PONDS}?lang=children")  # not taken: German, as on the server without that text
        expect(page.locator("html")).to_have_attribute("lang", "de")
        expect(page.get_by_text("Diese Sprache hast du nicht mitgenommen.")).to_be_visible()
        page.goto(f"{furnished.url}/s/{PONDS}?lang=klingon")
        expect(page.get_by_text("No network.")).to_be_visible()
        expect(page.get_by_text("You did not take this language along.")).to_have_count(0)
        page.goto(f"{furnished.url}/t/stadtwald")
        expect(page.get_by_text("An diesem Pfad zählt kein Zähler.")).to_have_count(0)  # nobody knows that here


def test_who_renews_a_pack_finds_ticked_what_it_has(furnished: Hikers, new_page: NewPage):
    page = new_page(service_workers="allow")
    take_along(page, furnished, "de_simple")
    page.goto(f"{furnished.url}/t/stadtwald/offline?lang=en")
    expect(page.locator("[data-phase=kept]")).to_be_visible(timeout=LONG)
    ticked = "[...document.querySelectorAll('[name=variant]:checked')].map(box => box.value)"
    assert page.evaluate(ticked) == ["de", "de_simple"]
    expect(page.locator("[data-press=take]")).to_be_hidden()


def test_where_there_is_a_network_its_page_is_shown_and_counted_as_what_it_is(
    furnished: Hikers, new_page: NewPage, line: BadLine
):
    page = new_page(service_workers="allow")
    take_along(page, furnished)
    page.goto("about:blank")
    line.asked.clear()
    page.goto(f"{furnished.url}/s/{PONDS}")
    expect(page.locator(".phone")).to_have_count(0)
    assert line.asked[f"/s/{PONDS}"] == 1
    headers = line.headers[f"/s/{PONDS}"]
    assert (headers["sec-fetch-site"], headers["sec-fetch-mode"]) == ("none", "navigate"), "a sign that was scanned"
    page.locator(".bar .go").click()
    expect(page.locator(".number b")).to_have_text("5")
    following = [headers for path, headers in line.headers.items() if path.startswith("/s/") and path != f"/s/{PONDS}"]
    assert [one["sec-fetch-site"] for one in following if one["sec-fetch-mode"] == "navigate"] == ["same-origin"]


def test_removing_it_leaves_nothing_at_all(furnished: Hikers, new_page: NewPage):
    page = new_page(service_workers="allow")
    take_along(page, furnished)
    stored = page.evaluate(STORED)
    assert (stored["workers"], sorted(stored["caches"])) == (1, ["trail-packs", "trail-pieces"])
    assert {**stored, "caches": [], "workers": 0} == NOTHING
    page.locator("[data-press=remove]").click()
    expect(page.get_by_text("Gelöscht. Von diesem Pfad ist nichts mehr")).to_be_visible()
    expect(page.locator("[data-phase=absent]")).to_be_visible(timeout=LONG)
    assert page.evaluate(STORED) == NOTHING


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_before_and_after_the_press_nor_on_a_page_from_the_phone(
    furnished: Hikers, new_page: NewPage, watch: Watch, theme: str
):
    for size in ((320, 640), DESK):
        page = new_page(size, theme, service_workers="allow")
        page.goto(f"{furnished.url}/t/stadtwald/offline")
        expect(page.locator("[data-phase=absent]")).to_be_visible(timeout=LONG)
        page.locator("summary").click()
        assert_accessible(page)
        page.locator("[data-press=take]").click()
        expect(page.locator("[data-phase=kept]")).to_be_visible(timeout=LONG)
        assert_accessible(page)
        page.evaluate("document.documentElement.style.fontSize = '32px'")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        with without_network(page, watch):
            page.goto(f"{furnished.url}/s/{PONDS}")
            assert_accessible(page)
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
