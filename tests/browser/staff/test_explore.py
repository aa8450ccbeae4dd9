"""The usage explorer in a browser: with and without its program, by keyboard, in both themes, and as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from geodata.model.staff import Role
from geodata.store.database import Database
from tests.dashboards.figures.counted import BOARDWALK, DAY, TODAY, annotate, count, mount
from tests.dashboards.office import PASSWORD, Office, hire, open_office, seed
from tests.fixtures.web.browser import DESK, PHONE, Watch, assert_accessible

NewPage = Callable[..., Page]
NARROW = (320, 640)
LAST = TODAY - DAY
FIRST = LAST - 39 * DAY
OWN = f"?first={FIRST}&last={LAST}&by=day&before=true"


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    """Forty days that are counted but for two of them, the same a year before, scans, weather and an annotation."""
    seed(database)
    with database.transaction() as connection:
        come, go = mount(connection)
        (beside,) = mount(connection, BOARDWALK, ["in"])
        for number in range(40):
            day = FIRST + number * DAY
            count(connection, come, day - 364 * DAY, 80)
            if number not in {10, 11}:
                for channel in (come, go, beside):
                    count(connection, channel, day, 100 + number, shared=number % 3)
        connection.execute("UPDATE station SET made_at = NULL")
        connection.execute(
            "INSERT INTO scan_hour SELECT 'K7YNX0', day + interval '11 hours', 'de', 'sign', 9"
            " FROM generate_series(%s::date, %s::date, '1 day') AS day",
            [FIRST, LAST],
        )
        connection.execute(
            "INSERT INTO scan_uptime SELECT hour, repeat('1', 60)::bit(60)"
            " FROM generate_series(%s::date, %s::date, '1 hour') AS hour",
            [FIRST, LAST],
        )
        connection.execute(
            "INSERT INTO weather_day (municipality, station, source, day, temperature, rain)"
            " SELECT 'lemgo', 1, 'dwd', day, 8.5, 2 FROM generate_series(%s::date, %s::date, '1 day') AS day",
            [FIRST, LAST],
        )
        connection.execute(
            "INSERT INTO passes_hour (channel, hour, passes, covered_s)"
            " SELECT %s, hour, extract(hour FROM hour)::int, 3600"
            " FROM generate_series(%s::date, %s::date, '1 hour') AS hour",
            [come, FIRST, LAST],
        )
    annotate(database, FIRST + 20 * DAY, FIRST + 21 * DAY, "Waldfest {a|am} Holzsteg")
    hire(database, "ute", Role.VIEWER)
    with open_office(database) as opened:
        yield opened


def open_page(page: Page, office: Office, query: str = OWN) -> None:
    page.goto(f"{office.url}/staff/login")
    page.get_by_label("Name").fill("ute")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    page.goto(f"{office.url}/staff/figures/explore{query}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Stadtwald")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [NARROW, PHONE, DESK])
def test_it_is_accessible_and_fits_with_its_chart_and_everything_unfolded(
    office: Office, new_page: NewPage, size: tuple[int, int], theme: Literal["light", "dark"]
) -> None:
    page = new_page(size, theme)
    open_page(page, office)
    expect(page.locator("#chart canvas")).to_be_visible()
    expect(page.locator(".still")).to_be_hidden()
    page.get_by_text("Verlauf als Tabelle", exact=True).click()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_without_its_program_the_page_holds_the_bars_the_gap_the_annotation_and_the_year_before(
    office: Office, new_page: NewPage
) -> None:
    page = new_page(DESK)
    page.route("**/bundles/explorer.js*", lambda route: route.fulfill(body="", content_type="text/javascript"))
    open_page(page, office)
    still = page.locator(".still")
    expect(still).to_be_visible()
    expect(still.locator("rect[fill='url(#passes-gap)']")).to_have_count(1)
    expect(still.locator("text.note")).to_have_text("1")
    assert still.locator("path.compared").count() == 40
    assert_accessible(page)


def test_the_arrow_keys_go_from_day_to_day_and_each_is_said(office: Office, new_page: NewPage) -> None:
    page = new_page(DESK)
    open_page(page, office)
    chart = page.get_by_role("application")
    chart.focus()
    said = page.locator("#chart").get_by_role("status")
    page.keyboard.press("Home")
    expect(said).to_contain_text("Durchgänge je Tag: 300")
    expect(said).to_contain_text("im Jahr davor: 80")
    expect(said).to_contain_text("Temperatur in °C: 8,5")
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    expect(said).to_contain_text("Durchgänge je Tag: nicht gezählt")
    page.keyboard.press("PageUp")
    page.keyboard.press("PageUp")
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    expect(said).to_contain_text("Anmerkung 1: Waldfest (a|am} Holzsteg")
    page.keyboard.press("End")
    expect(said).to_contain_text("Durchgänge je Tag: 417")
    expect(said).to_contain_text("Aufrufe je Tag: 9")


def test_what_is_asked_stands_in_the_address_and_the_way_back_leads_there(
    office: Office, new_page: NewPage, watch: Watch
) -> None:
    page = new_page(PHONE)
    open_page(page, office, "")
    page.get_by_role("link", name="7 Tage").click()
    expect(page.get_by_role("link", name="7 Tage")).to_have_attribute("aria-current", "true")
    page.get_by_label("Station", exact=True).select_option("K7YNX0")
    page.get_by_role("button", name="Anzeigen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Stadtwald, Station 1")
    assert "station=K7YNX0" in page.url
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Stadtwald")
    page.get_by_label("Erster Tag").fill("2026-05-02")
    page.get_by_label("Letzter Tag").fill("2026-05-01")
    page.get_by_role("button", name="Anzeigen").click()
    expect(page.get_by_label("Letzter Tag")).to_have_value("2026-05-01")
    expect(page.get_by_label("Letzter Tag")).to_have_accessible_description(
        "▲ Der letzte Tag liegt vor dem ersten. Bitte tauschen Sie die beiden."
    )
    watch.forgive("422")


def test_the_picture_and_the_table_are_saved_by_a_press(office: Office, new_page: NewPage) -> None:
    page = new_page(DESK)
    open_page(page, office)
    with page.expect_download() as picture:
        page.get_by_role("button", name="Bild speichern (PNG)").click()
    assert picture.value.suggested_filename == f"nutzung-stadtwald-{FIRST}-{LAST}.png"
    assert picture.value.path().read_bytes().startswith(b"\x89PNG")
    with page.expect_download() as table:
        page.get_by_role("link", name="Tabelle für Excel").click()
    assert table.value.path().read_bytes().startswith(b"\xef\xbb\xbferster Tag;")


def test_a_part_of_the_chart_is_put_away_by_its_button_and_comes_back(office: Office, new_page: NewPage) -> None:
    page = new_page(DESK)
    open_page(page, office)
    rain = page.get_by_role("button", name="Regen in mm")
    expect(rain).to_have_attribute("aria-pressed", "true")
    rain.click()
    expect(rain).to_have_attribute("aria-pressed", "false")
    rain.click()
    expect(rain).to_have_attribute("aria-pressed", "true")


def test_paper_shows_the_bars_and_the_table_and_no_buttons(office: Office, new_page: NewPage) -> None:
    page = new_page(DESK)
    open_page(page, office)
    expect(page.locator("#chart canvas")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".still svg").first).to_be_visible()
    expect(page.locator("#chart canvas")).to_be_hidden()
    expect(page.get_by_role("button", name="Anzeigen")).to_be_hidden()


def test_ten_years_by_day_are_drawn_in_half_a_second(office: Office, new_page: NewPage) -> None:
    page = new_page(DESK)
    open_page(page, office, f"?first={LAST.replace(year=LAST.year - 10, day=1)}&last={LAST}&by=day")
    drawn = page.wait_for_function("() => performance.getEntriesByName('explorer-drawn')[0]?.duration").json_value()
    assert drawn < 500 * 4, "a crowded machine takes longer"
    page.emulate_media(color_scheme="dark")
    expect(page.locator("#chart canvas")).to_be_visible()
