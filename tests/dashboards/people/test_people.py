"""Who may sign in: inviting, roles per town, shutting off; nobody decides about what is not theirs."""

from __future__ import annotations

import re

import httpx
import pytest

from geodata.model.staff import Grant, Role
from geodata.store.access import audit, staff
from geodata.store.database import Database
from geodata.vocabulary.audit import Action
from tests.dashboards.office import PASSWORD, Office, hire

NEW = "sieben Enten auf dem Teich"
LINK = re.compile(r"/staff/invitation/[\w-]{43}")


@pytest.fixture
def admin(office: Office) -> httpx.Client:
    """Whoever decides about everybody; beside Lemgo there is Kalletal."""
    with office.database.transaction() as connection:
        connection.execute("INSERT INTO municipality (slug, name) VALUES ('kalletal', 'Kalletal')")
    hire(office.database, "chef", Role.ADMIN)
    return office.signed_in("chef")


def person(database: Database, name: str) -> int:
    with database.transaction() as connection:
        found = staff.find(connection, name)
    assert found is not None
    return found.staff.id


def grants(database: Database, name: str) -> set[Grant]:
    with database.transaction() as connection:
        found = staff.find(connection, name)
    assert found is not None
    return set(found.staff.grants)


def also(database: Database, name: str, grant: Grant) -> None:
    with database.transaction() as connection:
        before = staff.get(connection, person(database, name)).staff.grants
        staff.set_grants(connection, person(database, name), [*before, grant])


def invite(client: httpx.Client, name: str, role: str = "editor", town: str = "") -> str:
    """The link's path, as the page shows it."""
    address = "/staff/people" + (f"?municipality={town}" if town else "")
    answer = client.post(address, data={"name": name, "role": role})
    assert answer.status_code == 200, answer.text
    return LINK.findall(answer.text)[0]


def test_an_invited_person_chooses_a_password_on_the_link_and_is_in(office: Office, admin: httpx.Client) -> None:
    link = invite(admin, "Nora Feld", "ranger", "lemgo")
    new = office.visitor()
    assert "nora feld" in new.get(link).text
    answer = new.post(link, data={"new": NEW, "again": NEW})
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/")
    assert new.get("/staff/").status_code == 200
    assert grants(office.database, "nora feld") == {Grant(Role.RANGER, "lemgo")}
    assert office.signed_in("Nora Feld", NEW).get("/staff/").status_code == 200


def test_a_link_is_good_once_and_only_the_newest_is(office: Office, admin: httpx.Client) -> None:
    first = invite(admin, "nora")
    address = f"/staff/people/{person(office.database, 'nora')}/invite"
    second = LINK.findall(admin.post(address).text)[0]
    assert office.visitor().get(first).status_code == 404
    assert office.visitor().post(second, data={"new": NEW, "again": NEW}).status_code == 303
    for late in (office.visitor().get(second), office.visitor().post(second, data={"new": NEW, "again": NEW})):
        assert late.status_code == 404
        assert "Dieser Link gilt nicht mehr" in late.text


def test_a_link_ends_after_seven_days(office: Office, admin: httpx.Client) -> None:
    link = invite(admin, "nora")
    with office.database.transaction() as connection:
        connection.execute("UPDATE staff_token SET created_at = now() - interval '6 days 23 hours'")
    assert office.visitor().get(link).status_code == 200
    with office.database.transaction() as connection:
        connection.execute("UPDATE staff_token SET created_at = now() - interval '7 days 1 minute'")
    assert office.visitor().get(link).status_code == 404
    assert "Einladung abgelaufen" in admin.get("/staff/people").text


def test_the_table_holds_no_link(office: Office, admin: httpx.Client) -> None:
    token = invite(admin, "nora").rpartition("/")[2]
    with office.database.transaction() as connection:
        rows = str(connection.execute("SELECT staff_token::text FROM staff_token").fetchall())
        rows += str(connection.execute("SELECT audit::text FROM audit").fetchall())
    assert token not in rows


def test_an_invited_person_cannot_sign_in_before(office: Office, admin: httpx.Client) -> None:
    invite(admin, "nora")
    for password in ("", "None", PASSWORD):
        answer = office.visitor().post("/staff/login", data={"name": "nora", "password": password})
        assert answer.status_code in {401, 422}


@pytest.mark.parametrize(
    ("name", "role", "sentence"),
    [
        ("chef", "editor", "Diesen Namen gibt es schon"),
        ("", "editor", "Bitte geben Sie einen Namen ein"),
        ("\u200b", "editor", "einen Namen aus Buchstaben"),
        ("x" * 101, "editor", "höchstens 100 Zeichen"),
        ("nora", "king", "Bitte wählen Sie"),
        ("nora", "", "Bitte wählen Sie"),
    ],
)
def test_what_is_wrong_with_an_invitation_is_said_at_its_field(
    admin: httpx.Client, name: str, role: str, sentence: str
) -> None:
    answer = admin.post("/staff/people", data={"name": name, "role": role})
    assert answer.status_code == 422
    assert sentence in answer.text
    if name and len(name) < 50:
        assert f'value="{name}"' in answer.text, "nothing typed is lost"


def test_a_new_link_leaves_the_old_password_until_a_new_one_is_chosen(office: Office, admin: httpx.Client) -> None:
    hire(office.database, "anna")
    open_session = office.signed_in("anna")
    link = LINK.findall(admin.post(f"/staff/people/{person(office.database, 'anna')}/invite").text)[0]
    assert office.signed_in("anna")
    office.visitor().post(link, data={"new": NEW, "again": NEW})
    assert open_session.get("/staff/").status_code == 303, "sessions with the old password ended"
    assert office.visitor().post("/staff/login", data={"name": "anna", "password": PASSWORD}).status_code == 401
    assert office.signed_in("anna", NEW)


def test_a_login_that_is_shut_off_is_out_at_once_and_comes_back_as_it_was(office: Office, admin: httpx.Client) -> None:
    hire(office.database, "anna")
    anna, address = office.signed_in("anna"), f"/staff/people/{person(office.database, 'anna')}"
    link = LINK.findall(admin.post(f"{address}/invite").text)[0]
    assert admin.post(f"{address}/disable").headers["location"] == f"{address}?notice=off"
    assert anna.get("/staff/").status_code == 303
    assert office.visitor().get(link).status_code == 404
    assert "abgeschaltet" in admin.get("/staff/people").text
    admin.post(f"{address}/enable")
    assert office.signed_in("anna").get("/staff/").status_code == 200


def test_the_last_admin_stays(office: Office, admin: httpx.Client) -> None:
    own = f"/staff/people/{person(office.database, 'chef')}"
    hire(office.database, "off", Role.ADMIN)
    with office.database.transaction() as connection:
        staff.disable(connection, "off")
    invite(admin, "invited", "admin")
    for path, data in ((f"{own}/role", {"role": "viewer", "was": "admin"}), (f"{own}/disable", {})):
        answer = admin.post(path, data=data)
        assert answer.status_code == 422
        assert "niemanden mehr" in answer.text
    assert admin.get("/staff/people").status_code == 200
    hire(office.database, "second", Role.ADMIN)
    assert admin.post(f"{own}/role", data={"role": "viewer", "was": "admin"}).status_code == 303
    assert grants(office.database, "chef") == {Grant(Role.VIEWER)}


def test_the_last_admin_of_a_town_may_go_only_while_somebody_else_decides_there(
    office: Office, admin: httpx.Client
) -> None:
    hire(office.database, "lea", Role.ADMIN, town="lemgo")
    lea, own = office.signed_in("lea"), f"/staff/people/{person(office.database, 'lea')}"
    with office.database.transaction() as connection:
        connection.execute("UPDATE staff SET disabled_at = now() WHERE name = 'chef'")
    change = {"role": "viewer", "was": "admin"}
    assert lea.post(f"{own}/role?municipality=lemgo", data=change).status_code == 422
    with office.database.transaction() as connection:
        connection.execute("UPDATE staff SET disabled_at = NULL WHERE name = 'chef'")
    assert lea.post(f"{own}/role?municipality=lemgo", data=change).status_code == 303


def test_two_who_change_the_same_role_are_told(office: Office, admin: httpx.Client) -> None:
    hire(office.database, "anna", Role.VIEWER, town="lemgo")
    address = f"/staff/people/{person(office.database, 'anna')}/role?municipality=lemgo"
    assert admin.post(address, data={"role": "editor", "was": "viewer"}).status_code == 303
    late = admin.post(address, data={"role": "ranger", "was": "viewer"})
    assert late.status_code == 409
    assert "jetzt „Redaktion“, Sie wollten „Pflege vor Ort“" in late.text
    assert grants(office.database, "anna") == {Grant(Role.EDITOR, "lemgo")}


def test_the_only_role_is_not_taken_away_but_one_of_several_is(office: Office, admin: httpx.Client) -> None:
    hire(office.database, "anna", Role.VIEWER, town="lemgo")
    address = f"/staff/people/{person(office.database, 'anna')}/role"
    none = {"role": "none", "was": "viewer"}
    assert "einzige Aufgabe" in admin.post(f"{address}?municipality=lemgo", data=none).text
    assert admin.post(f"{address}?municipality=kalletal", data={"role": "editor", "was": ""}).status_code == 303
    assert admin.post(f"{address}?municipality=lemgo", data=none).status_code == 303
    assert grants(office.database, "anna") == {Grant(Role.EDITOR, "kalletal")}


def test_an_admin_of_a_town_sees_and_decides_about_its_people_alone(office: Office, admin: httpx.Client) -> None:
    hire(office.database, "lea", Role.ADMIN, town="lemgo")
    hire(office.database, "anna", Role.VIEWER, town="lemgo")
    hire(office.database, "kai", Role.VIEWER, town="kalletal")
    lea = office.signed_in("lea")
    page = lea.get("/staff/people").text
    assert ("anna" in page, "chef" in page, "kai<" in page, "Kalletal" in page) == (True, True, False, False)
    foreign = f"/staff/people/{person(office.database, 'kai')}"
    assert [lea.get(foreign).status_code, lea.post(f"{foreign}/invite").status_code] == [404, 404]
    everywhere = f"/staff/people/{person(office.database, 'chef')}"
    assert lea.get(everywhere).status_code == 200
    for path in ("/invite", "/disable", "/enable"):
        assert lea.post(everywhere + path).status_code == 403
    own = f"/staff/people/{person(office.database, 'anna')}"
    assert lea.post(f"{own}/role", data={"role": "admin", "was": ""}).status_code == 403, "nobody for everywhere"
    assert lea.post(f"{own}/role?municipality=kalletal", data={"role": "editor", "was": ""}).status_code == 404
    assert lea.post("/staff/people", data={"name": "nora", "role": "viewer"}).status_code == 403
    assert lea.post("/staff/people?municipality=kalletal", data={"name": "n", "role": "viewer"}).status_code == 404
    assert invite(lea, "nora", "viewer", "lemgo")
    assert lea.post(f"{own}/role?municipality=lemgo", data={"role": "ranger", "was": "viewer"}).status_code == 303


def test_a_person_of_two_towns_is_given_a_new_link_by_neithers_admin_alone(office: Office, admin: httpx.Client) -> None:
    """A link opens all that its person may do: it would open Kalletal to Lemgo's admin."""
    hire(office.database, "lea", Role.ADMIN, town="lemgo")
    hire(office.database, "anna", Role.VIEWER, town="lemgo")
    also(office.database, "anna", Grant(Role.ADMIN, "kalletal"))
    lea, address = office.signed_in("lea"), f"/staff/people/{person(office.database, 'anna')}"
    shown = lea.get(address).text
    assert "arbeitet auch für andere Orte" in shown
    assert "Kalletal" not in shown
    assert "Neuen Link machen" not in shown
    for path in ("/invite", "/disable", "/enable"):
        assert lea.post(address + path).status_code == 403
    assert lea.post(f"{address}/role?municipality=lemgo", data={"role": "none", "was": "viewer"}).status_code == 303
    assert grants(office.database, "anna") == {Grant(Role.ADMIN, "kalletal")}
    assert lea.get(address).status_code == 404, "no longer of this town"
    assert "Neuen Link machen" in admin.get(address).text


def test_what_is_done_about_people_is_in_the_log_of_their_town(office: Office, admin: httpx.Client) -> None:
    invite(admin, "nora", "viewer", "lemgo")
    address = f"/staff/people/{person(office.database, 'nora')}"
    admin.post(f"{address}/role?municipality=lemgo", data={"role": "editor", "was": "viewer"})
    admin.post(f"{address}/disable")
    with office.database.transaction() as connection:
        entries = audit.newest(connection, 9, municipalities=["lemgo"])
    assert [(one.action, one.object, one.before, one.after) for one in reversed(entries)] == [
        (Action.STAFF_INVITE, "nora", "", "viewer"),
        (Action.STAFF_GRANT, "nora", "viewer", "editor"),
        (Action.STAFF_DISABLE, "nora", "", ""),
    ]
