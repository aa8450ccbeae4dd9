"""Logins in a browser: an invitation, a passkey alone and behind a password, an app, and text that nobody loses."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Literal

import psycopg
import pytest
from playwright.sync_api import CDPSession, Page, expect
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from pyotp.totp import TOTP

from geodata.model.staff import Role
from geodata.store.database import Database
from tests.dashboards.office import PASSWORD, Office, hire, open_office, seed
from tests.dashboards.reports.test_pages import told
from tests.fixtures.web.browser import DESK, PHONE, Watch, assert_accessible

NEW = "sieben Enten auf dem Teich"
LONG = (
    "Danke für den Hinweis!\n\nDer Baum ist morgen weg: „Sturm Ute“ & Freunde brauchen einen Tag <länger>.\n" * 9
    + "Gruß"
)

NewPage = Callable[..., Page]


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    """Under a name: browsers take part in passkeys of no address."""
    seed(database)
    hire(database, "chef", Role.ADMIN)
    with open_office(database, host="localhost") as opened:
        yield opened


def _sign_in(page: Page, office: Office, name: str = "chef") -> None:
    page.goto(f"{office.url}/staff/login")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden", exact=True).click()


def _authenticator(page: Page, *, verifies: bool = True) -> tuple[CDPSession, str]:
    """A device that holds passkeys and says yes to everything, as a finger on a sensor does."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": verifies,
        "automaticPresenceSimulation": True,
    }
    added = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, added["authenticatorId"]


def _invited(admin: Page, office: Office, name: str) -> str:
    admin.goto(f"{office.url}/staff/people")
    admin.get_by_role("link", name="Person einladen").first.click()
    admin.get_by_label("Name zum Anmelden").fill(name)
    admin.get_by_label("Redaktion").check()
    admin.get_by_role("button", name="Einladen").click()
    return admin.get_by_label("Link", exact=True).input_value()


@pytest.mark.parametrize(("size", "theme"), [(PHONE, "dark"), (DESK, "light")])
def test_somebody_invited_makes_a_passkey_and_comes_back_with_it_alone(
    office: Office, new_page: NewPage, size: tuple[int, int], theme: Literal["light", "dark"]
) -> None:
    admin = new_page(size, theme)
    _sign_in(admin, office)
    link = _invited(admin, office, "Nora")
    assert_accessible(admin)
    page = new_page(size, theme)
    _authenticator(page)
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Willkommen im Team")
    assert_accessible(page)
    page.get_by_role("button", name="Passkey anlegen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Stadtwald · heute")
    if size == PHONE:
        page.get_by_role("button", name="Menü").click()
    page.get_by_role("button", name="Abmelden", exact=True).click()
    page.get_by_role("button", name="Mit Passkey anmelden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Stadtwald · heute")
    page.goto(f"{office.url}/staff/account")
    expect(page.get_by_text("Mein Gerät", exact=True)).to_be_visible()
    assert_accessible(page)


def test_a_passkey_is_asked_for_behind_the_password_and_paper_stands_in(office: Office, new_page: NewPage) -> None:
    page = new_page(DESK)
    device, authenticator = _authenticator(page)
    _sign_in(page, office)
    page.goto(f"{office.url}/staff/account")
    page.get_by_label("Name des Passkeys").fill("Mein Telefon")
    page.get_by_role("button", name="Passkey hinzufügen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Codes für Papier")
    assert_accessible(page)
    code = page.locator("ol code").first.inner_text()
    page.get_by_role("button", name="Abmelden", exact=True).click()
    _sign_in(page, office)
    expect(page.get_by_role("heading", level=1)).to_have_text("Noch ein Schritt")
    assert_accessible(page)
    page.get_by_role("button", name="Passkey zeigen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Stadtwald · heute")
    page.get_by_role("button", name="Abmelden", exact=True).click()
    device.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": authenticator})
    _sign_in(page, office)
    page.get_by_role("textbox", name="Code").fill(code)
    page.get_by_role("button", name="Weiter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Stadtwald · heute")


def test_a_device_that_does_not_know_who_holds_it_opens_nothing_alone(
    office: Office, new_page: NewPage, watch: Watch
) -> None:
    page = new_page(DESK)
    device, authenticator = _authenticator(page)
    _sign_in(page, office)
    page.goto(f"{office.url}/staff/account")
    page.get_by_role("button", name="Passkey hinzufügen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Codes für Papier")
    page.get_by_role("button", name="Abmelden", exact=True).click()
    device.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
    page.get_by_role("button", name="Mit Passkey anmelden").click()
    expect(page.get_by_role("alert").filter(has_text="nicht geklappt")).to_be_visible()
    assert page.url.endswith("/staff/login?notice=signed-out")
    watch.forgive("", is_sure=False)


def test_a_passkey_that_was_copied_is_refused(office: Office, new_page: NewPage, watch: Watch) -> None:
    page = new_page(DESK)
    _authenticator(page)
    _sign_in(page, office)
    page.goto(f"{office.url}/staff/account")
    page.get_by_role("button", name="Passkey hinzufügen").click()
    page.get_by_role("button", name="Abmelden", exact=True).click()
    with office.database.transaction() as connection:
        connection.execute("UPDATE staff_passkey SET sign_count = 1000")
    page.get_by_role("button", name="Mit Passkey anmelden").click()
    expect(page.get_by_text("Der Passkey wurde nicht angenommen.")).to_be_visible()
    watch.forgive("422", is_sure=False)


@pytest.mark.parametrize(("size", "theme"), [(PHONE, "light"), (DESK, "dark")])
def test_an_app_is_set_up_from_its_picture_and_asked_for(
    office: Office, new_page: NewPage, size: tuple[int, int], theme: Literal["light", "dark"]
) -> None:
    page = new_page(size, theme)
    _sign_in(page, office)
    page.goto(f"{office.url}/staff/account")
    page.get_by_role("button", name="Einrichten").click()
    assert_accessible(page)
    app = TOTP(page.locator("#app ~ p code").inner_text().replace(" ", ""))
    step = int(office.clock().timestamp()) // 30
    page.get_by_role("textbox", name="Code").fill(app.generate_otp(step - 1))
    page.get_by_role("button", name="Einschalten").click()
    expect(page.locator("ol code")).to_have_count(10)
    expect(page.get_by_role("button", name="Drucken")).to_be_visible()
    page.get_by_role("link", name="Fertig").click()
    assert_accessible(page)
    page.get_by_role("button", name="Überall abmelden").click()
    _sign_in(page, office)
    page.get_by_role("textbox", name="Code").fill(app.generate_otp(int(office.clock().timestamp()) // 30))
    page.get_by_role("button", name="Weiter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Stadtwald · heute")


def _write_answer(page: Page, office: Office) -> None:
    page.goto(f"{office.url}/staff/reports/{told(office.database)}")
    page.get_by_label("in Arbeit").check()
    page.get_by_label("Antwort").fill(LONG)


def _answers(office: Office) -> list[str]:
    with office.database.transaction() as connection:
        return [str(row[0]) for row in connection.execute("SELECT answer FROM report").fetchall()]


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_a_session_that_ended_while_typing_loses_nothing(
    office: Office, new_page: NewPage, watch: Watch, size: tuple[int, int]
) -> None:
    page = new_page(size)
    _sign_in(page, office)
    _write_answer(page, office)
    with office.database.transaction() as connection:
        connection.execute("UPDATE staff_session SET revoked_at = now()")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_text("Ihre Anmeldung ist zu Ende.")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Name", exact=True).fill("chef")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ihre Eingabe ist noch da")
    assert_accessible(page)
    assert _answers(office) == [""]
    page.get_by_role("button", name="Jetzt absenden").click()
    expect(page.get_by_text("Gespeichert.")).to_be_visible()
    assert _answers(office) == [LONG]
    watch.forgive("401", is_sure=False)


@contextmanager
def _away(url: str) -> Generator[None]:
    """The database of ``url`` takes nobody, and whoever is in it is out."""
    name = conninfo_to_dict(url)["dbname"]
    with psycopg.connect(make_conninfo(url, dbname="postgres"), autocommit=True) as server:
        server.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS false'.encode())
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        try:
            yield
        finally:
            server.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS true'.encode())


def test_a_database_that_goes_away_while_typing_loses_nothing(
    office: Office, database_url: str, new_page: NewPage, watch: Watch
) -> None:
    page = new_page(DESK)
    page.set_default_timeout(40_000)
    _sign_in(page, office)
    _write_answer(page, office)
    with _away(database_url):
        page.get_by_role("button", name="Speichern").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Das System antwortet gerade nicht", timeout=40_000)
        assert_accessible(page)
    page.get_by_role("button", name="Noch einmal versuchen").click()
    expect(page.get_by_text("Gespeichert.")).to_be_visible(timeout=40_000)
    assert _answers(office) == [LONG]
    watch.forgive("503", is_sure=False)


@pytest.mark.parametrize(("size", "theme"), [(PHONE, "light"), (PHONE, "dark"), (DESK, "light"), (DESK, "dark")])
def test_pages_about_people_are_accessible_and_fit(
    office: Office, new_page: NewPage, watch: Watch, size: tuple[int, int], theme: Literal["light", "dark"]
) -> None:
    hire(office.database, "anna.von.der.landwehr-berg", Role.RANGER, town="lemgo")
    page = new_page(size, theme)
    _sign_in(page, office)
    for path in ("people", "people/add?municipality=lemgo", "people/2", "audit?who=chef", "account"):
        page.goto(f"{office.url}/staff/{path}")
        for summary in page.locator("main summary").all():
            if not summary.evaluate("each => each.parentElement.open"):
                summary.click()
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], path
    watch.forgive("404", is_sure=False)
