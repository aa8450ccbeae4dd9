"""The care round on a phone in the forest: taken along, ticked off without a network, sent once when it is back."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from geodata.model.care.visit import CareVisit
from geodata.model.care.work import CareTask, WorkKind
from geodata.model.staff import Role
from geodata.store.care import tasks, visits
from geodata.store.database import Database
from geodata.times import utc_now
from tests.browser.test_scanner import before_camera
from tests.dashboards.office import PASSWORD, Office, hire, open_office, seed
from tests.dashboards.reports.test_pages import told
from tests.fixtures.web.browser import DESK, PHONE, Watch, assert_accessible

NewPage = Callable[..., Page]
ROUND = "/staff/care?trail=stadtwald"
ENTRANCE, PONDS, SPRUCES = "K7YNX0", "3DVB54", "8XBJQN"
READY = "() => document.documentElement.dataset.ready !== undefined"


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    """A report at the ponds, a task at the entrance, two rangers."""
    seed(database)
    told(database)
    with database.transaction() as connection:
        task = CareTask(
            id=0, trail="stadtwald", station=ENTRANCE, along_m=None, text="Tafel putzen", bring="Lappen",
            created_by="ute", created_at=utc_now(),
        )  # fmt: skip
        tasks.add(connection, task)
    hire(database, "ute", Role.RANGER)
    hire(database, "bert", Role.RANGER)
    with open_office(database, compressed=True) as opened:
        yield opened


def sign_in(page: Page, name: str = "ute") -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()


def open_round(page: Page, office: Office, name: str = "ute") -> None:
    page.goto(f"{office.url}{ROUND}")
    sign_in(page, name)
    is_ready(page)


def is_ready(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Runde: Stadtwald")
    page.wait_for_function(READY)


def at_sign(page: Page, code: str) -> None:
    page.get_by_label("Code oder Nummer").fill(code)
    page.get_by_role("button", name="Öffnen").click()
    expect(stop(page, code).get_by_label("Notiz")).to_be_visible()


def stop(page: Page, code: str) -> Locator:
    return page.locator(f"[data-code='{code}']")


def photo() -> bytes:
    with io.BytesIO() as file:
        Image.new("RGB", (3000, 2000), "green").save(file, "JPEG", exif=b"Exif\0\0secret place")
        return file.getvalue()


def kept(office: Office) -> list[CareVisit]:
    with office.database.transaction() as connection:
        return sorted(visits.newest(connection, "stadtwald", 50), key=lambda visit: visit.visited_at)


def walk(page: Page) -> None:
    """Tick three stations at their signs, with a photo and a note."""
    at_sign(page, ENTRANCE)
    stop(page, ENTRANCE).get_by_label("erledigt").check()
    stop(page, ENTRANCE).get_by_role("button", name="Speichern").click()
    at_sign(page, PONDS)
    ponds = stop(page, PONDS)
    ponds.get_by_role("group", name="Ein Baum liegt quer").get_by_label("erledigt").check()
    ponds.get_by_label("Notiz").fill("Baum ist weg, Säge stumpf")
    ponds.get_by_label("Foto").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    expect(ponds.get_by_text("Foto ist dabei")).to_be_visible()
    ponds.get_by_role("button", name="Speichern").click()
    at_sign(page, SPRUCES)
    stop(page, SPRUCES).get_by_label("Akku getauscht").check()
    stop(page, SPRUCES).get_by_role("button", name="Speichern").click()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_whole_round_in_airplane_mode_is_on_the_server_once_when_the_line_is_back(
    office: Office, new_page: NewPage, watch: Watch, theme: Literal["light", "dark"]
) -> None:
    page = new_page(PHONE, theme, service_workers="allow")
    open_round(page, office)
    expect(page.locator("#kept")).to_have_text("Die Runde ist auf diesem Gerät: Sie geht auch ohne Netz.")
    assert_accessible(page)
    page.context.set_offline(True)
    page.reload()
    is_ready(page)
    walk(page)
    expect(page.locator("#outbox")).to_have_text("Einträge warten auf Netz: 3")
    assert_accessible(page)
    page.reload()
    is_ready(page)
    expect(page.locator("#outbox")).to_have_text("Einträge warten auf Netz: 3")
    assert kept(office) == []
    page.context.set_offline(False)
    expect(page.locator("#outbox")).to_have_text("Alles ist gesendet.")
    entrance, ponds, spruces = kept(office)
    assert [visit.station for visit in (entrance, ponds, spruces)] == [ENTRANCE, PONDS, SPRUCES]
    assert all(visit.at_sign and visit.visited_by == "ute" for visit in (entrance, ponds, spruces))
    assert (ponds.note, ponds.has_picture) == ("Baum ist weg, Säge stumpf", True)
    assert [tick.kind for tick in spruces.ticks] == [WorkKind.DEVICE]
    with office.database.transaction() as connection:
        assert tasks.open_of_trail(connection, "stadtwald") == []
        assert b"secret" not in visits.picture(connection, ponds.id)
        assert connection.execute("SELECT state FROM report").fetchall() == [("done",)]
    page.reload()
    is_ready(page)
    expect(page.locator("#last")).to_have_text("Letzte Runde: heute, ute")
    assert len(kept(office)) == 3
    watch.forgive("ERR_INTERNET_DISCONNECTED", is_sure=False)


def save(page: Page, code: str, note: str) -> None:
    at_sign(page, code)
    stop(page, code).get_by_label("Notiz").fill(note)
    stop(page, code).get_by_role("button", name="Nur Notiz speichern").or_(
        stop(page, code).get_by_role("button", name="Speichern", exact=True)
    ).first.click()


def test_a_login_that_ended_in_the_forest_costs_nothing(office: Office, new_page: NewPage, watch: Watch) -> None:
    page = new_page(PHONE, service_workers="allow")
    open_round(page, office)
    with office.database.transaction() as connection:
        connection.execute("UPDATE staff_session SET revoked_at = now()")
    save(page, ENTRANCE, "Weg frei")
    expect(page.locator("#outbox")).to_contain_text("Bitte anmelden, Einträge warten: 1")
    page.locator("#outbox").get_by_role("link", name="Anmelden").click()
    sign_in(page)
    is_ready(page)
    expect(page.locator("#outbox")).to_have_text("Alles ist gesendet.")
    assert [visit.note for visit in kept(office)] == ["Weg frei"]
    watch.forgive("401")


def test_entries_stay_with_who_wrote_them_on_a_phone_of_two(office: Office, new_page: NewPage, watch: Watch) -> None:
    page = new_page(PHONE, service_workers="allow")
    open_round(page, office)
    page.context.set_offline(True)
    save(page, ENTRANCE, "von Ute")
    expect(page.locator("#outbox")).to_have_text("Einträge warten auf Netz: 1")
    page.context.clear_cookies()
    page.context.set_offline(False)
    open_round(page, office, "bert")
    expect(page.locator("#outbox")).to_contain_text("Einträge von ute warten: 1.")
    expect(stop(page, ENTRANCE).get_by_text("wartet auf Netz")).to_have_count(0)
    save(page, PONDS, "von Bert")
    expect(page.locator("#outbox")).to_contain_text("Alles ist gesendet.")
    page.context.clear_cookies()
    open_round(page, office, "ute")
    expect(page.locator("#outbox")).to_have_text("Alles ist gesendet.")
    assert sorted((visit.visited_by, visit.note) for visit in kept(office)) == [
        ("bert", "von Bert"),
        ("ute", "von Ute"),
    ]
    watch.forgive("ERR_INTERNET_DISCONNECTED", is_sure=False)
    watch.forgive("401", is_sure=False)


def test_what_is_being_filled_in_is_there_again_after_the_phone_was_off(office: Office, new_page: NewPage) -> None:
    page = new_page(PHONE, service_workers="allow")
    open_round(page, office)
    at_sign(page, PONDS)
    ponds = stop(page, PONDS)
    ponds.get_by_label("Notiz").fill("halb ge")
    ponds.get_by_label("in Arbeit").check()
    ponds.get_by_label("Foto").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    expect(ponds.get_by_text("Foto ist dabei")).to_be_visible()
    page.reload()
    is_ready(page)
    expect(ponds.get_by_label("Notiz")).to_have_value("halb ge")
    expect(ponds.get_by_label("in Arbeit")).to_be_checked()
    expect(ponds.get_by_text("Foto ist dabei")).to_be_visible()
    expect(ponds.get_by_text("am Schild")).to_be_visible()
    ponds.get_by_role("button", name="Speichern").click()
    expect(page.locator("#outbox")).to_have_text("Alles ist gesendet.")
    (visit,) = kept(office)
    assert (visit.note, visit.has_picture, visit.at_sign) == ("halb ge", True, True)


def test_the_worker_answers_for_the_round_alone_and_signing_out_leaves_no_copy(
    office: Office, new_page: NewPage, watch: Watch
) -> None:
    page = new_page(DESK, service_workers="allow")
    open_round(page, office)
    page.goto(f"{office.url}/staff/reports")
    assert page.evaluate("navigator.serviceWorker.controller") is None
    scopes = "navigator.serviceWorker.getRegistrations().then(all => all.map(one => new URL(one.scope).pathname))"
    assert page.evaluate(scopes) == ["/staff/care"]
    kept_pages = "caches.open('staff-care').then(c => c.keys()).then(all => all.map(one => new URL(one.url).pathname))"
    assert "/staff/care" in page.evaluate(kept_pages)
    assert not {"/staff/reports", "/staff/"} & set(page.evaluate(kept_pages))
    page.get_by_role("button", name="Abmelden").click()
    expect(page.get_by_text("Sie sind abgemeldet.")).to_be_visible()
    page.wait_for_function("() => caches.has('staff-care').then(isThere => !isThere)")
    assert watch.faults == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK])
def test_every_open_stop_is_accessible_fits_and_has_room_for_a_thumb(
    office: Office, new_page: NewPage, size: tuple[int, int], theme: Literal["light", "dark"]
) -> None:
    page = new_page(size, theme, service_workers="allow")
    open_round(page, office)
    for summary in page.locator("summary").all():
        summary.click()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    for pressed in page.locator(".stops :is(summary, button, .choices label), #sign button:visible").all():
        box = pressed.bounding_box()
        assert box is not None
        assert box["height"] >= 44, pressed.inner_text()
    for path in ("/staff/care/tasks?trail=stadtwald", "/staff/care/rounds?trail=stadtwald"):
        page.goto(office.url + path)
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_a_number_opens_the_station_and_confirms_nothing(office: Office, new_page: NewPage) -> None:
    page = new_page(PHONE, service_workers="allow")
    open_round(page, office)
    page.get_by_label("Code oder Nummer").fill("4")
    page.get_by_role("button", name="Öffnen").click()
    expect(stop(page, PONDS).get_by_label("Notiz")).to_be_visible()
    expect(stop(page, PONDS).get_by_text("am Schild")).to_have_count(0)
    page.get_by_label("Code oder Nummer").fill("77MJVK")
    page.get_by_role("button", name="Öffnen").click()
    expect(page.locator("#told")).to_contain_text("Code")


def test_the_first_visit_fits_60_kilobytes_on_edge_and_a_slow_phone(office: Office, new_page: NewPage) -> None:
    page = new_page(PHONE, service_workers="allow")
    page.goto(f"{office.url}/staff/login?next={ROUND}")
    page.get_by_label("Name").fill("ute")
    page.get_by_label("Passwort").fill(PASSWORD)
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")
    edge = {"offline": False, "latency": 400, "downloadThroughput": 30_000, "uploadThroughput": 15_000}
    session.send("Network.emulateNetworkConditions", edge)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    sizes: list[int] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    page.get_by_role("button", name="Anmelden").click()
    page.wait_for_function(READY, timeout=30_000)
    expect(page.locator("#kept")).to_have_text("Die Runde ist auf diesem Gerät: Sie geht auch ohne Netz.")
    assert 10_000 < sum(sizes) <= 60_000, sizes


def test_the_sign_before_the_camera_opens_and_confirms_its_station(
    office: Office, browser: Browser, watch: Watch
) -> None:
    with before_camera(browser, watch, f"{office.url}/s/{PONDS}") as page:
        open_round(page, office)
        page.get_by_role("button", name="Schild scannen").click()
        expect(page.locator("#told")).to_have_text("Station 4: am Schild bestätigt.", timeout=30_000)
        expect(page.get_by_role("button", name="Schild scannen")).to_be_visible()
        assert page.evaluate("document.getElementById('camera').srcObject") is None
        expect(stop(page, PONDS).get_by_label("Code vom Schild")).to_have_value(PONDS)


def test_without_scripts_a_station_is_ticked_by_a_plain_form(office: Office, new_page: NewPage) -> None:
    page = new_page(PHONE, javascript=False)
    page.goto(f"{office.url}{ROUND}")
    sign_in(page)
    entrance = stop(page, ENTRANCE)
    entrance.locator("summary").click()
    entrance.get_by_label("erledigt").check()
    entrance.get_by_label("Code vom Schild").fill("k7yn-x0")
    entrance.get_by_label("Foto").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    entrance.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("status").first).to_have_text("Danke, das ist gespeichert.")
    (visit,) = kept(office)
    assert (visit.at_sign, visit.has_picture, len(visit.ticks)) == (True, True, 1)
