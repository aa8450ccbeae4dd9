"""Signing in, the throttle, and new passwords."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from statistics import median
from time import perf_counter

import pytest
from argon2 import PasswordHasher

from dashboards.access import accounts, passwords
from dashboards.access.throttle import LoginThrottle
from dashboards.gate import safe_next
from geodata.store.database import Database
from tests.dashboards.office import PASSWORD, Office, hire

NEW = "sieben Enten auf dem Teich"


def test_a_fresh_installation_has_no_account(office: Office) -> None:
    for name in ("admin", "root", "digitalpfad", "staff"):
        answer = office.visitor().post("/staff/login", data={"name": name, "password": name})
        assert answer.status_code == 401


def test_name_in_any_case_and_password_open_the_start_page(office: Office) -> None:
    hire(office.database, "anna")
    visitor = office.visitor()
    answer = visitor.post("/staff/login", data={"name": " Anna ", "password": PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/")
    assert "Stadtwald · heute" in visitor.get("/staff/").text


@pytest.mark.parametrize(
    "typed", ["anna berg", "Anna\u00a0Berg", "anna\tberg ", "\u200banna ber\u00adg\x00", "\u2003ANNA\u202fBERG"]
)
def test_a_name_is_the_same_with_any_blank_and_without_what_nobody_sees(typed: str) -> None:
    assert accounts.login_name(typed) == "anna berg"


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(office: Office) -> None:
    hire(office.database, "anna")
    answers = [
        office.visitor().post("/staff/login", data={"name": name, "password": "falsch"}) for name in ("anna", "bert")
    ]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].text.replace("anna", "bert") == answers[1].text
    assert all("set-cookie" not in answer.headers for answer in answers)


def test_an_unknown_name_takes_as_long_as_a_wrong_password(database: Database) -> None:
    hire(database, "anna")
    passwords.verify_password(None, "warm up")
    times: dict[str, list[float]] = {"anna": [], "bert": []}
    for _ in range(7):
        for name, taken in times.items():
            start = perf_counter()
            assert accounts.sign_in(database, name, "falsch", _now()) is None
            taken.append(perf_counter() - start)
    assert 0.5 < median(times["anna"]) / median(times["bert"]) < 2


def test_the_hash_is_argon2id_and_an_old_one_is_renewed_at_login(database: Database) -> None:
    hire(database, "anna")
    with database.transaction() as connection:
        weak = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
        connection.execute("UPDATE staff SET argon2 = %s", [weak])
    assert accounts.sign_in(database, "anna", PASSWORD, _now()) is not None
    with database.transaction() as connection:
        stored = connection.execute("SELECT argon2 FROM staff").fetchall()[0][0]
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert accounts.sign_in(database, "anna", PASSWORD, _now()) is not None


def test_a_generated_password_opens_nothing_but_its_own_replacement(office: Office) -> None:
    hire(office.database, "anna", one_time=True)
    visitor = office.signed_in("anna")
    for path in ("/staff/", "/staff/devices", "/staff/quarantine", "/staff/devices/pond"):
        answer = visitor.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/staff/account")
    shown = visitor.get("/staff/account").text
    assert "gilt nur einmal" in shown
    assert "/staff/devices" not in shown
    answer = visitor.post("/staff/account/password", data={"current": PASSWORD, "new": NEW, "again": NEW})
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/")
    assert visitor.get("/staff/").status_code == 200
    assert office.visitor().post("/staff/login", data={"name": "anna", "password": PASSWORD}).status_code == 401


@pytest.mark.parametrize(
    ("new", "again", "sentence"),
    [
        ("zu kurz", "zu kurz", "mindestens 12 Zeichen"),
        ("passwort123456", "passwort123456", "oft erraten"),
        ("aaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaa", "oft erraten"),
        ("ich bin die anna", "ich bin die anna", "Ihr Name"),
        (PASSWORD, PASSWORD, "Ihr jetziges Passwort"),
        (NEW, NEW + "!", "nicht gleich"),
        ("x" * 200 + NEW * 4, "x" * 200 + NEW * 4, "höchstens 256"),
        ("", "", "ein neues Passwort"),
    ],
)
def test_a_new_password_that_is_not_good_enough_is_refused_with_the_reason(
    office: Office, new: str, again: str, sentence: str
) -> None:
    hire(office.database, "anna")
    visitor = office.signed_in("anna")
    answer = visitor.post("/staff/account/password", data={"current": PASSWORD, "new": new, "again": again})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert office.signed_in("anna")


@pytest.mark.parametrize(
    "new", ["äöü ß € 🦆 Försterteich", "a b c d e f g h", "%00'; DROP TABLE staff;--", "ﬁlter ² Teich"]
)
def test_any_characters_make_a_password(office: Office, new: str) -> None:
    hire(office.database, "anna")
    visitor = office.signed_in("anna")
    answer = visitor.post("/staff/account/password", data={"current": PASSWORD, "new": new, "again": new})
    assert answer.status_code == 303
    assert office.signed_in("anna", new).get("/staff/").status_code == 200


def test_umlauts_typed_on_another_keyboard_are_the_same_password() -> None:
    assert passwords.verify_password(passwords.hash_password("Fo\u0308rsterteich im Mai"), "F\u00f6rsterteich im Mai")


def test_a_wrong_current_password_changes_nothing(office: Office) -> None:
    hire(office.database, "anna")
    visitor = office.signed_in("anna")
    answer = visitor.post("/staff/account/password", data={"current": "falsch", "new": NEW, "again": NEW})
    assert answer.status_code == 422
    assert "Das jetzige Passwort stimmt nicht." in answer.text
    assert office.signed_in("anna")


def test_the_eleventh_wrong_attempt_is_told_to_wait_and_others_are_not(office: Office) -> None:
    hire(office.database, "anna")
    hire(office.database, "bert")
    visitor = office.visitor()
    for _ in range(10):
        assert visitor.post("/staff/login", data={"name": "anna", "password": "x"}).status_code == 401
    answer = visitor.post("/staff/login", data={"name": "anna", "password": PASSWORD})
    assert answer.status_code == 429
    assert 890 <= int(answer.headers["retry-after"]) <= 900
    assert "Bitte warten Sie 15 Minuten" in answer.text
    assert office.signed_in("bert")


def test_an_attacker_elsewhere_does_not_lock_anybody_out() -> None:
    throttle = LoginThrottle()

    def allow(name: str, address: str) -> bool:
        return throttle.admit(name, address).wait_s == 0

    attacks = [allow(name, "192.0.2.7") for name in ("anna", "carl", "dora") for _ in range(12)]
    assert attacks.count(True) == 30, "ten of each name"
    assert allow("anna", "198.51.100.1")
    assert allow("anna", "198.51.100.1"), "a slip of her own"
    throttle.forgive("anna", "198.51.100.1")
    assert not allow("bert", "192.0.2.7"), "one address may not try many names"


def test_a_one_time_password_opens_nothing_after_a_week(office: Office) -> None:
    hire(office.database, "bert", one_time=True)
    hire(office.database, "anna")
    with office.database.transaction() as connection:
        connection.execute("UPDATE staff SET password_set_at = now() - interval '8 days'")
    visitor = office.visitor()
    late = visitor.post("/staff/login", data={"name": "bert", "password": PASSWORD})
    assert late.status_code == 401
    assert "Dieses Einmal-Passwort ist abgelaufen" in late.text
    wrong = visitor.post("/staff/login", data={"name": "bert", "password": "falsch"})
    assert "abgelaufen" not in wrong.text, "only who has it learns that"
    assert office.signed_in("anna"), "a password of one's own does not expire"


def test_a_one_time_password_from_the_future_opens_nothing(office: Office) -> None:
    hire(office.database, "bert", one_time=True)
    with office.database.transaction() as connection:
        connection.execute("UPDATE staff SET password_set_at = now() + interval '2 hours'")
    answer = office.visitor().post("/staff/login", data={"name": "bert", "password": PASSWORD})
    assert answer.status_code == 401
    assert "Dieses Einmal-Passwort ist abgelaufen" in answer.text


def test_empty_fields_get_a_german_sentence_each(office: Office) -> None:
    answer = office.visitor().post("/staff/login", data={"name": "", "password": ""})
    assert answer.status_code == 422
    assert "Bitte geben Sie Ihren Namen ein." in answer.text
    assert "Bitte geben Sie Ihr Passwort ein." in answer.text


@pytest.mark.parametrize("junk", [b"name=%ff%fe&password=%00", b"name=" + b"a" * 5000 + b"&password=b", b"\x00\x01"])
def test_a_broken_form_is_refused_and_does_no_harm(office: Office, junk: bytes) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = office.visitor().post("/staff/login", content=junk, headers=headers)
    assert answer.status_code in {400, 401, 422}


def test_a_form_of_a_megabyte_is_refused(office: Office) -> None:
    answer = office.visitor().post("/staff/login", data={"name": "a" * 1_000_000, "password": "b"})
    assert answer.status_code == 413


@pytest.mark.parametrize("path", ["/staff/devices", "/staff/devices/pond", "/staff/?trail=stadtwald"])
def test_the_login_leads_back_to_where_somebody_wanted_to_go(office: Office, path: str) -> None:
    hire(office.database, "anna")
    visitor = office.visitor()
    asked = visitor.get(path)
    login = visitor.get(asked.headers["location"])
    wanted = re.search(r'name="next" type="hidden" value="([^"]*)"', login.text)
    assert wanted is not None
    answer = visitor.post("/staff/login", data={"name": "anna", "password": PASSWORD, "next": wanted[1]})
    assert answer.headers["location"] == path


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/staff/",
        "//evil.example/staff/",
        "/\\evil.example",
        "/staff/\\..\\..\\evil",
        "/staff//evil.example",
        "/staff/../../evil",
        "javascript:alert(1)//staff/",
        "/staff/\r\nSet-Cookie: a=b",
        "/staff/ x",
        "http:/staff/",
        "http://[",
        "//staff@[/",
        "/s/K7YNX0",
        "/staff/login",
        "",
    ],
)
def test_the_login_never_leads_elsewhere(wanted: str) -> None:
    assert safe_next(wanted) == "/staff/"


def _now() -> datetime:
    return datetime.now(UTC)
