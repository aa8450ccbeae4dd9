"""Counting by hand on the phone: taps survive reload, dead spot and a lapsed login, and are sent once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Dialog, Page, expect

from geodata.model.counting.count_session import CountSession
from geodata.model.staff import Role
from geodata.store.counting import sessions
from geodata.store.database import Database
from tests.dashboards.counting.test_pages import NOW, PAGE, mount
from tests.dashboards.office import PASSWORD, Office, hire, open_office, seed
from tests.fixtures.web.browser import DESK, PHONE, Watch, assert_accessible

NewPage = Callable[..., Page]


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    """A counter at the entrance, and a ranger."""
    seed(database)
    mount(database)
    hire(database, "ute", Role.RANGER)
    with open_office(database) as opened:
        yield opened


def open_page(page: Page, office: Office) -> None:
    page.goto(f"{office.url}/staff/login?next={PAGE}")
    sign_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Zähler Eingang")


def sign_in(page: Page) -> None:
    page.get_by_label("Name").fill("ute")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()


def tap(page: Page, way: str, times: int) -> None:
    for _ in range(times):
        page.locator(f"[data-way={way}]").click()


def shows(page: Page, way: str, count: int) -> None:
    expect(page.locator(f"[data-way={way}] strong")).to_have_text(str(count))


def make_longer(page: Page, office: Office, minutes: int) -> None:
    """As though it had begun earlier: the page keeps when it did, and nobody waits here."""
    page.evaluate(
        """minutes => new Promise(done => { const opening = indexedDB.open("counting", 1);
        opening.onsuccess = () => { const all = opening.result.transaction("sessions", "readwrite")
        .objectStore("sessions"); const got = all.get("counter"); got.onsuccess = () => { const session = got.result;
        session.started -= minutes * 60000; for (const tap of session.taps) tap[1] -= 60000;
        all.put(session, "counter").onsuccess = () => { opening.result.close(); done(); }; }; }; })""",
        minutes,
    )
    page.reload()
    expect(page.locator("#tally")).to_be_visible()


def kept(office: Office) -> list[CountSession]:
    with office.database.transaction() as connection:
        return sessions.of_device(connection, "counter")


def test_taps_are_counted_taken_back_kept_over_a_reload_and_sent_as_one_session(
    office: Office, new_page: NewPage
) -> None:
    page = new_page(PHONE)
    open_page(page, office)
    page.get_by_role("button", name="Jetzt beginnen").click()
    tap(page, "in", 3)
    tap(page, "out", 2)
    page.get_by_role("button", name="Zurücknehmen").click()
    shows(page, "out", 1)
    make_longer(page, office, 25)
    shows(page, "in", 3)
    shows(page, "out", 1)
    expect(page.locator("#clock")).to_contain_text("25:")
    page.get_by_role("button", name="Beenden").click()
    expect(page.locator("#sum")).to_contain_text("Hinein 3, Hinaus 1 in 25:")
    page.locator("#tally-note").fill("sonnig")
    page.get_by_role("button", name="Absenden").click()
    expect(page.get_by_role("status")).to_have_text("Danke, die Zählung ist gespeichert.")
    (session,) = kept(office)
    assert [(each.direction, each.seen) for each in session.tallies] == [("in", 3), ("out", 1)]
    assert timedelta(minutes=25) <= session.ended_at - session.started_at < timedelta(minutes=26)
    assert (session.counted_by, session.note) == ("ute", "sonnig")
    expect(page.get_by_role("button", name="Jetzt beginnen")).to_be_visible()


def test_without_network_the_count_waits_and_is_sent_later(office: Office, new_page: NewPage, watch: Watch) -> None:
    page = new_page(PHONE)
    open_page(page, office)
    page.get_by_role("button", name="Jetzt beginnen").click()
    make_longer(page, office, 25)
    page.context.set_offline(True)
    tap(page, "in", 2)
    page.get_by_role("button", name="Beenden").click()
    page.get_by_role("button", name="Absenden").click()
    expect(page.get_by_role("alert")).to_contain_text("Kein Netz. Ihre Zählung bleibt auf diesem Gerät")
    page.context.set_offline(False)
    page.get_by_role("button", name="Absenden").click()
    expect(page.get_by_role("status")).to_be_visible()
    assert [each.seen for each in kept(office)[0].tallies] == [2, 0]
    watch.forgive("ERR_INTERNET_DISCONNECTED")


def test_a_login_that_ended_meanwhile_costs_no_tap(office: Office, new_page: NewPage, watch: Watch) -> None:
    page = new_page(PHONE)
    open_page(page, office)
    page.get_by_role("button", name="Jetzt beginnen").click()
    tap(page, "in", 4)
    make_longer(page, office, 25)
    with office.database.transaction() as connection:
        connection.execute("UPDATE staff_session SET revoked_at = now()")
    page.get_by_role("button", name="Beenden").click()
    page.get_by_role("button", name="Absenden").click()
    expect(page.get_by_role("alert")).to_contain_text("Ihre Anmeldung ist abgelaufen")
    page.reload()
    sign_in(page)
    expect(page.locator("#sum")).to_contain_text("Hinein 4")
    page.get_by_role("button", name="Absenden").click()
    expect(page.get_by_role("status")).to_be_visible()
    assert kept(office)[0].tallies[0].seen == 4
    watch.forgive("401")


def test_too_short_a_count_is_said_and_goes_on(office: Office, new_page: NewPage, watch: Watch) -> None:
    page = new_page(PHONE)
    open_page(page, office)
    page.get_by_role("button", name="Jetzt beginnen").click()
    tap(page, "in", 1)
    make_longer(page, office, 3)
    page.get_by_role("button", name="Beenden").click()
    page.get_by_role("button", name="Absenden").click()
    expect(page.get_by_role("alert")).to_contain_text("Dauer der Zählung: 3 Minuten – erwartet: mindestens 10 Minuten")
    page.get_by_role("button", name="Weiterzählen").click()
    tap(page, "in", 1)
    shows(page, "in", 2)
    assert kept(office) == []
    watch.forgive("422")


def test_a_count_is_dropped_only_after_a_question(office: Office, new_page: NewPage) -> None:
    page = new_page(PHONE)
    open_page(page, office)
    page.get_by_role("button", name="Jetzt beginnen").click()
    tap(page, "in", 1)
    page.get_by_role("button", name="Beenden").click()
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.get_by_role("button", name="Verwerfen").click()
    expect(page.locator("#sum")).to_contain_text("Hinein 1")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Verwerfen").click()
    expect(page.get_by_role("button", name="Jetzt beginnen")).to_be_visible()


def test_the_script_speaks_the_language_of_the_page(office: Office, new_page: NewPage) -> None:
    page = new_page(PHONE)
    open_page(page, office)
    page.get_by_role("button", name="Menü").click()
    page.get_by_role("button", name="English").click()
    page.get_by_role("button", name="Start now").click()
    tap(page, "in", 2)
    page.get_by_role("button", name="End").click()
    expect(page.locator("#sum")).to_contain_text(re.compile(r"In 2, Out 0 in 0:\d\d minutes"))
    asked = list[str]()

    def agree(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.accept()

    page.once("dialog", agree)
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_role("button", name="Start now")).to_be_visible()
    assert asked == ["Really discard this count?"]
    assert_accessible(page)


def test_without_javascript_a_session_from_paper_is_a_plain_form(
    office: Office, new_page: NewPage, watch: Watch
) -> None:
    page = new_page(PHONE, javascript=False)
    open_page(page, office)
    expect(page.locator("#tally")).to_be_hidden()
    begin = (NOW - timedelta(hours=1)).astimezone(ZoneInfo("Europe/Berlin"))
    page.get_by_label("Tag", exact=True).fill(f"{begin:%Y-%m-%d}")
    page.get_by_label("Von").fill(f"{begin:%H:%M}")
    page.get_by_label("Bis").fill(f"{begin + timedelta(minutes=5):%H:%M}")
    page.get_by_label("Hinein").fill("12")
    page.get_by_label("Hinaus").fill("7")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("alert")).to_contain_text("erwartet: mindestens 10 Minuten")
    expect(page.get_by_label("Hinein")).to_have_value("12")
    page.get_by_label("Bis").fill(f"{begin + timedelta(minutes=35):%H:%M}")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("status")).to_have_text("Danke, die Zählung ist gespeichert.")
    assert [each.seen for each in kept(office)[0].tallies] == [12, 7]
    watch.forgive("422")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK])
def test_every_state_of_the_page_is_accessible_and_fits(
    office: Office, new_page: NewPage, size: tuple[int, int], theme: Literal["light", "dark"]
) -> None:
    page = new_page(size, theme)
    open_page(page, office)
    for press in ("Jetzt beginnen", "Beenden", ""):
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        for button in page.locator("#tally button:visible").all():
            box = button.bounding_box()
            assert box is not None
            assert box["height"] >= 48, button.inner_text()
        if press:
            page.get_by_role("button", name=press).click()
