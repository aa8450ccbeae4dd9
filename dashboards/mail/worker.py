"""The thread that writes mails when they are due, and sends those that wait."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from geodata.errors import InvalidInput, StoreError, StoreUnavailable
from geodata.mail.compose import compose
from geodata.mail.delivery import MailDelivery, MailNotSent
from geodata.mail.records import WaitingMail
from geodata.runtime.background_part import BackgroundPart
from geodata.runtime.worker import Worker
from geodata.store.database import Database
from geodata.store.mail import outbox
from geodata.times import Clock

_KEPT = timedelta(days=30)
_AT_ONCE = 50  # mails in a row, before it is looked again whether the process is to end

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class MailSource(Protocol):
    """Writes the mails that are due into the outbox, each once; answers how many were new."""

    def __call__(self, now: datetime) -> int:
        """Look at ``now``."""
        ...


class MailWorker(BackgroundPart):
    """Looks every ``every_s`` seconds. Of several processes each may look: a mail is written once and taken by one.

    ``sources`` by the name under which a fault of theirs is told; one that fails keeps no other from its turn.
    """

    def __init__(
        self,
        database: Database,
        delivery: MailDelivery,
        sources: Mapping[str, MailSource],
        *,
        sender: str,
        clock: Clock,
        every_s: float = 60.0,
    ) -> None:
        super().__init__(Worker("mail", self._wait_and_look), ends_within_s=5)
        self._database = database
        self._delivery = delivery
        self._sources = sources
        self._sender = sender
        self._clock = clock
        self._every_s = every_s

    def _wait_and_look(self) -> None:
        if self.stopping.wait(self._every_s):
            return
        try:
            self.look()
        except StoreError as error:
            _log.warning("mail-not-looked", error=str(error))

    def look(self) -> None:
        """Write what is due and send what waits. Raises StoreError where the database is away."""
        now = self._clock()
        for name, source in self._sources.items():
            try:
                source(now)
            except StoreUnavailable:
                raise
            except Exception as error:  # noqa: BLE001 - mails that wait are sent all the same
                _log.error("mail-source-failed", source=name, error=repr(error))
        for _ in range(_AT_ONCE):
            if self.stopping.is_set() or not self._send_one():
                break
        with self._database.transaction() as connection:
            outbox.forget(connection, now - _KEPT)

    def _send_one(self) -> bool:
        """Take one mail and hand it over; False where none is due. No transaction is open while a server is asked."""
        now = self._clock()
        with self._database.transaction() as connection:
            waiting = outbox.take(connection, now)
        if waiting is None:
            return False
        try:
            self._delivery.deliver(compose(waiting.mail, self._sender, waiting.created_at))
        except (MailNotSent, InvalidInput) as error:
            self._note_failure(waiting, error)
            return True
        with self._database.transaction() as connection:
            outbox.sent(connection, waiting.id, self._clock())
        return True

    def _note_failure(self, waiting: WaitingMail, error: MailNotSent | InvalidInput) -> None:
        is_final = isinstance(error, InvalidInput) or error.is_final
        with self._database.transaction() as connection:
            given_up = outbox.failed(connection, waiting, self._clock(), str(error), is_final=is_final)
        _log.warning("mail-not-sent", mail=waiting.id, given_up=given_up, error=str(error))
