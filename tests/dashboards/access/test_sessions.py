"""Sessions: the cookie, how long they last, and how they end."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx

from dashboards.access import accounts
from dashboards.access.passwords import hash_password
from geodata.model.staff import Role
from geodata.store.access import staff
from geodata.store.database import Database
from tests.dashboards.office import PASSWORD, Office, hire, open_office

NEW = "sieben Enten auf dem Teich"


def _cookie(visitor: httpx.Client) -> str:
    return visitor.cookies["digitalpfad"]


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(office: Office) -> None:
    hire(office.database, "anna")
    answer = office.visitor().post("/staff/login", data={"name": "anna", "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert re.fullmatch(r"digitalpfad=[\w-]{43}; HttpOnly; Max-Age=604800; Path=/; SameSite=lax", cookie)


def test_behind_tls_the_cookie_is_bound_to_host_and_encryption(database: Database) -> None:
    hire(database, "anna")
    with open_office(database, "https://pfad.example") as office:
        answer = office.visitor().post("/staff/login", data={"name": "anna", "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-digitalpfad=")
    assert "Secure" in cookie
    assert "Domain" not in cookie


def test_the_database_holds_no_token(office: Office) -> None:
    hire(office.database, "anna")
    token = _cookie(office.signed_in("anna"))
    with office.database.transaction() as connection:
        stored = connection.execute("SELECT token_digest FROM staff_session").fetchall()
    assert [bytes(row[0]) for row in stored] == [accounts.digest(token)]


def test_changing_the_password_throws_out_everybody_else_with_the_old_one(office: Office) -> None:
    hire(office.database, "anna")
    elsewhere, here = office.signed_in("anna"), office.signed_in("anna")
    before = _cookie(here)
    here.post("/staff/account/password", data={"current": PASSWORD, "new": NEW, "again": NEW})
    assert _cookie(here) != before
    assert here.get("/staff/").status_code == 200
    assert elsewhere.get("/staff/").status_code == 303


def test_every_login_gives_a_new_token_and_ends_the_one_before(office: Office) -> None:
    hire(office.database, "anna")
    visitor = office.signed_in("anna")
    first = _cookie(visitor)
    visitor.post("/staff/login", data={"name": "anna", "password": PASSWORD})
    assert _cookie(visitor) != first
    assert office.visitor().get("/staff/", headers={"Cookie": f"digitalpfad={first}"}).status_code == 303


def test_a_replayed_cookie_opens_nothing_after_signing_out(office: Office) -> None:
    hire(office.database, "anna")
    visitor = office.signed_in("anna")
    old = _cookie(visitor)
    answer = visitor.post("/staff/logout")
    assert answer.headers["location"] == "/staff/login?notice=signed-out"
    assert "digitalpfad" not in visitor.cookies
    assert office.visitor().get("/staff/", headers={"Cookie": f"digitalpfad={old}"}).status_code == 303


def test_signing_out_everywhere_ends_all_sessions_of_this_person_only(office: Office) -> None:
    hire(office.database, "anna")
    hire(office.database, "bert")
    anna, annas_phone, bert = office.signed_in("anna"), office.signed_in("anna"), office.signed_in("bert")
    anna.post("/staff/account/sign-out-everywhere")
    assert [visitor.get("/staff/").status_code for visitor in (anna, annas_phone, bert)] == [303, 303, 200]


def test_a_session_ends_after_twelve_hours_without_use(office: Office) -> None:
    hire(office.database, "anna")
    visitor = office.signed_in("anna")
    office.clock.ahead = timedelta(hours=11)
    assert visitor.get("/staff/").status_code == 200
    office.clock.ahead = timedelta(hours=22)
    assert visitor.get("/staff/").status_code == 200, "used eleven hours ago"
    office.clock.ahead = timedelta(hours=34, minutes=1)
    assert visitor.get("/staff/").status_code == 303


def test_a_session_ends_after_seven_days_however_busy(office: Office) -> None:
    hire(office.database, "anna")
    visitor = office.signed_in("anna")
    for hours in range(11, 7 * 24, 11):
        office.clock.ahead = timedelta(hours=hours)
        assert visitor.get("/staff/").status_code == 200
    office.clock.ahead = timedelta(days=7, minutes=1)
    assert visitor.get("/staff/").status_code == 303


def test_a_disabled_account_is_out_at_once(office: Office) -> None:
    hire(office.database, "anna", Role.ADMIN)
    visitor = office.signed_in("anna")
    with office.database.transaction() as connection:
        assert [one.sessions for one in staff.entries(connection)] == [1]
        staff.disable(connection, "Anna")
        assert [one.sessions for one in staff.entries(connection)] == [0]
    assert visitor.get("/staff/").status_code == 303
    answer = office.visitor().post("/staff/login", data={"name": "anna", "password": PASSWORD})
    assert answer.status_code == 401


def test_a_password_that_was_reset_ends_all_sessions_and_has_to_be_replaced(office: Office) -> None:
    hire(office.database, "anna")
    visitor = office.signed_in("anna")
    with office.database.transaction() as connection:
        staff.set_password(connection, "anna", hash_password("eins zwei drei vier"), one_time=True)
    assert visitor.get("/staff/").status_code == 303
    again = office.visitor()
    again.post("/staff/login", data={"name": "anna", "password": "eins zwei drei vier"})
    assert again.get("/staff/").headers["location"] == "/staff/account"


def test_one_sees_ones_open_sessions_and_ends_one_of_them(office: Office) -> None:
    hire(office.database, "anna")
    hire(office.database, "bert")
    here, phone, bert = office.signed_in("anna"), office.signed_in("anna"), office.signed_in("bert")
    page = here.get("/staff/account").text
    ends = re.findall(r'action="(/staff/account/sessions/\d+/end)"', page)
    assert page.count("Diese hier") == len(ends) == 1
    assert not re.search(r"127\.0\.0\.1|httpx", page.split("Offene Anmeldungen")[1])
    assert bert.post(ends[0]).headers["location"].endswith("notice=gone#sessions"), "nobody ends another's"
    assert phone.get("/staff/").status_code == 200
    assert here.post(ends[0]).headers["location"].endswith("notice=session#sessions")
    assert [phone.get("/staff/").status_code, here.get("/staff/").status_code] == [303, 200]


def test_sessions_that_are_over_are_not_listed(office: Office) -> None:
    hire(office.database, "anna")
    office.signed_in("anna").post("/staff/logout")
    office.signed_in("anna")
    office.clock.ahead = timedelta(hours=13)
    assert "Eine andere" not in office.signed_in("anna").get("/staff/account").text
