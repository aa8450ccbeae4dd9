"""What staff do and fail to do is in the audit log, and admins read it."""

from __future__ import annotations

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.figures.annotations import WHOLE_TRAIL
from dashboards.people.audit import actions
from dashboards.people.changes import compared
from geodata.model.staff import Role
from geodata.store.access import audit, staff
from geodata.vocabulary.audit import Action, Entry
from tests.dashboards.office import PASSWORD, Office, hire
from tests.dashboards.reports.test_pages import told as waiting_report


def entries(office: Office) -> list[Entry]:
    with office.database.transaction() as connection:
        return list(audit.newest(connection, 100))


def told(office: Office) -> list[tuple[str, str, str, int]]:
    """From the first to the last."""
    return [(one.actor, one.action, one.outcome, one.count) for one in reversed(entries(office))]


def attempt(office: Office, name: str, password: str) -> int:
    return office.visitor().post("/staff/login", data={"name": name, "password": password}).status_code


def test_logins_failures_and_sign_outs_are_written_down(office: Office) -> None:
    hire(office.database, "anna")
    for name in ("anna", "Anna ", "nobody\nanna done", "somebody"):
        assert attempt(office, name, "falsch") == 401
    visitor = office.signed_in("anna")
    visitor.post("/staff/logout")
    office.signed_in("anna").post("/staff/account/sign-out-everywhere")
    assert told(office) == [
        ("anna", "login", "refused", 2),
        ("", "login", "refused", 2),
        ("anna", "login", "done", 1),
        ("anna", "logout", "done", 1),
        ("anna", "login", "done", 1),
        ("anna", "logout-everywhere", "done", 1),
    ]


def test_a_disabled_login_and_an_expired_one_time_password_count_for_their_name(office: Office) -> None:
    hire(office.database, "anna")
    hire(office.database, "bert", one_time=True)
    with office.database.transaction() as connection:
        staff.disable(connection, "anna")
        connection.execute("UPDATE staff SET password_set_at = now() - interval '8 days' WHERE name = 'bert'")
    assert [attempt(office, "anna", PASSWORD), attempt(office, "bert", PASSWORD)] == [401, 401]
    assert told(office) == [("anna", "login", "refused", 1), ("bert", "login", "refused", 1)]


def test_a_changed_password_and_a_failed_change_are_written_down_without_it(office: Office) -> None:
    hire(office.database, "anna")
    visitor = office.signed_in("anna")
    new = "sieben Enten auf dem Teich"
    for current in ("falsch geraten", PASSWORD):
        visitor.post("/staff/account/password", data={"current": current, "new": new, "again": new})
    assert told(office)[1:] == [("anna", "password-change", "refused", 1), ("anna", "password-change", "done", 1)]
    with office.database.transaction() as connection:
        rows = str(connection.execute("SELECT audit::text FROM audit").fetchall())
    assert not any(secret in rows for secret in (PASSWORD, "falsch", "Enten", "argon2", "127.0.0.1", "httpx"))


def test_a_page_that_the_role_may_not_open_is_written_down(office: Office) -> None:
    hire(office.database, "anna", Role.EDITOR)
    visitor = office.signed_in("anna")
    assert [visitor.get("/staff/audit").status_code for _ in range(3)] == [403, 403, 403]
    assert told(office)[1:] == [("anna", "page", "refused", 3)]
    assert entries(office)[0].object == "GET /audit"


def test_a_login_that_cannot_be_written_down_does_not_happen(office: Office) -> None:
    hire(office.database, "anna")
    with office.database.transaction() as connection:
        connection.execute(b"ALTER TABLE audit ADD CONSTRAINT no_room CHECK (action <> 'login')")
    answer = office.visitor().post("/staff/login", data={"name": "anna", "password": PASSWORD})
    assert answer.status_code >= 500
    assert "set-cookie" not in answer.headers
    with office.database.transaction() as connection:
        assert connection.execute("SELECT FROM staff_session").fetchall() == []


def test_an_admin_reads_the_log_page_by_page(office: Office) -> None:
    hire(office.database, "chef", Role.ADMIN)
    with office.database.transaction() as connection:
        for number in range(101):
            audit.by_command(connection, "root", Action.DEVICE_ADD, f"<b>device-{number}</b>")
    visitor = office.signed_in("chef")
    assert attempt(office, "nobody", "falsch") == 401
    first = visitor.get("/staff/audit").text
    assert "Name, den niemand hat" in first
    assert "abgewiesen" in first
    assert "&lt;b&gt;device-100&lt;/b&gt;" in first
    assert "<b>" not in first
    older = first.split('href="/staff/audit?before=')[1].split('"')[0]
    second = visitor.get(f"/staff/audit?before={older}").text
    assert ("device-2&" in second, "device-3&" in second) == (True, False)
    assert "Ältere Einträge" not in second
    assert "Ältere Einträge gibt es nicht" in visitor.get("/staff/audit?before=1").text


def test_the_log_is_narrowed_to_a_person_an_action_and_a_day_also_on_its_next_page(office: Office) -> None:
    hire(office.database, "chef", Role.ADMIN)
    visitor = office.signed_in("chef")
    with office.database.transaction() as connection:
        for number in range(130):
            action = Action.REPORT_CHANGE if number % 13 else Action.REPORT_DELETE
            audit.by_staff(connection, "ute", action, f"thing-{number}")
        audit.by_staff(connection, "bert", Action.REPORT_DELETE, "of bert")
        connection.execute("UPDATE audit SET at = at - interval '3 days', last_at = at WHERE object = 'thing-0'")

    def things(query: str) -> list[str]:
        return re.findall(r"<bdi>(thing-\d+|of bert)</bdi>", visitor.get(f"/staff/audit?{query}").text)

    assert things("who=Bert") == ["of bert"]
    assert things("who=ute&action=report-delete") == [f"thing-{number}" for number in range(117, -1, -13)]
    day = f"{office.clock().astimezone(ZoneInfo('Europe/Berlin')) - timedelta(days=3):%Y-%m-%d}"
    assert things(f"day={day}") == ["thing-0"]
    first = visitor.get("/staff/audit?who=ute&action=report-change").text
    older = re.findall(r'href="/staff/audit\?([^"]*before[^"]*)"', first)[0].replace("&amp;", "&")
    assert len(things(older)) == 20
    assert "of bert" not in things(older)
    assert things("who=nobody") == []


@pytest.mark.parametrize("query", ["day=x", "day=0001-01-01", "day=9999-12-31", "action=fly", "who=%00%0a"])
def test_what_nobody_can_search_for_does_no_harm(office: Office, query: str) -> None:
    hire(office.database, "chef", Role.ADMIN)
    assert office.signed_in("chef").get(f"/staff/audit?{query}").status_code == 200


def test_an_admin_of_a_town_reads_what_was_done_there(office: Office) -> None:
    hire(office.database, "lea", Role.ADMIN, town="lemgo")
    hire(office.database, "ute", Role.RANGER)
    report = waiting_report(office.database)
    ute = office.signed_in("ute")
    ute.post(f"/staff/reports/{report}", data={"state": "done", "answer": "", "note": ""})
    with office.database.transaction() as connection:
        audit.by_staff(connection, "kai", Action.CONTENT_PUBLISH, "elsewhere", municipality="kalletal")
    page = office.signed_in("lea").get("/staff/audit").text
    assert str(report) in page
    assert "elsewhere" not in page
    assert "Angemeldet" not in page.split("<tbody>")[1], "logins are the installation's"
    assert re.search(r"<del>.*neu</bdi></del>", page)
    assert re.search(r"<ins>.*erledigt</bdi></ins>", page)


def test_an_annotation_leaves_its_text_in_the_log(office: Office) -> None:
    hire(office.database, "ute", Role.RANGER)
    ute = office.signed_in("ute")
    fields = {"place": WHOLE_TRAIL, "kind": "event", "first_day": "2026-05-04", "last_day": "2026-05-04"}
    ute.post("/staff/figures/annotations?trail=stadtwald", data={**fields, "text": "Waldlauf"})
    identity = entries(office)[0].object
    for what in ("publish", "remove"):
        ute.post(f"/staff/figures/annotations/{identity}/{what}", data={"trail": "stadtwald"})
    assert [(one.before, one.after, one.municipality) for one in reversed(entries(office)[:3])] == [
        ("", "Waldlauf", "lemgo"),
        ("Waldlauf", "Waldlauf", "lemgo"),
        ("Waldlauf", "", "lemgo"),
    ]


LINES = st.lists(st.sampled_from("abc"), max_size=6)


@given(LINES, LINES)
def test_a_comparison_holds_both_texts_whole_and_in_order(before: list[str], after: list[str]) -> None:
    lines = compared("\n".join(before), "\n".join(after))
    assert [line.text for line in lines if line.kind != "became"] == before
    assert [line.text for line in lines if line.kind != "was"] == after


@pytest.mark.parametrize("before", ["0", "-1", "x", "9" * 30])
def test_a_page_that_does_not_exist_is_refused(office: Office, before: str) -> None:
    hire(office.database, "chef", Role.ADMIN)
    assert office.signed_in("chef").get(f"/staff/audit?before={before}").status_code == 400


def test_every_action_has_words_for_people() -> None:
    assert set(actions()) == set(Action)
    assert [action for action, words in actions().items() if words == action] == []
