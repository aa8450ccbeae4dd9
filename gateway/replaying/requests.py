"""Replays that staff asked for on their pages: carried out in portions, and after each one it is said how far it is."""

from __future__ import annotations

from datetime import UTC, datetime

import structlog

from gateway.replaying.replay import AT_ONCE, Replay
from geodata.errors import StoreError
from geodata.runtime.background_part import BackgroundPart
from geodata.runtime.steady_clock import SteadyClock
from geodata.runtime.worker import Worker
from geodata.store.database import Database
from geodata.store.ingest import replay
from geodata.store.operations import replay_requests
from geodata.store.operations.replay_requests import ReplayRequest

_EVERY_S = 2.0
_BETWEEN_S = 0.05
"""Between two portions: the ingest is served first."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger("gateway.replaying")


class ReplayRequests(BackgroundPart):
    """A thread; of several gateways one at a time carries out a request. Nothing that fails here touches the ingest.

    A process that ends in the middle leaves the request to the next: what was stored once is not stored again.
    """

    def __init__(self, database: Database, clock: SteadyClock, retention_us: int) -> None:
        super().__init__(Worker("replaying", self._look_and_wait), ends_within_s=2)
        self._database = database
        self._clock = clock
        self._retention_us = retention_us

    def _look_and_wait(self) -> None:
        try:
            self.look()
        except StoreError as error:
            _log.warning("replay-not-done", error=str(error), retry_in_s=_EVERY_S)
        self.stopping.wait(_EVERY_S)

    def look(self) -> None:
        """Carry out what was asked for; raise StoreError, and what was not done waits on."""
        with self._database.transaction() as holding:
            if not replay_requests.try_lock(holding):
                return
            while (request := self._next()) is not None and self._carry_out(request):
                pass

    def _next(self) -> ReplayRequest | None:
        with self._database.transaction() as connection:
            return replay_requests.oldest(connection)

    def _carry_out(self, request: ReplayRequest) -> bool:
        """Whether it is finished; one that is stopped goes on with what is left."""
        now = datetime.fromtimestamp(self._clock.now_us() / 1e6, UTC)
        work = Replay(self._database, now, self._retention_us, keeps_owners=True)
        with self._database.transaction() as connection:
            waiting = [entry for entry, _ in replay.waiting(connection, request.selection)]
            replay_requests.begin(connection, request.id, len(waiting))
        for start in range(0, len(waiting), AT_ONCE):
            report = work.run_entries(waiting[start : start + AT_ONCE])
            with self._database.transaction() as connection:
                replay_requests.note(connection, request.id, report.entries, report.stored, report.staying)
            if self.stopping.wait(_BETWEEN_S):
                return False
        with self._database.transaction() as connection:
            replay_requests.finish(connection, request.id, now)
        _log.info("replay-done", request=request.id, entries=len(waiting), asked_by=request.asked_by)
        return True
