"""One mail as RFC 5322 has it."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from geodata.errors import InvalidInput
from geodata.mail.records import NewMail

_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-zA-Z0-9](?:[a-zA-Z0-9.-]{0,250}[a-zA-Z0-9])?", re.ASCII)


def check_address(address: str) -> str:
    """The address without blanks around it; raises InvalidInput for what is none. Only plain ASCII is taken."""
    plain = address.strip()
    if not _ADDRESS.fullmatch(plain) or ".." in plain:
        raise InvalidInput("address", address, "a mail address such as anna@stadt.example")
    return plain


def compose(mail: NewMail, sender: str, at: datetime) -> EmailMessage:
    """The message; sent twice, after a crash in between, it bears the same Message-ID. ``at`` is aware.

    Raises InvalidInput for an address that is none.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = check_address(sender)
    message["To"] = check_address(mail.recipient)
    message["Subject"] = " ".join(mail.subject.split())
    message["Date"] = format_datetime(at)
    digest = hashlib.sha256(f"{mail.key}\n{mail.recipient}".encode()).hexdigest()[:32]
    message["Message-ID"] = f"<{digest}@{sender.rpartition('@')[2].strip()}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday note comes back
    message.set_content(mail.text)
    if mail.attachment is not None:
        main, _, sub = mail.attachment.media_type.partition("/")
        message.add_attachment(mail.attachment.data, maintype=main, subtype=sub, filename=mail.attachment.name)
    return message
