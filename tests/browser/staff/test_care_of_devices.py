"""Devices looked after in a real browser: a way opened, a device added, work entered, a message settled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from geodata.conditions.closures import Closure, ClosureContent
from geodata.model.staff import Role
from geodata.store.catalogue import closure
from geodata.store.database import Database
from tests.dashboards.access.test_municipalities import settle
from tests.dashboards.office import PASSWORD, Office, hire, observe, reject
from tests.dashboards.served_as_web import office_as_web
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.web.browser import DESK, PHONE, Watch, assert_accessible

NewPage = Callable[..., Page]
PATHS = (
    "/staff/",
    "/staff/?trail=stadtwald",
    "/staff/devices",
    "/staff/devices/pond",
    "/staff/devices/pond/edit",
    "/staff/devices/pond/move",
    "/staff/devices/pond/replace",
    "/staff/new-device",
    "/staff/quarantine",
)


@pytest.fixture
def office(database: Database, database_url: str) -> Iterator[Office]:
    """Two trails, a closure without an end, devices that run, are silent and send what cannot be read."""
    now = datetime.now(UTC)
    with office_as_web(database, database_url) as opened:
        settle(database)
        for ago in range(30, -1, -1):
            observe(database, "pond", now - timedelta(days=ago), battery_level=35.0 + ago, rssi=-100.0 - (30 - ago) / 2)
        observe(database, "counter", now, passes_in_total=5120, battery_level=91)
        observe(database, "boardwalk", now - timedelta(days=1), surface_wetness=72, battery_level=14)
        reject(database, "pond", b'{"time": 0}', "time is 0, which lies before 2020.", "time-too-early")
        with database.transaction() as connection:
            contents = {"de": ClosureContent(variant="de", reason="Ein Baum liegt quer.")}
            closed = Closure(trail="stadtwald", valid_from=now - timedelta(days=5), contents=contents)
            closure.add(connection, closed)
            connection.execute("UPDATE closure SET updated_at = valid_from")
        hire(database, "anna", Role.ADMIN)
        wait_until(lambda: opened.keeper.current.closures_of_trail.get("stadtwald"), 10, "the closure")
        yield opened


def _signed_in(office: Office, page: Page) -> Page:
    page.goto(f"{office.url}/staff/login")
    page.get_by_label("Name").fill("anna")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    return page


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_a_way_is_opened_again_by_a_press(office: Office, new_page: NewPage, size: tuple[int, int]) -> None:
    page = _signed_in(office, new_page(size))
    closed = page.get_by_role("region", name="Gesperrt").filter(has_text="Ein Baum liegt quer.")
    expect(closed.get_by_text("Ist der Weg noch gesperrt?").first).to_be_visible()
    closed.locator("li").filter(has_text="Ein Baum liegt quer.").get_by_role(
        "button", name="Nein, wieder öffnen"
    ).click()
    expect(page.get_by_role("status").first).to_contain_text("Der Weg ist wieder offen.")
    expect(page.get_by_text("Ein Baum liegt quer.")).to_have_count(0)


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_a_device_is_added_and_its_password_is_shown(
    office: Office, new_page: NewPage, watch: Watch, size: tuple[int, int]
) -> None:
    page = _signed_in(office, new_page(size))
    page.goto(f"{office.url}/staff/devices")
    page.get_by_role("link", name="Gerät anmelden").click()
    page.get_by_role("link", name="Stadtwald").click()
    page.get_by_label("Kennung").fill("Teich 2")
    page.get_by_label("Name", exact=True).fill("Pegel 2")
    page.get_by_label("Ort", exact=True).select_option("3DVB54")
    page.get_by_role("button", name="Anmelden und Passwort zeigen").click()
    expect(page.get_by_text("Nur kleine Buchstaben")).to_be_visible()
    watch.forgive("422")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Pegel 2")
    page.get_by_label("Kennung").fill("teich-2")
    page.get_by_role("button", name="Anmelden und Passwort zeigen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Gerät teich-2 ist angemeldet")
    assert len(page.locator("#password").inner_text()) > 20
    assert_accessible(page)
    page.get_by_role("link", name="Weiter zum Gerät").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pegel 2")


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_work_at_a_device_is_entered_and_ended(office: Office, new_page: NewPage, size: tuple[int, int]) -> None:
    page = _signed_in(office, new_page(size))
    page.goto(f"{office.url}/staff/devices/boardwalk")
    page.get_by_text("Wartung eintragen").click()
    page.get_by_label("Was wird gemacht?").fill("Steg wird erneuert")
    page.get_by_role("button", name="Eintragen").click()
    expect(page.locator("#content")).to_contain_text("Steg wird erneuert – seit heute")
    page.goto(f"{office.url}/staff/?trail=stadtwald")
    expect(page.locator("#task-boardwalk")).to_have_count(0)
    expect(page.locator("#row-boardwalk")).to_contain_text("in Wartung")
    page.goto(f"{office.url}/staff/devices/boardwalk")
    page.get_by_role("button", name="Wartung beenden").click()
    expect(page.get_by_role("status")).to_have_text("Die Wartung ist beendet.")


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_a_message_is_read_again_and_settled(office: Office, new_page: NewPage, size: tuple[int, int]) -> None:
    page = _signed_in(office, new_page(size))
    page.goto(f"{office.url}/staff/quarantine?device=pond")
    page.get_by_role("button", name="Die 1 Nachricht noch einmal lesen").click()
    expect(page.locator("#replay")).to_contain_text("Wird gleich noch einmal gelesen.")
    page.get_by_role("button", name="Erledigt").click()
    expect(page.get_by_text("Hier liegt nichts")).to_be_visible()
    page.get_by_role("link", name="Erledigt").click()
    expect(page.get_by_text("erledigt von anna")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK, (320, 640)])
def test_every_page_can_be_used_by_everybody(
    office: Office, new_page: NewPage, size: tuple[int, int], theme: Literal["light", "dark"]
) -> None:
    page = _signed_in(office, new_page(size, theme))
    for path in PATHS:
        page.goto(office.url + path)
        for summary in page.locator("main details > summary").all():
            summary.click()
        assert_accessible(page)
        wide = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{path} is {wide} pixels too wide"


def test_a_phone_hides_nothing_of_the_list(office: Office, new_page: NewPage) -> None:
    page = _signed_in(office, new_page(PHONE))
    page.goto(f"{office.url}/staff/devices")
    row = page.locator("#row-pond")
    for part in ("Pegel am Teich", "läuft", "bis etwa", "alle 10", "gerade eben"):
        expect(row).to_contain_text(part)
    expect(row.get_by_role("cell").last).to_be_visible()
