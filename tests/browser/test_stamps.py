"""In a real browser: stamps are kept on the phone for who asked for them, and nothing is for anyone else."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from geodata.conditions.closures import Closure, ClosureContent
from geodata.store.catalogue import closure, trail_state
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.web.browser import Watch
from tests.fixtures.web.hikers import OAKS, PONDS, Hikers

NewPage = Callable[..., Page]
PASS = "/t/stadtwald/stamps"
CERTIFICATE = "/t/stadtwald/certificate"
SCANNED = "?via=sign"
TOUCHED = """
window.touched = [];
for (const name of ["getItem", "setItem", "removeItem", "key"]) {
  const own = Storage.prototype[name];
  Storage.prototype[name] = function (...rest) {
    window.touched.push([name, ...rest].join(" "));
    return own.apply(this, rest);
  };
}
"""


def begin(page: Page, url: str) -> None:
    page.goto(url + PASS)
    page.get_by_role("button", name="Stempel sammeln").click()
    expect(page.locator(".total")).to_have_text("0 von 10 Stempeln")


def scan(page: Page, url: str, code: str, count: str) -> None:
    page.goto(f"{url}/s/{code}{SCANNED}")
    expect(page.locator("[data-stamps] b")).to_have_text(count)


def kept(page: Page) -> dict[str, str]:
    return page.evaluate("Object.fromEntries(Object.entries(localStorage))")


def test_a_phone_that_asked_for_no_stamps_is_asked_once_at_a_sign_and_keeps_nothing(
    hikers: Hikers, new_page: NewPage
) -> None:
    page = new_page()
    page.add_init_script(TOUCHED)
    page.goto(f"{hikers.url}/s/{PONDS}{SCANNED}")
    assert page.evaluate("window.touched") == ["getItem stamps"]
    page.locator(".bar .go").click()
    page.wait_for_url("**/s/*")
    assert page.evaluate("window.touched") == [], "a link followed is no sign scanned"
    page.goto(f"{hikers.url}/t/stadtwald")
    assert page.evaluate("window.touched") == []
    page.goto(f"{hikers.url}/scan")
    assert page.evaluate("window.touched") == []
    page.goto(hikers.url + PASS)
    expect(page.locator("[data-begin]")).to_be_visible()
    assert kept(page) == {}


def test_a_scanned_sign_stamps_by_itself_and_says_so(hikers: Hikers, page: Page) -> None:
    begin(page, hikers.url)
    scan(page, hikers.url, PONDS, "Stempel 1 von 10")
    expect(page.locator("[data-stamps]")).to_contain_text("Noch 9 Stempel bis zum Abzeichen.")
    expect(page.locator("[data-stamps] .slice text")).to_have_text("4")
    expect(page.locator(".story > .lead + [data-stamps]")).to_be_visible()
    scan(page, hikers.url, PONDS, "Stempel 1 von 10")
    scan(page, hikers.url, OAKS, "Stempel 2 von 10")
    assert kept(page) == {"stamps": "1", f"stamp/{PONDS}": "stadtwald", f"stamp/{OAKS}": "stadtwald"}
    page.goto(f"{hikers.url}{PASS}")
    expect(page.locator(".got")).to_have_count(2)
    expect(page.locator(".total")).to_have_text("2 von 10 Stempeln")


def test_the_next_button_gives_no_stamp_but_another_voice_of_a_scanned_station_shows_it(
    hikers: Hikers, page: Page
) -> None:
    begin(page, hikers.url)
    scan(page, hikers.url, PONDS, "Stempel 1 von 10")
    page.locator(".languages a", has_text="English").or_(page.locator(".languages a[hreflang=en]")).first.click()
    expect(page.locator("[data-stamps] b")).to_have_text("Stamp 1 of 10")
    page.locator(".bar .go").click()
    page.wait_for_url("**/s/*")
    expect(page.locator("[data-stamps]")).to_have_text("Collect stamps")
    assert len(kept(page)) == 2


def test_who_begins_after_scanning_has_the_stamp_of_that_sign(hikers: Hikers, page: Page) -> None:
    page.goto(f"{hikers.url}/s/{PONDS}{SCANNED}")
    page.get_by_role("link", name="Stempel sammeln").click()
    page.get_by_role("button", name="Stempel sammeln").click()
    expect(page.locator(".total")).to_have_text("1 von 10 Stempeln")
    expect(page.locator(f".got[data-code='{PONDS}'] .state")).to_be_visible()


def test_a_code_that_is_none_or_of_nowhere_gives_no_stamp(hikers: Hikers, page: Page, watch: Watch) -> None:
    begin(page, hikers.url)
    page.goto(f"{hikers.url}/s/3DVB45{SCANNED}")
    page.goto(f"{hikers.url}{PASS}#3DVB45")
    page.goto(f"{hikers.url}{PASS}#<b>")
    assert kept(page) == {"stamps": "1"}
    watch.forgive("404")


def test_a_code_typed_with_a_slip_stamps_once_it_is_put_right(hikers: Hikers, page: Page, watch: Watch) -> None:
    begin(page, hikers.url)
    page.get_by_label("Code, Nummer oder Adresse auf dem Schild").fill("3dvb-45")
    page.get_by_role("button", name="Öffnen").click()
    page.get_by_role("link", name="Die Försterteiche").click()
    expect(page.locator("[data-stamps] b")).to_have_text("Stempel 1 von 10")
    watch.forgive("404")


def test_a_typed_code_opens_its_station_in_any_spelling(hikers: Hikers, page: Page) -> None:
    begin(page, hikers.url)
    page.get_by_label("Code, Nummer oder Adresse auf dem Schild").fill(f" {PONDS[:3].lower()}-{PONDS[3:]}")
    page.get_by_role("button", name="Öffnen").click()
    expect(page.locator("[data-stamps] b")).to_have_text("Stempel 1 von 10")


def needed(hikers: Hikers, count: int | None) -> None:
    with hikers.database.transaction() as connection:
        trail_state.set_stamps_needed(connection, "stadtwald", count)
    wait_until(lambda: hikers.keeper.current.catalogue.trails["stadtwald"].stamps_needed == count)


def close(hikers: Hikers, stretch: tuple[float, float] | None) -> None:
    texts = {"de": ClosureContent(variant="de", reason="Sturm")}
    since = datetime.now(UTC) - timedelta(hours=1)
    with hikers.database.transaction() as connection:
        closure.add(connection, Closure(trail="stadtwald", valid_from=since, stretch=stretch, contents=texts))
    wait_until(lambda: "gesperrt" in hikers.get(PASS).text)


def stamped(page: Page, url: str, numbers: range) -> None:
    """The pass of somebody who has the stamps of these stations."""
    page.goto(url + PASS)
    page.evaluate(
        "numbers => { localStorage.setItem('stamps', '1'); const all = [...document.querySelectorAll('[data-code]')];"
        " for (const number of numbers) localStorage.setItem(`stamp/${all[number - 1].dataset.code}`, 'stadtwald'); }",
        [*numbers],
    )
    page.reload()


def test_the_badge_comes_with_the_number_of_the_town_and_stays_when_more_are_asked_for(
    hikers: Hikers, page: Page
) -> None:
    needed(hikers, 2)
    begin(page, hikers.url)
    scan(page, hikers.url, PONDS, "Stempel 1 von 10")
    expect(page.locator("[data-stamps]")).to_contain_text("Noch ein Stempel bis zum Abzeichen.")
    scan(page, hikers.url, OAKS, "Stempel 2 von 10")
    expect(page.locator("[data-stamps]")).to_contain_text("Du hast das Abzeichen")
    needed(hikers, 9)
    page.goto(hikers.url + PASS)
    expect(page.locator("[data-badge]")).to_be_visible()


def test_who_has_all_stamps_is_led_to_the_certificate_and_to_no_next_sign(hikers: Hikers, page: Page) -> None:
    begin(page, hikers.url)
    expect(page.get_by_role("heading", name="Den nächsten Stempel holen")).to_be_visible()
    page.evaluate(
        "for (const { dataset } of document.querySelectorAll('[data-code]'))"
        " localStorage.setItem(`stamp/${dataset.code}`, 'stadtwald')"
    )
    page.reload()
    expect(page.locator(".total")).to_have_text("10 von 10 Stempeln")
    expect(page.get_by_role("heading", name="Den nächsten Stempel holen")).to_be_hidden()
    page.locator(".earned").get_by_role("link", name="Zur Urkunde").click()
    expect(page).to_have_url(re.compile("/certificate"))


def test_closed_stations_are_not_needed_for_the_badge(hikers: Hikers, page: Page) -> None:
    close(hikers, (1499, 2496))  # stations 4 to 6
    stamped(page, hikers.url, range(7, 11))
    expect(page.locator("[data-standing]")).to_contain_text("Noch 3 Stempel")
    stamped(page, hikers.url, range(1, 4))
    expect(page.locator("[data-badge]")).to_be_visible()
    expect(page.locator(".total")).to_have_text("7 von 10 Stempeln")


def test_on_a_trail_that_is_closed_as_a_whole_one_stamp_is_no_badge(hikers: Hikers, page: Page) -> None:
    close(hikers, None)
    stamped(page, hikers.url, range(1, 2))
    expect(page.locator("[data-standing]")).to_contain_text("Noch 9 Stempel")
    expect(page.locator("[data-badge]")).to_be_hidden()


def test_the_stamp_of_a_station_that_is_gone_still_counts_towards_the_number(hikers: Hikers, page: Page) -> None:
    needed(hikers, 3)
    stamped(page, hikers.url, range(1, 4))
    page.evaluate(
        "for (const key of Object.keys(localStorage)) if (key.startsWith('stamp-badge')) localStorage.removeItem(key)"
    )
    with hikers.database.transaction() as connection:
        connection.execute("UPDATE station SET retired_at = now() WHERE number = 1 AND trail = 'stadtwald'")
    wait_until(lambda: 'data-code="' + OAKS not in hikers.get(PASS).text)
    page.reload()
    expect(page.locator(".total")).to_have_text("2 von 9 Stempeln")
    expect(page.locator("[data-standing]")).to_contain_text("Dazu 1 von Stationen, die es nicht mehr gibt.")
    expect(page.locator("[data-badge]")).to_be_visible()


def test_another_tab_that_stamps_shows_in_the_open_pass(hikers: Hikers, page: Page) -> None:
    begin(page, hikers.url)
    other = page.context.new_page()
    scan(other, hikers.url, PONDS, "Stempel 1 von 10")
    expect(page.locator(".total")).to_have_text("1 von 10 Stempeln")


def test_without_reception_the_sign_stamps_all_the_same(hikers: Hikers, page: Page, watch: Watch) -> None:
    begin(page, hikers.url)
    page.route("**/stamps*", lambda route: route.abort() if "stamps.js" not in route.request.url else route.continue_())
    page.goto(f"{hikers.url}/s/{PONDS}{SCANNED}", wait_until="networkidle")
    assert f"stamp/{PONDS}" in kept(page)
    watch.forgive("ERR_FAILED")


def test_one_press_removes_all_and_another_brings_it_back(hikers: Hikers, page: Page) -> None:
    begin(page, hikers.url)
    scan(page, hikers.url, PONDS, "Stempel 1 von 10")
    page.goto(hikers.url + PASS)
    page.evaluate("localStorage.setItem('other', 'not ours')")
    page.get_by_role("button", name="Alle Stempel löschen").click()
    assert kept(page) == {"other": "not ours"}
    expect(page.locator("[data-standing]")).to_contain_text("gelöscht")
    page.get_by_role("button", name="Doch behalten").click()
    expect(page.locator(".total")).to_have_text("1 von 10 Stempeln")


def test_the_certificate_has_the_number_and_the_day_and_sends_no_name(hikers: Hikers, page: Page) -> None:
    begin(page, hikers.url)
    scan(page, hikers.url, PONDS, "Stempel 1 von 10")
    asked: list[str] = []
    page.goto(hikers.url + CERTIFICATE)
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_label("Vorname").fill("Frieda")
    expect(page.locator("[data-number]")).to_have_value("1")
    assert str(datetime.now(UTC).year) in page.locator("[data-day]").input_value()
    page.reload()
    expect(page.get_by_label("Vorname")).to_have_value("")
    assert not [url for url in asked if "Frieda" in url]
    assert "Frieda" not in str(kept(page))


def test_a_name_as_long_as_may_be_is_printed_whole(hikers: Hikers, page: Page) -> None:
    page.goto(hikers.url + CERTIFICATE)
    name = page.get_by_label("Vorname")
    expect(page.get_by_role("button", name="Drucken")).to_be_visible()
    name.fill("Maximilian-Wilhelm von der Lüdenhausen-W")
    page.set_viewport_size({"width": 680, "height": 960})  # A4 within its margins
    page.emulate_media(media="print")
    assert len(name.input_value()) == int(name.get_attribute("maxlength") or 0)
    assert name.evaluate("field => field.scrollWidth <= field.clientWidth")


def test_without_javascript_there_is_a_card_and_a_certificate_for_paper(hikers: Hikers, new_page: NewPage) -> None:
    page = new_page(javascript=False)
    page.goto(hikers.url + PASS)
    expect(page.locator(".fields li")).to_have_count(10)
    expect(page.get_by_role("button", name="Stempel sammeln")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator(".paper")).to_be_visible()
    page.goto(hikers.url + CERTIFICATE)
    expect(page.get_by_role("button", name="Drucken")).to_be_hidden()
