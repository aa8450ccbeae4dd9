"""A stretch is closed on a phone by two presses, a trail comes from a file: in a real browser, both themes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from geodata.model.staff import Role
from geodata.store.catalogue import closure
from geodata.store.catalogue.station import load_stations
from geodata.store.database import Database
from tests.dashboards.imports.test_pages import SAME, gpx
from tests.dashboards.office import PASSWORD, Office, hire, open_office, seed
from tests.fixtures.web.browser import DESK, PHONE, assert_accessible

NewPage = Callable[..., Page]
TRAIL = "/staff/trails/stadtwald"
PAGES = (
    "/staff/trails",
    f"{TRAIL}/closures",
    f"{TRAIL}/closures/new?example=breeding",
    f"{TRAIL}/notices",
    f"{TRAIL}/notices/new?example=water",
    f"{TRAIL}/stations",
    f"{TRAIL}/stations/new",
    f"{TRAIL}/stations/3DVB54",
    "/staff/trail-files",
    "/staff/trail-files?municipality=lemgo",
)


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    seed(database)
    hire(database, "eva", Role.EDITOR)
    with open_office(database) as opened:
        yield opened


def sign_in(page: Page, office: Office) -> None:
    page.goto(f"{office.url}/staff/login")
    page.get_by_label("Name").fill("eva")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Stadtwald")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK])
def test_every_page_about_trails_is_accessible_and_fits_its_screen(
    office: Office, new_page: NewPage, size: tuple[int, int], theme: Literal["light", "dark"]
) -> None:
    page = new_page(size, theme=theme)
    sign_in(page, office)
    for path in PAGES:
        page.goto(office.url + path)
        assert_accessible(page)
        wider = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{path} is {wider} pixels too wide"


def press(page: Page, along: float) -> None:
    """Press on the line, at a share of its drawn length."""
    place = page.locator("#map .trail").evaluate(
        "(line, share) => { const at = line.getPointAtLength(line.getTotalLength() * share);"
        " const on = new DOMPoint(at.x, at.y).matrixTransform(line.getScreenCTM()); return [on.x, on.y] }",
        along,
    )
    page.mouse.click(place[0], place[1])


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_a_stretch_is_closed_by_two_presses_and_opened_by_one(
    office: Office, new_page: NewPage, size: tuple[int, int]
) -> None:
    page = new_page(size)
    sign_in(page, office)
    page.goto(f"{office.url}{TRAIL}/closures")
    page.get_by_role("link", name="Baum liegt quer").click()
    page.locator("#map").scroll_into_view_if_needed()
    press(page, 0.3)
    press(page, 0.5)
    expect(page.get_by_label("ein Stück dazwischen")).to_be_checked()
    expect(page.locator("#map .pressed")).to_have_count(1)
    page.get_by_role("button", name="Weiter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vorschau: noch ist nichts gespeichert")
    expect(page.locator("#map .closed")).to_have_count(1)
    assert_accessible(page)
    page.get_by_role("button", name="So sperren").click()
    expect(page.get_by_role("status")).to_contain_text("Gespeichert.")
    with office.database.transaction() as connection:
        (kept,) = closure.load(connection).values()
    assert kept.stretch is not None
    length = office.keeper.current.geometries["stadtwald"].length_m
    assert [round(end / length, 1) for end in kept.stretch] == [0.3, 0.5]
    page.get_by_role("button", name="Wieder öffnen").click()
    expect(page.get_by_text("Nichts ist gesperrt.")).to_be_visible()


def test_without_scripts_a_stretch_is_closed_by_stations(office: Office, new_page: NewPage) -> None:
    page = new_page(PHONE, javascript=False)
    sign_in(page, office)
    page.goto(f"{office.url}{TRAIL}/closures/new?example=felling")
    page.get_by_label("Von Station").select_option("4")
    page.get_by_label("Bis Station").select_option("5")
    page.get_by_role("button", name="Weiter").click()
    page.get_by_role("button", name="Zurück und ändern").click()
    expect(page.get_by_label("Bis Station")).to_have_value("5")
    page.get_by_role("button", name="Weiter").click()
    page.get_by_role("button", name="So sperren").click()
    expect(page.get_by_text("von Station 4 bis Station 5").first).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_a_file_becomes_a_trail_after_its_plan_was_seen(
    office: Office, new_page: NewPage, size: tuple[int, int], tmp_path: Path
) -> None:
    file = tmp_path / "weg.gpx"
    file.write_bytes(gpx(SAME))
    page = new_page(size)
    sign_in(page, office)
    page.goto(f"{office.url}/staff/trail-files")
    page.get_by_role("link", name="Neuer Pfad für Lemgo").click()
    page.get_by_label("Datei").set_input_files(file)
    page.get_by_role("button", name="Weiter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Plan: weg.gpx")
    assert_accessible(page)
    page.get_by_role("button", name="So übernehmen").click()
    expect(page.get_by_role("status")).to_contain_text("„neuer-weg“ ist gespeichert")


def test_a_station_is_put_elsewhere_by_a_press(office: Office, new_page: NewPage) -> None:
    page = new_page(PHONE)
    sign_in(page, office)
    page.goto(f"{office.url}{TRAIL}/stations/3DVB54")
    page.locator("#map").scroll_into_view_if_needed()
    press(page, 0.35)
    page.get_by_role("button", name="Hierhin stellen").click()
    expect(page.get_by_role("status").first).to_contain_text("Die Station steht jetzt dort.")
    with office.database.transaction() as connection:
        moved = load_stations(connection)["3DVB54"]
    length = office.keeper.current.geometries["stadtwald"].length_m
    assert moved.along_m / length == pytest.approx(0.35, abs=0.05)


def test_the_place_of_the_phone_is_asked_for_after_a_press_alone(office: Office, new_page: NewPage) -> None:
    page = new_page(PHONE)
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 52.0512, "longitude": 8.9171, "accuracy": 9})
    page.add_init_script(
        "window.asked = 0; const get = navigator.geolocation.getCurrentPosition.bind(navigator.geolocation);"
        "navigator.geolocation.getCurrentPosition = (...all) => { window.asked += 1; get(...all); };"
    )
    sign_in(page, office)
    page.goto(f"{office.url}{TRAIL}/stations/3DVB54")
    here = page.get_by_role("button", name="Wo ich gerade bin")
    expect(here).to_be_visible()
    assert page.evaluate("window.asked") == 0
    here.click()
    expect(page.locator("#here-told")).to_contain_text("9")
    assert page.evaluate("window.asked") == 1
