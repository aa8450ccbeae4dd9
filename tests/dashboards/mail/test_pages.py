"""Which mails somebody wants."""

from __future__ import annotations

import pytest

from geodata.mail.records import MailKind
from geodata.store.database import Database
from geodata.store.mail import wishes
from tests.dashboards.office import Office, hire
from tests.fixtures.databases.database import one_row


def kept(database: Database) -> tuple[str, frozenset[MailKind]] | None:
    with database.transaction() as connection:
        (staff,) = one_row(connection, "SELECT id FROM staff WHERE name = 'anna'")
        wish = wishes.find(connection, staff)
    return (wish.address, wish.kinds) if wish else None


def test_somebody_chooses_mails_and_takes_the_choice_back_with_the_address(office: Office) -> None:
    hire(office.database, "anna")
    anna = office.signed_in("anna")
    answer = anna.post("/staff/mail", data={"address": " anna@lemgo.example ", "digest": "y"})
    assert answer.headers["location"] == "/staff/mail?notice=saved"
    assert kept(office.database) == ("anna@lemgo.example", {MailKind.DIGEST})
    page = anna.get("/staff/mail?notice=saved").text
    assert 'value="anna@lemgo.example"' in page
    assert 'name="digest" value="y" checked' in page
    assert 'name="month_report" value="y">' in page
    anna.post("/staff/mail", data={"address": "anna@lemgo.example"})
    assert kept(office.database) is None


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("", "wohin die Mails gehen sollen"),
        ("anna", "keine E-Mail-Adresse"),
        ("<b>@x\r\nBcc: y@z", "keine E-Mail-Adresse"),
    ],
)
def test_what_is_no_address_comes_back_with_all_that_was_typed(office: Office, address: str, sentence: str) -> None:
    hire(office.database, "anna")
    answer = office.signed_in("anna").post("/staff/mail", data={"address": address, "month_report": "y"})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'name="month_report" value="y" checked' in answer.text
    assert "<b>" not in answer.text
    assert kept(office.database) is None


def test_a_test_mail_waits_once_a_minute_however_often_it_is_pressed_for(office: Office) -> None:
    hire(office.database, "anna")
    anna = office.signed_in("anna")
    assert anna.post("/staff/mail/test").headers["location"] == "/staff/mail", "no address, no mail"
    anna.post("/staff/mail", data={"address": "anna@lemgo.example", "digest": "y"})
    at = office.clock()
    for _ in range(3):
        assert anna.post("/staff/mail/test").headers["location"] == "/staff/mail?notice=test"
    with office.database.transaction() as connection:
        (mails,) = one_row(connection, "SELECT count(*) FROM mail")
    assert mails <= 1 + (office.clock().minute != at.minute)
