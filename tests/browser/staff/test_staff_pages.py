"""The staff pages in a real browser: by keyboard, live, in both themes, on phone and desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from dashboards.access.roles import is_allowed
from dashboards.templating import MENU
from geodata.model.staff import Role
from geodata.store.access import audit
from geodata.store.database import Database
from geodata.vocabulary.audit import Action
from tests.dashboards.office import PASSWORD, Office, hire, observe, open_office, reject, report, seed
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.web.browser import DESK, PHONE, Watch, assert_accessible

NEW = "sieben Enten auf dem Teich"
SCRIPT = "<script>console.error('broken')</script><img src=x onerror=console.error(1)>"
PAGES = (*(address for address, _, _ in MENU), "/staff/devices/pond", "/staff/nowhere")

NewPage = Callable[..., Page]


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    """The trail with a device of every condition."""
    seed(database)
    now = datetime.now(UTC)
    observe(database, "counter", now, passes_in_total=5120, battery_level=91)
    observe(database, "pond", now - timedelta(days=1), water_level=41, battery_level=62)
    observe(database, "boardwalk", now, surface_wetness=72, battery_level=14)
    reject(database, "pond", b'{"time": 0}', "time is 0, which lies before 2020.", "time-too-early")
    report(database, "pond", "1.4.2", "b7f3")
    hire(database, "anna")
    with open_office(database) as opened:
        yield opened


def _sign_in(page: Page, office: Office, name: str = "anna") -> None:
    page.goto(f"{office.url}/staff/login")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()


def test_a_phone_shows_entries_of_the_audit_log_whole(office: Office, new_page: NewPage) -> None:
    with office.database.transaction() as connection:
        audit.by_command(connection, "root", Action.DEVICE_PASSWORD, "feuchtefuehler-an-der-landwehr")
    hire(office.database, "chef", Role.ADMIN)
    page = new_page(PHONE)
    _sign_in(page, office, "chef")
    page.goto(f"{office.url}/staff/audit")
    expect(page.get_by_text("feuchtefuehler-an-der-landwehr")).to_be_visible()
    cut_off = page.locator(".scroll").evaluate("box => box.scrollWidth - box.clientWidth")
    assert cut_off == 0, f"{cut_off} pixels"


@pytest.mark.parametrize("size", [PHONE, DESK])
@pytest.mark.parametrize("path", ["/staff/", "/staff/devices"])
def test_a_device_that_needs_somebody_differs_in_ground_and_shape_from_one_that_runs(
    office: Office, new_page: NewPage, size: tuple[int, int], path: str
) -> None:
    page = new_page(size)
    _sign_in(page, office)
    page.goto(office.url + path)

    def look(condition: str) -> tuple[str, str]:
        style = "chip => [getComputedStyle(chip).backgroundColor, getComputedStyle(chip).borderRadius]"
        ground, corner = page.locator(f"td .condition.{condition}").first.evaluate(style)
        return ground, corner

    for part in zip(look("running"), look("battery"), strict=True):
        assert part[0] != part[1]
    cell = page.locator("td:has(> .condition)").first.evaluate("cell => getComputedStyle(cell).backgroundColor")
    assert cell == "rgba(0, 0, 0, 0)", "the ground is the chip's, not the cell's"


def _wait_until_live(page: Page) -> None:
    expect(page.locator("#connection")).to_have_text("Die Seite hält sich selbst aktuell.")


def test_a_new_colleague_signs_in_and_chooses_a_password_by_keyboard_alone(office: Office, new_page: NewPage) -> None:
    hire(office.database, "bert", one_time=True)
    page = new_page(DESK)
    page.goto(f"{office.url}/staff/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Anmelden")
    while page.evaluate("document.activeElement.id") != "name":
        page.keyboard.press("Tab")  # skip link, the other language
    page.keyboard.type("bert")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mein Zugang")
    expect(page.get_by_text("gilt nur einmal")).to_be_visible()
    while page.evaluate("document.activeElement.id") != "current":
        page.keyboard.press("Tab")
    for typed in (PASSWORD, NEW, NEW):
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Stadtwald · heute")


def test_the_start_page_follows_the_forest_and_leaves_focus_and_scroll_alone(
    office: Office, database_url: str, new_page: NewPage
) -> None:
    page = new_page(DESK)
    _sign_in(page, office)
    _wait_until_live(page)
    row = page.locator("#row-soil")
    expect(row).to_contain_text("noch nie gemeldet")
    link = row.get_by_role("link")
    link.focus()
    page.evaluate("window.scrollTo(0, 300)")
    with Database(database_url) as elsewhere:
        observe(elsewhere, "soil", datetime.now(UTC), soil_moisture=31.4, battery_level=88)
    expect(row).to_contain_text("31\u00a0%")
    expect(row).to_contain_text("● läuft")
    expect(link).to_be_focused()
    assert page.evaluate("window.scrollY") == 300
    expect(page.locator("#plate-8XBJQN")).to_have_class("plate running")
    expect(page.get_by_role("status")).to_have_text("Braucht einen Besuch: 1 Gerät schweigt, 1 Akku schwach.")
    expect(page.locator("#task-soil")).to_have_count(0)


def test_a_revoked_session_is_thrown_out(office: Office, new_page: NewPage) -> None:
    page = new_page(DESK)
    _sign_in(page, office)
    _wait_until_live(page)
    with office.database.transaction() as connection:
        connection.execute("UPDATE staff_session SET revoked_at = now()")
    page.wait_for_url("**/staff/login?notice=ended", timeout=8000)
    expect(page.get_by_text("abgelaufen oder wurde beendet")).to_be_visible()


def test_a_lost_connection_is_said_and_found_again(office: Office, new_page: NewPage, watch: Watch) -> None:
    page = new_page(DESK)
    _sign_in(page, office)
    _wait_until_live(page)
    page.route("**/staff/live*", lambda route: route.abort())
    office.stopping.set()
    expect(page.locator("#connection")).to_contain_text("Verbindung ist unterbrochen")
    office.stopping.clear()
    page.unroute("**/staff/live*")
    expect(page.locator("#connection")).to_have_text("Die Seite hält sich selbst aktuell.", timeout=15_000)
    watch.forgive("ERR_FAILED")
    watch.forgive("htmx:sse:error")


def test_without_javascript_the_page_is_complete_and_says_when_it_was_made(office: Office, new_page: NewPage) -> None:
    page = new_page(PHONE, javascript=False)
    _sign_in(page, office)
    expect(page.locator(".made")).to_contain_text("Stand ")
    expect(page.locator("tbody tr")).to_have_count(4)
    expect(page.locator("#connection")).to_be_hidden()
    page.get_by_role("button", name="Menü").click()
    page.get_by_role("link", name="Quarantäne", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Quarantäne")


def test_what_a_device_writes_is_never_run(office: Office, new_page: NewPage) -> None:
    report(office.database, "pond", SCRIPT, SCRIPT)
    reject(office.database, "pond", SCRIPT.encode(), SCRIPT, SCRIPT)
    with office.database.transaction() as connection:
        connection.execute("UPDATE device SET name = %s WHERE id = 'pond'", [SCRIPT])
    wait_until(lambda: office.keeper.current.catalogue.devices["pond"].name == SCRIPT, 10, "the new name")
    page = new_page(DESK)
    _sign_in(page, office)
    _wait_until_live(page)
    for path in ("/staff/devices", "/staff/devices/pond", "/staff/quarantine"):
        page.goto(office.url + path)
        for summary in page.locator("summary").all():
            summary.click()
        assert page.locator("main script, main img").count() == 0
    expect(page.locator("pre").first).to_have_text(SCRIPT)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK])
def test_every_page_is_accessible(
    office: Office, new_page: NewPage, watch: Watch, size: tuple[int, int], theme: Literal["light", "dark"]
) -> None:
    page = new_page(size, theme, service_workers="allow")  # the care round has one
    page.goto(f"{office.url}/staff/login")
    assert_accessible(page)
    page.get_by_role("button", name="Anmelden").evaluate("button => button.form.noValidate = true")
    page.get_by_role("button", name="Anmelden").click()
    expect(page.get_by_text("Bitte geben Sie Ihren Namen ein.")).to_be_visible()
    assert_accessible(page)
    hire(office.database, "chef", Role.ADMIN)
    page.get_by_label("Name").fill("nobody")
    page.get_by_label("Passwort").fill("falsch")
    page.get_by_role("button", name="Anmelden").click()
    _sign_in(page, office, "chef")
    _wait_until_live(page)
    for path in PAGES:
        page.goto(office.url + path)
        for summary in page.locator("summary").all():
            summary.click()
        if size == PHONE:
            page.get_by_role("button", name="Menü").click()
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], path
    watch.forgive("404")
    watch.forgive("401")
    watch.forgive("422", is_sure=False)  # lost at times: the page that is told of is replaced at once


def test_the_menu_of_the_phone_opens_and_closes_by_keyboard(office: Office, new_page: NewPage) -> None:
    page = new_page(PHONE)
    _sign_in(page, office)
    menu = page.get_by_role("navigation", name="Bereiche")
    expect(menu).to_be_hidden()
    page.get_by_role("button", name="Menü").focus()
    page.keyboard.press("Enter")
    offered = [name for _, route, name in MENU if is_allowed(route, {Role.VIEWER})]
    assert {"Übersicht", "Nutzung", "Mein Zugang"} < set(offered)
    assert "Personen" not in offered
    expect(menu.get_by_role("link")).to_have_text(offered)
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
