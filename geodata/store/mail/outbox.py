"""Mails that wait: put in once for each key, taken out one at a time, tried again until they are sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from geodata.mail.records import MailAttachment, NewMail, WaitingMail
from geodata.messages.message import cut
from geodata.store.transaction import Transaction

LEASE = timedelta(minutes=10)
"""For so long the one who took a mail has time to send it; after a crash another one takes it then."""
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720, 1440))
"""Before each new try; after the last one a mail is given up."""
_FAILURE = 500


def put(connection: Transaction, mail: NewMail) -> bool:
    """Add a mail; False where there is one of this key for the same recipient, sent or not."""
    attachment = mail.attachment
    return (
        connection.execute(
            "INSERT INTO mail (key, recipient, subject, body, attachment_name, attachment_type, attachment)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (key, recipient) DO NOTHING",
            [
                mail.key,
                mail.recipient,
                mail.subject,
                mail.text,
                attachment.name if attachment else None,
                attachment.media_type if attachment else None,
                attachment.data if attachment else None,
            ],
        ).rowcount
        == 1
    )


def take(connection: Transaction, now: datetime) -> WaitingMail | None:
    """The mail that is due for longest, for LEASE nobody else's; None where none is. Commit before it is sent."""
    row = connection.execute(
        "UPDATE mail SET tries = tries + 1, next_try_at = %(lease)s WHERE id = (SELECT id FROM mail"
        " WHERE sent_at IS NULL AND given_up_at IS NULL AND next_try_at <= %(now)s"
        " ORDER BY next_try_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)"
        " RETURNING id, key, recipient, subject, body, attachment_name, attachment_type, attachment, created_at, tries",
        {"now": now, "lease": now + LEASE},
    ).fetchone()
    if row is None:
        return None
    attachment = MailAttachment(row[5], row[6], bytes(row[7])) if row[5] is not None else None
    mail = NewMail(key=row[1], recipient=row[2], subject=row[3], text=row[4], attachment=attachment)
    return WaitingMail(id=row[0], mail=mail, created_at=row[8], tries=row[9] - 1)


def sent(connection: Transaction, mail: int, now: datetime) -> None:
    """Note that a mail was handed over."""
    connection.execute("UPDATE mail SET sent_at = %s, failure = NULL WHERE id = %s", [now, mail])


def failed(connection: Transaction, mail: WaitingMail, now: datetime, why: str, *, is_final: bool) -> bool:
    """Note why a mail did not leave, and when it is tried again; True where it is given up."""
    is_given_up = is_final or mail.tries >= len(PAUSES)
    connection.execute(
        "UPDATE mail SET failure = %s, next_try_at = %s, given_up_at = %s WHERE id = %s",
        [
            cut(why, _FAILURE),
            now if is_given_up else now + PAUSES[mail.tries],
            now if is_given_up else None,
            mail.id,
        ],
    )
    return is_given_up


def forget(connection: Transaction, before: datetime) -> int:
    """Delete what was sent or given up before; answers how many. Its key may then be used anew."""
    return connection.execute("DELETE FROM mail WHERE coalesce(sent_at, given_up_at) < %s", [before]).rowcount


@dataclass(frozen=True, slots=True)
class OutboxState:
    """How many mails wait after a failed try, and how many were given up; ``failure`` is the newest reason."""

    waiting: int
    given_up: int
    failure: str


def state(connection: Transaction) -> OutboxState:
    """How the outbox is, for the operator's page."""
    row = connection.execute(
        "SELECT count(*) FILTER (WHERE sent_at IS NULL AND given_up_at IS NULL AND failure IS NOT NULL),"
        " count(*) FILTER (WHERE given_up_at IS NOT NULL),"
        " (array_agg(failure ORDER BY next_try_at DESC) FILTER (WHERE failure IS NOT NULL))[1] FROM mail"
    ).fetchone()
    return OutboxState(row[0], row[1], row[2] or "") if row else OutboxState(0, 0, "")
