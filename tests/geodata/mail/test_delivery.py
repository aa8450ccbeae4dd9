"""How mails leave: to a real server, or into a folder."""

from __future__ import annotations

import ssl
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from geodata.errors import InvalidInput
from geodata.mail import delivery
from geodata.mail.compose import compose
from geodata.mail.delivery import FolderDelivery, MailNotSent, SmtpDelivery, SmtpServer, parse_smtp_url
from geodata.mail.records import NewMail
from tests.fixtures.process.ports import free_port
from tests.fixtures.web import certificates

MAIL = compose(
    NewMail(key="k", recipient="anna@lemgo.example", subject="Zwei Aufgaben", text="Försterteiche\n"),
    "pfad@lemgo.example",
    datetime(2026, 11, 30, tzinfo=UTC),
)


class Postbox:
    """A mail server's handler that keeps what it takes, and answers a recipient with ``answer``."""

    def __init__(self, answer: str = "250 OK") -> None:
        self.taken: list[bytes] = []
        self.answer = answer

    async def handle_RCPT(self, _: Any, __: Any, envelope: Any, address: str, ___: Any) -> str:  # noqa: N802
        """Whether mails for ``address`` are taken."""
        envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, _: Any, __: Any, envelope: Any) -> str:  # noqa: N802
        """Keep the mail."""
        self.taken.append(envelope.content)
        return "250 OK"


@contextmanager
def serving(postbox: Postbox, **options: Any) -> Generator[int]:
    """A server on a loopback port."""
    port = free_port()
    controller = Controller(postbox, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def test_a_mail_is_handed_over_to_a_server_on_this_machine() -> None:
    with serving(postbox := Postbox()) as port:
        SmtpDelivery(SmtpServer("127.0.0.1", port)).deliver(MAIL)
    (taken,) = postbox.taken
    assert b"Subject: Zwei Aufgaben" in taken


def test_a_server_elsewhere_gets_nothing_in_the_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "_is_here", lambda _: False)
    with serving(postbox := Postbox()) as port, pytest.raises(MailNotSent, match="STARTTLS"):
        SmtpDelivery(SmtpServer("127.0.0.1", port)).deliver(MAIL)
    assert postbox.taken == []


def test_login_and_mail_go_through_tls_and_only_to_whom_the_certificate_is_of(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(delivery, "_is_here", lambda _: False)
    heard: list[LoginPassword] = []

    def authenticate(_: Any, __: Any, ___: Any, ____: Any, data: LoginPassword) -> AuthResult:
        heard.append(data)
        return AuthResult(success=data.password == b"geheim")

    chain, key = certificates.make(tmp_path, "localhost")
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(chain, key)
    options = {
        "tls_context": tls,
        "require_starttls": True,
        "auth_required": True,
        "authenticator": authenticate,
    }
    trusting = ssl.create_default_context(cafile=str(chain))
    with serving(postbox := Postbox(), **options) as port:
        SmtpDelivery(SmtpServer("localhost", port, "pfad", "geheim"), trusting).deliver(MAIL)
        with pytest.raises(MailNotSent) as wrong:
            SmtpDelivery(SmtpServer("localhost", port, "pfad", "falsch"), trusting).deliver(MAIL)
        with pytest.raises(MailNotSent, match="certificate"):
            SmtpDelivery(SmtpServer("localhost", port, "pfad", "geheim")).deliver(MAIL)
    assert not wrong.value.is_final, "a password that is corrected lets it leave"
    assert (len(postbox.taken), len(heard)) == (1, 2)


@pytest.mark.parametrize(("answer", "is_final"), [("550 no such mailbox", True), ("451 try again later", False)])
def test_what_a_server_refuses_for_good_is_final_and_else_is_not(answer: str, *, is_final: bool) -> None:
    with serving(Postbox(answer)) as port, pytest.raises(MailNotSent, match=answer[:3]) as refused:
        SmtpDelivery(SmtpServer("127.0.0.1", port)).deliver(MAIL)
    assert refused.value.is_final is is_final


def test_a_server_that_is_away_is_no_end() -> None:
    with pytest.raises(MailNotSent, match="refused") as away:
        SmtpDelivery(SmtpServer("127.0.0.1", free_port())).deliver(MAIL)
    assert not away.value.is_final


def test_without_a_server_a_mail_is_a_file_of_its_owner_once(tmp_path: Path) -> None:
    for _ in range(2):
        FolderDelivery(tmp_path / "mail").deliver(MAIL)
    (file,) = (tmp_path / "mail").iterdir()
    assert file.suffix == ".eml"
    assert file.stat().st_mode & 0o077 == 0
    assert b"Subject: Zwei Aufgaben" in file.read_bytes()


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.lemgo.example", SmtpServer("mail.lemgo.example", 587)),
        (
            "smtps://a%40b:p%3Aw@mail.lemgo.example",
            SmtpServer("mail.lemgo.example", 465, "a@b", "p:w", is_wrapped=True),
        ),
        ("smtp://u:p@127.0.0.1:25/", SmtpServer("127.0.0.1", 25, "u", "p")),
    ],
)
def test_an_address_is_read(url: str, server: SmtpServer) -> None:
    assert parse_smtp_url(url) == server


@pytest.mark.parametrize(
    "url",
    ["mail.lemgo.example", "http://x", "smtp://", "smtp://u:geheim@h:99999", "smtp://u:geheim@h/x", "smtp://h?x=1"],
)
def test_what_is_no_address_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_smtp_url(url)
    assert "geheim" not in str(refused.value)
