"""Ends the sessions that gateways left behind under client ids of before, after everything in them is stored.

A broker keeps messages for a persistent session whether or not anybody comes for them, NATS for ever. So a gateway
notes in the database under which client id it holds a session, before it connects. One that starts with another id
first subscribes under its own, so that nothing published from then on is missed. Then it resumes the old session and
stores what comes. Only then it ends the old one, by a connection with a clean session.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import structlog

from gateway.inbox import Delivery, Inbox, ReceiptClock
from gateway.metrics import Metrics
from gateway.mqtt.clean_connect import BrokerRefused, connect_once
from gateway.mqtt.config import Broker, Identity
from gateway.mqtt.drain import Drain
from gateway.mqtt.session import Session
from geodata.errors import StoreError
from geodata.runtime.background_part import BackgroundPart
from geodata.runtime.worker import Worker
from geodata.store.database import Database
from geodata.store.devices import broker_session
from geodata.store.devices.broker_session import BrokerSession

QUIET_S = 40.0
"""So long nothing may come from an old session alone: longer than the 30 s after which NATS repeats by default."""

_TICK_S = 0.1
_RETRY_S, _LONGEST_RETRY_S = 5.0, 300.0
_NOTE_EVERY_S = 300.0
_ATTEMPTS = 3
_RESUME_S = 30.0
_STEADY_S = 2.0  # so long the gateway's own connection must last beside one under the old id

_log: structlog.stdlib.BoundLogger = structlog.get_logger("gateway.mqtt.old_sessions")


@dataclass(slots=True)
class _Ending:
    """An old session on its way to its end, with what was known of the two connections at the last look."""

    old: BrokerSession
    drain: Drain
    resumed: Session
    own_connections: int
    began_at: float
    resumed_connections: int = 0


class OldSessions(BackgroundPart):
    """A thread that does nothing while ``is_active()`` is false; beside() and then start() make it work.

    may_connect() tells when the gateway's own session may begin: it was noted, or noting it has failed once, since the
    ingest must not wait for that.
    """

    def __init__(
        self,
        database: Database,
        broker: Broker,
        identity: Identity,
        partition: str,
        inbox: Inbox,
        clock: ReceiptClock,
        *,
        is_active: Callable[[], bool],
        quiet_s: float = QUIET_S,
    ) -> None:
        worker = Worker(
            "old-sessions",
            self._wait_and_look,
            after_fault=self._go_without,
            first_pause_s=_RETRY_S,
            longest_pause_s=_LONGEST_RETRY_S,
        )
        super().__init__(worker, ends_within_s=3)
        self._database, self._broker, self._identity, self._partition = database, broker, identity, partition
        self._address = f"{broker.host}:{broker.port}"
        self._inbox, self._clock, self._quiet_s = inbox, clock, quiet_s
        self._is_active = is_active
        self._own: Session | None = None
        self._ending: _Ending | None = None
        self._tried: Counter[str] = Counter()
        self._note_at = self._look_at = float("-inf")
        self._may_connect = False

    def may_connect(self) -> bool:
        """Whether the gateway's own session may begin."""
        return self._may_connect and self._is_active()

    def beside(self, own: Session) -> None:
        """Tell the gateway's own session."""
        self._own = own

    def hold(self) -> None:
        """Leave further messages of an old session with the broker."""
        if (ending := self._ending) is not None:
            ending.resumed.hold()

    def stop(self) -> None:
        """End the thread; what is not drained stays with the broker for the next start."""
        super().stop()
        self._leave()

    def split(self, deliveries: Sequence[Delivery]) -> Sequence[Delivery]:
        """Of deliveries that are committed, acknowledge an old session's there; the gateway's own are returned."""
        if (ending := self._ending) is None:
            return deliveries
        old, own = ending.drain.committed(deliveries)
        ending.resumed.acknowledge(old)
        return own

    def _wait_and_look(self) -> None:
        if self.stopping.wait(_TICK_S):
            return
        try:
            self._look(time.monotonic())
        except (StoreError, BrokerRefused) as error:
            _log.warning("old-session-waits", why=str(error), retry_in_s=_RETRY_S)
            self._go_without()
            self.stopping.wait(_RETRY_S)

    def _go_without(self) -> None:
        """Whatever happens here must not keep messages from the ingest."""
        self._may_connect = True

    def _look(self, now: float) -> None:
        own = self._own
        if not self._is_active():
            self._stand_by()
        elif now >= self._note_at:
            self._note(now)
        elif own is not None and self._ending is not None:
            self._go_on(self._ending, own, now)
        elif own is not None and own.subscribed and now >= self._look_at:
            self._find(own, now)

    def _stand_by(self) -> None:
        self._may_connect = False
        self._note_at = self._look_at = float("-inf")
        self._tried.clear()
        self._leave()

    def _note(self, now: float) -> None:
        """Before the session begins; and again and again, since another gateway of the partition may have ended it."""
        with self._database.transaction() as connection:
            broker_session.note(connection, self._identity.client_id, self._address, self._partition)
        self._note_at = now + _NOTE_EVERY_S
        self._may_connect = True

    def _find(self, own: Session, now: float) -> None:
        with self._database.transaction() as connection:
            given_up = broker_session.given_up(connection, self._identity.client_id, self._partition)
        old = next((session for session in given_up if self._tried[session.client_id] < _ATTEMPTS), None)
        if old is None:
            self._look_at = now + _NOTE_EVERY_S
            return
        drain = Drain(self._inbox, self._quiet_s, now)
        resumed = Session(
            self._broker,
            replace(self._identity, client_id=old.client_id, filters=()),
            drain,
            Metrics(),  # the figures that are shown are the own session's
            may_connect=lambda: self._is_active() and own.subscribed,
            clock=self._clock,
        )
        self._tried[old.client_id] += 1
        self._ending = _Ending(old, drain, resumed, own.connections, now)
        _log.info("old-session-found", partition=old.partition, last_used=str(old.used_at))
        resumed.start()

    def _go_on(self, ending: _Ending, own: Session, now: float) -> None:
        resumed, drain = ending.resumed, ending.drain
        if own.connections != ending.own_connections:
            # A broker that names sessions after users would have both as one: ending the old would end the own.
            self._give_up("the gateway's own connection broke meanwhile")
        elif not resumed.subscribed or resumed.connections != ending.resumed_connections:
            ending.resumed_connections = resumed.connections
            drain.begin(now)
            if not resumed.subscribed and now > ending.began_at + _RESUME_S:
                self._give_up(resumed.trouble)
        elif now > drain.began_at + _STEADY_S and (not resumed.session_present or drain.is_empty(now)):
            self._end(ending)

    def _end(self, ending: _Ending) -> None:
        """After all of it is committed and acknowledged, and the own session has held beside it all the while."""
        self._leave()
        connect_once(self._broker, ending.old.client_id, self._identity.protocol)
        if ending.resumed.session_present or ending.old.broker == self._address:
            with self._database.transaction() as connection:
                broker_session.forget(connection, ending.old)
        _log.info("old-session-ended", partition=ending.old.partition, messages=ending.drain.count)

    def _give_up(self, why: str) -> None:
        _log.warning("old-session-stays", why=why, hint="nothing is lost; the doctor names it")
        self._leave()
        self._look_at = time.monotonic() + _NOTE_EVERY_S

    def _leave(self) -> None:
        ending, self._ending = self._ending, None
        if ending is not None:
            ending.resumed.stop()
