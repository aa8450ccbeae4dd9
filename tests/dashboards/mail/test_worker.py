"""The thread that sends mails: nothing is sent twice, nothing is lost, and one fault keeps no other mail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from structlog.testing import capture_logs

from dashboards.mail.worker import MailSource, MailWorker
from geodata.errors import StoreUnavailable
from geodata.mail.delivery import MailNotSent
from geodata.mail.records import NewMail
from geodata.store.database import Database
from geodata.store.mail import outbox

NOW = datetime(2030, 11, 30, 7, tzinfo=UTC)


class Post:
    """Takes mails, except those for whom it does not."""

    def __init__(self, *refused: str) -> None:
        self.refused = set(refused)
        self.taken: list[str] = []

    def deliver(self, mail: EmailMessage) -> None:
        """Keep whom it was for."""
        if mail["To"] in self.refused:
            raise MailNotSent("451 later")
        self.taken.append(str(mail["To"]))


def mail(name: str) -> NewMail:
    return NewMail(key="k", recipient=f"{name}@lemgo.example", subject="s", text="t")


def worker(database: Database, post: Post, *sources: MailSource, now: datetime = NOW) -> MailWorker:
    named = {f"source-{number}": source for number, source in enumerate(sources)}
    return MailWorker(database, post, named, sender="pfad@lemgo.example", clock=lambda: now)


def put(database: Database, *names: str) -> None:
    with database.transaction() as connection:
        for name in names:
            outbox.put(connection, mail(name))


def test_what_waits_is_sent_once_and_one_that_fails_is_tried_later(database: Database) -> None:
    put(database, "anna", "bert", "chris")
    post = Post("bert@lemgo.example")
    with capture_logs() as logs:
        worker(database, post).look()
        worker(database, post).look()
    assert post.taken == ["anna@lemgo.example", "chris@lemgo.example"]
    assert [line["event"] for line in logs] == ["mail-not-sent"]
    assert "lemgo.example" not in str(logs), "whom a mail is for is in no log"
    post.refused.clear()
    worker(database, post, now=NOW + timedelta(minutes=2)).look()
    assert post.taken[2:] == ["bert@lemgo.example"]


def test_a_source_that_fails_keeps_no_other_from_its_turn(database: Database) -> None:
    def broken(now: datetime) -> int:
        raise RuntimeError(now)

    def fine(now: datetime) -> int:
        put(database, "anna")
        return now.year

    post = Post()
    with capture_logs() as logs:
        worker(database, post, broken, fine).look()
    assert post.taken == ["anna@lemgo.example"]
    assert [line["event"] for line in logs] == ["mail-source-failed"]


def test_without_the_database_nothing_is_sent_and_nothing_lost(database: Database) -> None:
    put(database, "anna")
    database.close()
    post = Post()
    with pytest.raises(StoreUnavailable):
        worker(database, post).look()
    assert post.taken == []
