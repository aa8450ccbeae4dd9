"""Mails that wait to be sent, and who wants which."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class MailKind(StrEnum):
    """What somebody may want by mail."""

    DIGEST = "digest"
    """What is to be done on the trails, at most once a day, and only where something new is."""
    MONTH_REPORT = "month-report"
    """The figures of a month, on its end."""


@dataclass(frozen=True, slots=True)
class MailAttachment:
    """A file in a mail; ``name`` as it is saved, ``media_type`` such as ``application/pdf``."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMail:
    """A mail to be sent. ``key`` says what it is about: of one key there is one mail, whoever else asks for it too."""

    key: str
    recipient: str
    subject: str
    text: str
    attachment: MailAttachment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingMail:
    """A mail of the outbox; ``tries`` is how often it was tried before."""

    id: int
    mail: NewMail
    created_at: datetime
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MailWish:
    """Where somebody reads mails, and which they want; ``language`` is that of the mails."""

    staff: int
    address: str
    kinds: frozenset[MailKind]
    language: str = "de"
