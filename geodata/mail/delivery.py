"""How a mail leaves: by SMTP, or as a file in a folder where no server is set."""

from __future__ import annotations

import os
import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from geodata.errors import DigitalpfadError, InvalidInput
from geodata.messages.message import message as said
from geodata.security.login_url import ENCODE

_TIMEOUT_S = 30.0


class MailNotSent(DigitalpfadError):
    """The mail could not be handed over; it is tried again. ``is_final``: trying again changes nothing."""

    def __init__(self, why: str, *, is_final: bool = False) -> None:
        super().__init__(why)
        self.is_final = is_final


class MailDelivery(Protocol):
    """Takes one mail, whole, or raises MailNotSent."""

    def deliver(self, mail: EmailMessage) -> None:
        """Hand ``mail`` over."""
        ...


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mails are handed over. ``is_wrapped``: TLS from the first byte (port 465), else STARTTLS.

    Without TLS only a server on this machine is spoken to.
    """

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    is_wrapped: bool = False


def parse_smtp_url(url: str) -> SmtpServer:
    """Read ``smtp[s]://user:password@host:port``; raises InvalidInput, never showing the password."""
    expected = "an address such as smtp://user:password@mail.stadt.example:587, or smtps:// for TLS from the start"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise InvalidInput(said("{setting[smtp_url]}"), "(not shown)", expected, ENCODE) from None
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or parts.path not in {"", "/"} or parts.query:
        raise InvalidInput(said("{setting[smtp_url]}"), "(not shown)", expected, ENCODE)
    is_wrapped = parts.scheme == "smtps"
    return SmtpServer(
        host=parts.hostname,
        port=port or (465 if is_wrapped else 587),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        is_wrapped=is_wrapped,
    )


class SmtpDelivery:
    """Hands mails to a server, with a connection for each: there are a few a day."""

    def __init__(self, server: SmtpServer, tls: ssl.SSLContext | None = None) -> None:
        self._server = server
        self._tls = tls or ssl.create_default_context()

    def deliver(self, mail: EmailMessage) -> None:
        """Hand ``mail`` over; what a server refuses for good (5xx) is final."""
        try:
            with self._connected() as connection:
                if self._server.user:
                    connection.login(self._server.user, self._server.password)
                connection.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            code, text = next(iter(error.recipients.values()))
            raise MailNotSent(f"{code} {text.decode(errors='replace')}", is_final=code >= 500) from error
        except smtplib.SMTPResponseException as error:
            answer = error.smtp_error
            text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
            final = error.smtp_code >= 500 and not isinstance(error, smtplib.SMTPAuthenticationError)
            raise MailNotSent(f"{error.smtp_code} {text}", is_final=final) from error
        except (OSError, smtplib.SMTPException) as error:
            raise MailNotSent(str(error)) from error

    def _connected(self) -> smtplib.SMTP:
        server = self._server
        if server.is_wrapped:
            return smtplib.SMTP_SSL(server.host, server.port, timeout=_TIMEOUT_S, context=self._tls)
        connection = smtplib.SMTP(server.host, server.port, timeout=_TIMEOUT_S)
        if not _is_here(server.host):
            try:
                connection.starttls(context=self._tls)  # refused by a server that has none: no mail goes in the clear
            except BaseException:
                connection.close()
                raise
        return connection


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


class FolderDelivery:
    """Writes each mail as a file that every mail program opens: for a demonstration, and until a server is set."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def deliver(self, mail: EmailMessage) -> None:
        """Write ``mail``, whole or not at all; one with the same Message-ID takes the place of the earlier."""
        name = f"{mail['Message-ID'].strip('<>').partition('@')[0]}.eml"
        unfinished = self._folder / f".{name}.{os.getpid()}"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(
                os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600), "wb"
            ) as file:
                file.write(mail.as_bytes())
            unfinished.rename(self._folder / name)
        except OSError as error:
            raise MailNotSent(f"{self._folder}: {error.strerror}") from error
