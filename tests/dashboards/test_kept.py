"""Nothing typed is lost: a form whose session ended, or whose database was away, is sent again by a press."""

from __future__ import annotations

import importlib
import pkgutil
import re
from html import unescape

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import FormData
from wtforms import Form, PasswordField

import dashboards
from dashboards.figures.annotations import WHOLE_TRAIL
from dashboards.kept import SECRET, KeptForm, carried
from geodata.errors import StoreUnavailable
from geodata.model.staff import Role
from tests.dashboards.office import PASSWORD, Office, hire
from tests.dashboards.people.test_second_factor import code, set_up
from tests.dashboards.reports.test_pages import told

TEXT = "Hundert Läufer & ihre Gäste: <b>„Waldlauf“</b> am Teich + 50 % mehr als sonst."
ADDRESS = "/staff/figures/annotations?trail=stadtwald"
FIELDS = {"place": WHOLE_TRAIL, "kind": "event", "first_day": "2026-05-04", "last_day": "2026-05-04", "text": TEXT}
HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')


def hidden(page: str, address: str) -> dict[str, str]:
    """The hidden fields of the form that goes to ``address``, as a browser reads them."""
    form = page.split(f'<form method="post" action="{address.replace("&", "&amp;")}"')[1].split("</form>", maxsplit=1)[
        0
    ]
    return {unescape(name): unescape(value) for name, value in HIDDEN.findall(form)}


def written(office: Office) -> list[str]:
    with office.database.transaction() as connection:
        return [row[0] for row in connection.execute("SELECT text FROM annotation").fetchall()]


def end_sessions(office: Office) -> None:
    with office.database.transaction() as connection:
        connection.execute("UPDATE staff_session SET revoked_at = now()")


def sign_in(visitor: httpx.Client, page: str) -> httpx.Response:
    fields = hidden(page, "/staff/login") | {"name": "ute", "password": PASSWORD}
    return visitor.post("/staff/login", data=fields)


def test_a_form_whose_session_ended_is_sent_after_signing_in_by_a_press_and_not_before(office: Office) -> None:
    hire(office.database, "ute", Role.RANGER)
    ute = office.signed_in("ute")
    end_sessions(office)
    lost = ute.post(ADDRESS, data=FIELDS)
    assert lost.status_code == 401
    assert "Ihre Eingabe ist noch da" in lost.text
    back = sign_in(ute, lost.text)
    assert back.status_code == 200
    assert "Jetzt absenden" in back.text
    assert written(office) == [], "nothing is sent by itself"
    again = hidden(back.text, ADDRESS)
    assert again == FIELDS
    answer = ute.post(ADDRESS, data=again)
    assert answer.headers["location"] == "/staff/figures?trail=stadtwald&notice=added#annotations"
    assert written(office) == [TEXT]


def test_lines_and_fields_that_come_twice_are_sent_again_as_they_were(office: Office) -> None:
    hire(office.database, "ute", Role.RANGER)
    lines = "Danke!\r\n\r\n  Wir kommen morgen.\r\n"
    address = f"/staff/reports/{told(office.database)}"
    lost = office.visitor().post(address, data={"state": ["new", "done"], "answer": lines, "note": ""})
    pairs = [(unescape(name), unescape(value)) for name, value in HIDDEN.findall(lost.text)]
    assert [pair for pair in pairs if pair[0].startswith("kept")] == [
        ("kept-for", address),
        ("kept:state", "new"),
        ("kept:state", "done"),
        ("kept:answer", lines),
        ("kept:note", ""),
    ]


def test_a_wrong_password_and_a_code_of_an_app_in_between_lose_nothing(office: Office) -> None:
    hire(office.database, "ute", Role.RANGER)
    set_up(office, "ute")
    visitor = office.visitor()
    lost = visitor.post(ADDRESS, data=FIELDS)
    fields = hidden(lost.text, "/staff/login")
    wrong = visitor.post("/staff/login", data=fields | {"name": "ute", "password": "falsch"})
    assert wrong.status_code == 401
    step = sign_in(visitor, wrong.text).text
    found = re.search(r'name="step" type="hidden" value="([\w-]{43})"', step)
    assert found is not None
    kept = hidden(step, "/staff/login/code") | {"step": found[1]}
    wrong = visitor.post("/staff/login/code", data=kept | {"code": "000000"})
    kept = hidden(wrong.text, "/staff/login/code") | {"step": found[1]}
    back = visitor.post("/staff/login/code", data=kept | {"code": code(office)})
    assert hidden(back.text, ADDRESS) == FIELDS


def test_a_step_that_is_over_takes_the_text_back_to_the_login(office: Office) -> None:
    hire(office.database, "ute", Role.RANGER)
    visitor = office.visitor()
    fields = hidden(visitor.post(ADDRESS, data=FIELDS).text, "/staff/login")
    over = visitor.post("/staff/login/code", data=fields | {"step": "x", "code": "000000"})
    assert over.status_code == 401
    assert hidden(over.text, "/staff/login") == fields


def test_without_the_database_the_form_stays_in_the_page_and_is_saved_once_when_it_is_back(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    hire(office.database, "ute", Role.RANGER)
    ute = office.signed_in("ute")

    def away(*_: object, **__: object) -> None:
        raise StoreUnavailable("The database cannot be reached.")

    with monkeypatch.context() as patch:
        patch.setattr(office.database, "transaction", away)
        lost = ute.post(ADDRESS, data=FIELDS)
        assert lost.status_code == 503
        assert "Noch einmal versuchen" in lost.text
        lost = ute.post(ADDRESS, data=hidden(lost.text, ADDRESS))
        assert hidden(lost.text, ADDRESS) == FIELDS
    ute.post(ADDRESS, data=hidden(lost.text, ADDRESS))
    assert len(written(office)) == 1


def test_a_fault_of_ours_keeps_what_was_typed_too(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    hire(office.database, "ute", Role.RANGER)
    ute = office.signed_in("ute")
    monkeypatch.setattr("dashboards.figures.pages.written.add", lambda *_: 1 / 0)
    lost = ute.post(ADDRESS, data=FIELDS)
    assert lost.status_code == 500
    assert hidden(lost.text, ADDRESS) == FIELDS


def test_what_is_gone_or_no_longer_allowed_can_still_be_copied(office: Office) -> None:
    hire(office.database, "ute", Role.RANGER)
    report, ute = told(office.database), office.signed_in("ute")
    with office.database.transaction() as connection:
        connection.execute("DELETE FROM report")
    gone = ute.post(f"/staff/reports/{report}", data={"state": "done", "answer": TEXT, "note": ""})
    assert gone.status_code == 404
    assert "„Waldlauf“" in gone.text
    with office.database.transaction() as connection:
        connection.execute("UPDATE staff_grant SET role = 'viewer'")
    refused = ute.post(ADDRESS, data=FIELDS)
    assert refused.status_code == 403
    assert "können Sie hier kopieren" in refused.text
    assert "<b>„Waldlauf“" not in refused.text


def test_no_password_comes_back_in_a_page(office: Office) -> None:
    hire(office.database, "ute")
    ute = office.signed_in("ute")
    end_sessions(office)
    new = "sieben Enten auf dem Teich"
    lost = ute.post("/staff/account/password", data={"current": PASSWORD, "new": new, "again": new})
    assert lost.status_code == 401
    assert PASSWORD not in lost.text
    assert new not in lost.text


def test_every_field_for_a_password_is_known_as_a_secret() -> None:
    for module in pkgutil.walk_packages(dashboards.__path__, "dashboards."):
        importlib.import_module(module.name)
    names = {
        name
        for form in [Form, *_below(Form)]
        for name in dir(form)
        if getattr(getattr(form, name), "field_class", None) is PasswordField
    }
    assert {"password", "current"} <= names <= SECRET


def _below(kind: type[Form]) -> list[type[Form]]:
    return [each for child in kind.__subclasses__() for each in [child, *_below(child)]]


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/staff/reports",
        "//evil.example/",
        "/s/K7YNX0",
        "/staff/login",
        "/staff/login/code",
        "/staff/invitation/x",
        "javascript:alert(1)",
        "/staff/../api",
        "",
    ],
)
def test_what_is_carried_goes_to_no_other_place(office: Office, address: str) -> None:
    hire(office.database, "ute")
    fields = {"name": "ute", "password": PASSWORD, "kept-for": address, "kept:text": TEXT}
    answer = office.visitor().post("/staff/login", data=fields)
    assert (answer.status_code, answer.headers.get("location")) == (303, "/staff/")


def test_a_file_is_not_kept_and_a_page_without_a_session_says_so(office: Office) -> None:
    answer = office.visitor().post(ADDRESS, files={"text": ("a.txt", b"x" * 100)})
    assert answer.status_code == 401
    assert "kept:" not in answer.text


NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)


@given(st.lists(st.tuples(NAMES, st.text(st.characters(exclude_categories=["Cs"]))), max_size=8))
def test_whatever_is_typed_is_carried_whole_and_in_order(pairs: list[tuple[str, str]]) -> None:
    kept = KeptForm("/staff/reports/7?trail=a", tuple((name, value) for name, value in pairs if name not in SECRET))
    assert carried(FormData([(name, value) for name, value in kept.carried])) == kept
    secrets = FormData([("kept-for", "/staff/reports"), *((f"kept:{name}", "x") for name in SECRET)])
    assert carried(secrets) == KeptForm("/staff/reports", ())


def test_somebody_else_who_signs_in_sees_what_they_would_send(office: Office) -> None:
    hire(office.database, "ute", Role.RANGER)
    hire(office.database, "bert", Role.VIEWER)
    visitor = office.visitor()
    lost = visitor.post(ADDRESS, data=FIELDS)
    fields = hidden(lost.text, "/staff/login") | {"name": "bert", "password": PASSWORD}
    back = visitor.post("/staff/login", data=fields)
    assert "„Waldlauf“" in back.text
    assert visitor.post(ADDRESS, data=hidden(back.text, ADDRESS)).status_code == 403
    assert written(office) == []
