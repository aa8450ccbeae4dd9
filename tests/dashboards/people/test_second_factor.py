"""Codes of an app and on paper: each is good once, and no login goes round them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyotp.totp import TOTP

from dashboards.access import second_factor
from geodata.model.staff import Role
from geodata.store.access import audit, staff_factor
from geodata.store.database import Database
from tests.dashboards.office import PASSWORD, Office, hire
from tests.dashboards.people.test_people import LINK, NEW, person

CODE = re.compile(r"<code>([a-z2-9-]{19})</code>")


def secret(database: Database) -> str:
    with database.transaction() as connection:
        return str(connection.execute("SELECT secret FROM staff_totp").fetchall()[0][0])


def code(office: Office, steps: int = 0) -> str:
    """What the app shows now, or so many half minutes later."""
    return TOTP(secret(office.database)).generate_otp(int(office.clock().timestamp()) // 30 + steps)


def set_up(office: Office, name: str = "anna") -> list[str]:
    """Switch the app on, which uses up the code of before now; the codes on paper."""
    visitor = office.signed_in(name)
    assert visitor.post("/staff/account/app").status_code == 303
    answer = visitor.post("/staff/account/app/confirm", data={"code": code(office, -1)})
    assert answer.status_code == 200, answer.text
    return CODE.findall(answer.text)


def asked(office: Office, name: str = "anna") -> tuple[httpx.Client, str]:
    """Somebody who gave the right password, and the step that waits for a code."""
    visitor = office.visitor()
    answer = visitor.post("/staff/login", data={"name": name, "password": PASSWORD, "next": "/staff/devices"})
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    found = re.search(r'name="step" type="hidden" value="([\w-]{43})"', answer.text)
    assert found is not None
    return visitor, found[1]


def answered(office: Office, typed: str, name: str = "anna") -> int:
    visitor, step = asked(office, name)
    return visitor.post("/staff/login/code", data={"step": step, "code": typed, "next": "/staff/"}).status_code


def test_the_login_asks_for_a_code_and_leads_on_where_somebody_wanted(office: Office) -> None:
    hire(office.database, "anna")
    assert len(set_up(office)) == 10
    visitor, step = asked(office)
    assert visitor.get("/staff/").status_code == 303, "the password alone opens nothing"
    answer = visitor.post("/staff/login/code", data={"step": step, "code": code(office), "next": "/staff/devices"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/devices")
    assert visitor.get("/staff/").status_code == 200


def test_a_code_is_good_once_also_in_another_login(office: Office) -> None:
    hire(office.database, "anna")
    set_up(office)
    now = code(office)
    assert answered(office, now) == 303
    assert answered(office, now) == 401
    assert answered(office, code(office, -1)) == 401, "nor is an earlier one"
    assert answered(office, code(office, 1)) == 303, "a phone's clock may be half a minute ahead"


def test_a_step_is_good_once(office: Office) -> None:
    hire(office.database, "anna")
    paper = set_up(office)
    visitor, step = asked(office)
    for typed, status, target in ((paper[0], 303, "/staff/"), (paper[1], 303, "/staff/login?notice=again")):
        answer = visitor.post("/staff/login/code", data={"step": step, "code": typed, "next": "/staff/"})
        assert (answer.status_code, answer.headers["location"]) == (status, target)


def test_a_code_of_long_ago_or_of_the_future_is_wrong(office: Office) -> None:
    hire(office.database, "anna")
    set_up(office)
    assert [answered(office, code(office, steps)) for steps in (-20, 2, 20)] == [401, 401, 401]


def test_a_code_on_paper_is_good_once_however_it_is_typed(office: Office) -> None:
    hire(office.database, "anna")
    paper = set_up(office)
    assert answered(office, paper[3].upper().replace("-", " ")) == 303
    assert answered(office, paper[3]) == 401
    assert answered(office, paper[4]) == 303
    assert "gelten noch 7." in account_of(office, paper[5])


def account_of(office: Office, typed: str) -> str:
    visitor, step = asked(office)
    visitor.post("/staff/login/code", data={"step": step, "code": typed})
    return visitor.get("/staff/account").text


def test_after_five_wrong_codes_the_password_is_asked_for_again(office: Office) -> None:
    hire(office.database, "anna")
    set_up(office)
    visitor, step = asked(office)
    statuses = [
        visitor.post("/staff/login/code", data={"step": step, "code": f"00000{number}"}).status_code
        for number in range(6)
    ]
    assert statuses == [401, 401, 401, 401, 303, 303]
    right = visitor.post("/staff/login/code", data={"step": step, "code": code(office)})
    assert right.headers["location"] == "/staff/login?notice=again"
    assert answered(office, code(office)) == 303


def test_codes_are_slowed_like_passwords(office: Office) -> None:
    hire(office.database, "anna")
    set_up(office)
    statuses: list[int] = []
    for _ in range(12):
        visitor = office.visitor()
        first = visitor.post("/staff/login", data={"name": "anna", "password": PASSWORD})
        statuses.append(first.status_code)
        found = re.search(r'name="step" type="hidden" value="([\w-]{43})"', first.text)
        if found is not None:
            answer = visitor.post("/staff/login/code", data={"step": found[1], "code": "000000"})
            statuses.append(answer.status_code)
    assert 429 in statuses[:12]
    assert statuses[-1] == 429


def test_a_step_is_over_after_ten_minutes(office: Office) -> None:
    hire(office.database, "anna")
    paper = set_up(office)
    visitor, step = asked(office)
    with office.database.transaction() as connection:
        connection.execute("UPDATE staff_token SET created_at = now() - interval '11 minutes'")
    answer = visitor.post("/staff/login/code", data={"step": step, "code": paper[0]})
    assert answer.headers["location"] == "/staff/login?notice=again"


@pytest.mark.parametrize("step", ["", "x", "ä" * 40, "\x00"])
def test_a_step_that_was_never_given_opens_nothing(office: Office, step: str) -> None:
    hire(office.database, "anna")
    answer = office.visitor().post("/staff/login/code", data={"step": step, "code": "000000"})
    assert answer.headers["location"] == "/staff/login?notice=again"


def test_an_app_that_nobody_confirmed_is_not_asked_for_and_not_shown_to_others(office: Office) -> None:
    hire(office.database, "anna")
    hire(office.database, "bert")
    anna = office.signed_in("anna")
    anna.post("/staff/account/app")
    grouped = " ".join(re.findall(".{4}", secret(office.database)))
    assert grouped in anna.get("/staff/account").text
    assert grouped not in office.signed_in("bert").get("/staff/account").text
    assert anna.post("/staff/account/app/confirm", data={"code": "000000"}).status_code == 422
    assert office.signed_in("anna").get("/staff/").status_code == 200
    set_up(office)
    with office.database.transaction() as connection:
        shown = str(connection.execute("SELECT audit::text FROM audit").fetchall())
    assert secret(office.database) not in shown


def test_the_app_in_use_shows_its_secret_no_more_and_goes_with_a_code_only(office: Office) -> None:
    hire(office.database, "anna")
    anna = office.signed_in("anna")
    anna.post("/staff/account/app")
    anna.post("/staff/account/app/confirm", data={"code": code(office, -1)})
    assert secret(office.database)[:4] not in anna.get("/staff/account").text
    for data in ({"code": "000000"}, {"code": ""}, {"cancel": "1"}):
        assert anna.post("/staff/account/app/remove", data=data).status_code == 422
    assert anna.post("/staff/account/app/remove", data={"code": code(office)}).status_code == 303
    assert office.signed_in("anna").get("/staff/").status_code == 200
    with office.database.transaction() as connection:
        assert connection.execute("SELECT FROM staff_recovery_code").fetchall() == []


def test_whoever_lost_the_phone_gets_in_by_a_link_that_forgets_it(office: Office) -> None:
    hire(office.database, "anna")
    hire(office.database, "chef", Role.ADMIN)
    set_up(office)
    chef, address = office.signed_in("chef"), f"/staff/people/{person(office.database, 'anna')}/invite"
    link = LINK.findall(chef.post(address).text)[0]
    answer = office.visitor().post(link, data={"new": NEW, "again": NEW})
    assert answer.headers["location"] == "/staff/login?notice=chosen", "a new password does not go round the app"
    link = LINK.findall(chef.post(address, data={"forget": "y"}).text)[0]
    answer = office.visitor().post(link, data={"new": NEW, "again": NEW})
    assert answer.headers["location"] == "/staff/"
    assert office.signed_in("anna", NEW).get("/staff/").status_code == 200


def test_a_wrong_code_and_a_changed_factor_are_written_down(office: Office) -> None:
    hire(office.database, "anna")
    set_up(office)
    answered(office, "000000")
    with office.database.transaction() as connection:
        told = [(one.actor, one.action, one.outcome) for one in reversed(audit.newest(connection, 9))]
    assert told == [("anna", "login", "done"), ("anna", "totp-add", "done"), ("anna", "login", "refused")]


def test_in_whatever_order_codes_come_none_is_taken_twice_or_after_a_later_one(database: Database) -> None:
    hire(database, "anna")
    now = datetime(2026, 5, 4, 12, tzinfo=UTC)
    staff_id = person(database, "anna")

    @given(st.lists(st.tuples(st.integers(0, 6), st.integers(-2, 2)), max_size=12))
    def run(tries: list[tuple[int, int]]) -> None:
        with database.transaction() as connection:
            staff_factor.remove_all(connection, staff_id)
            app = TOTP(staff_factor.begin_totp(connection, staff_id, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"))
            last = 0
            for passed, off in tries:
                at = now + timedelta(seconds=30 * passed)
                step = int(at.timestamp()) // 30 + off
                taken = second_factor.is_of_app(connection, staff_id, app.generate_otp(step), at)
                assert taken == (abs(off) <= 1 and step > last)
                last = step if taken else last

    run()
