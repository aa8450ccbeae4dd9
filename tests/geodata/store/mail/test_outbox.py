"""The outbox: each mail once, tried again, given up at last; and who wants which."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from geodata.errors import StoreError
from geodata.mail.records import MailAttachment, MailKind, MailWish, NewMail
from geodata.model.staff import Grant, Role
from geodata.store import roles
from geodata.store.access import staff
from geodata.store.database import Database
from geodata.store.mail import outbox, wishes

NOW = datetime(2030, 11, 30, 7, tzinfo=UTC)


def mail(key: str = "digest-1", recipient: str = "anna@lemgo.example") -> NewMail:
    attachment = MailAttachment("b.pdf", "application/pdf", b"%PDF")
    return NewMail(key=key, recipient=recipient, subject="Zwei Aufgaben", text="Akku", attachment=attachment)


def test_of_one_key_there_is_one_mail_for_each_recipient(database: Database) -> None:
    with database.transaction() as connection:
        mails = (mail(), mail(), mail(recipient="bert@lemgo.example"))
        first, again, other = (outbox.put(connection, each) for each in mails)
        assert (first, again, other) == (True, False, True)
        taken = outbox.take(connection, NOW)
        assert taken is not None
        assert (taken.mail, taken.tries) == (mail(), 0)
        outbox.sent(connection, taken.id, NOW)
        assert not outbox.put(connection, mail()), "sent is sent"


def test_a_mail_that_somebody_took_is_nobody_elses_until_the_lease_ends(database: Database) -> None:
    with database.transaction() as connection:
        outbox.put(connection, mail())
        assert outbox.take(connection, NOW) is not None
        assert outbox.take(connection, NOW + outbox.LEASE - timedelta(seconds=1)) is None
        taken = outbox.take(connection, NOW + outbox.LEASE)
        assert taken is not None
        assert taken.tries == 1, "the one who took it first may have crashed"


def test_two_processes_never_take_the_same_mail(database: Database, database_url: str) -> None:
    with database.transaction() as connection:
        outbox.put(connection, mail("a"))
        outbox.put(connection, mail("b"))
    with Database(database_url) as other, database.transaction() as one, other.transaction() as two:
        first, second = outbox.take(one, NOW), outbox.take(two, NOW)
        assert first is not None
        assert second is not None
        assert {first.mail.key, second.mail.key} == {"a", "b"}


def test_a_mail_is_tried_again_ever_later_and_given_up_at_last(database: Database) -> None:
    now, pauses = NOW, list[timedelta]()
    with database.transaction() as connection:
        outbox.put(connection, mail())
        for _ in outbox.PAUSES:
            taken = outbox.take(connection, now)
            assert taken is not None
            assert not outbox.failed(connection, taken, now, "server away", is_final=False)
            later = now
            while outbox.state(connection).waiting and outbox.take(connection, later) is None:
                later += timedelta(minutes=1)
            connection.execute("UPDATE mail SET tries = tries - 1, next_try_at = %s", [later])
            pauses.append(later - now)
            now = later
        taken = outbox.take(connection, now)
        assert taken is not None
        assert outbox.failed(connection, taken, now, "server away", is_final=False)
        state = outbox.state(connection)
    assert pauses == list(outbox.PAUSES)
    assert (state.waiting, state.given_up, state.failure) == (0, 1, "server away")


def test_what_is_refused_for_good_is_given_up_at_once_and_everything_is_forgotten_later(database: Database) -> None:
    with database.transaction() as connection:
        outbox.put(connection, mail())
        taken = outbox.take(connection, NOW)
        assert taken is not None
        assert outbox.failed(connection, taken, NOW, "550 no such mailbox" + "x" * 900, is_final=True)
        assert outbox.forget(connection, NOW) == 0
        assert outbox.forget(connection, NOW + timedelta(seconds=1)) == 1
        assert outbox.put(connection, mail())


def test_who_wants_a_mail_and_may_still_sign_in_gets_it(database: Database) -> None:
    with database.transaction() as connection:
        for name in ("anna", "bert", "chris"):
            person = staff.create(connection, name, [Grant(Role.RANGER)], "hash")
            kinds = frozenset({MailKind.DIGEST} if name != "chris" else {MailKind.MONTH_REPORT})
            wishes.keep(connection, MailWish(staff=person.id, address=f"{name}@lemgo.example", kinds=kinds))
        staff.disable(connection, "bert")
        (anna,) = wishes.subscribers(connection, MailKind.DIGEST)
        assert (anna.staff.name, anna.staff.grants, anna.told) == ("anna", (Grant(Role.RANGER),), None)
        wishes.note_told(connection, anna.staff.id, b"\x01")
        wishes.keep(connection, anna.wish)
        assert wishes.subscribers(connection, MailKind.DIGEST)[0].told == b"\x01"
        assert wishes.find(connection, anna.staff.id) == anna.wish
        wishes.forget(connection, anna.staff.id)
        assert wishes.find(connection, anna.staff.id) is None


def test_the_gateway_reads_no_mails(database: Database, database_url: str) -> None:
    for table in ("mail", "mail_wish"):
        with (
            Database(database_url, role=roles.GATEWAY, pool_size=1) as service,
            pytest.raises(StoreError, match="permission denied"),
            service.transaction() as connection,
        ):
            connection.execute(f"SELECT * FROM {table}".encode())
