"""One mail as RFC 5322 has it."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.errors import InvalidInput
from geodata.mail.compose import check_address, compose
from geodata.mail.records import MailAttachment, NewMail

AT = datetime(2026, 11, 30, 7, tzinfo=UTC)
FROM = "pfad@lemgo.example"


def mail(**changes: object) -> NewMail:
    fields: dict[str, object] = {
        "key": "digest-1-2026-11-30",
        "recipient": "anna@lemgo.example",
        "subject": "Zwei Aufgaben am Pfad",
        "text": "Försterteiche: Akku tauschen.\n",
    }
    return NewMail(**{**fields, **changes})  # pyright: ignore[reportArgumentType]


@given(text=st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=400))
def test_what_is_written_is_what_is_read(text: str) -> None:
    read = message_from_bytes(compose(mail(text=f"{text}\n"), FROM, AT).as_bytes(), policy=policy.default)
    body = read.get_body()
    assert body is not None
    assert str(body.get_content()).splitlines() == f"{text}\n".splitlines()
    assert read["Subject"] == "Zwei Aufgaben am Pfad"


def test_a_name_with_line_breaks_adds_no_header() -> None:
    made = compose(mail(subject="Schild\r\nBcc: all@world.example"), FROM, AT)
    assert made["Subject"] == "Schild Bcc: all@world.example"
    assert "Bcc" not in made


def test_the_same_mail_sent_twice_is_known_by_its_id_and_asks_for_no_holiday_note() -> None:
    first, second, other = (compose(mail(key=key), FROM, AT) for key in ("a", "a", "b"))
    assert first["Message-ID"] == second["Message-ID"] != other["Message-ID"]
    assert first["Auto-Submitted"] == "auto-generated"


def test_an_attachment_comes_whole() -> None:
    made = compose(mail(attachment=MailAttachment("bericht.pdf", "application/pdf", b"%PDF-\x00\xff")), FROM, AT)
    (attached,) = message_from_bytes(made.as_bytes(), policy=policy.default).iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("bericht.pdf", b"%PDF-\x00\xff")


@pytest.mark.parametrize(
    "address",
    ["", "anna", "anna@", "@lemgo.example", "anna@lemgo.example\nBcc: x@y.example", "a b@c.example", "anna@le..mgo",
     "änna@x.example", "anna@lemgo.example, bert@lemgo.example", "Anna <anna@lemgo.example>",
     "x" * 65 + "@lemgo.example"],
)  # fmt: skip
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(InvalidInput):
        check_address(address)


def test_blanks_around_an_address_do_not_matter() -> None:
    assert check_address(" anna.b+pfad@lemgo.example\n") == "anna.b+pfad@lemgo.example"
