"""What is done once a day is over, in parallel with the ingest: looked for every hour, step by step."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

import structlog

from gateway.metrics import Metrics
from geodata.errors import StoreError
from geodata.runtime.background_part import BackgroundPart
from geodata.runtime.steady_clock import SteadyClock
from geodata.runtime.worker import Worker
from geodata.store.counting import queue, sessions, sign_days
from geodata.store.database import Database
from geodata.store.operations import database_size

_EVERY_S = 3600.0
_REPORTED = timedelta(hours=6)
"""So long after its end a day is looked at for silent signs: it is only once, and counters report of its last hours."""

_FIGURES = "geodata.figures"

_log: structlog.stdlib.BoundLogger = structlog.get_logger("gateway.nightly")


class NightWorker(BackgroundPart):
    """A thread; of several gateways each does what no other has done. Nothing that fails here touches the ingest.

    What is published is never taken back. So nothing is done while the clock may be ahead or passes wait to be counted,
    nor in the first hour, in which the broker delivers what it kept while no gateway ran. A step that fails keeps no
    other one from its turn.
    """

    def __init__(self, database: Database, metrics: Metrics, clock: SteadyClock) -> None:
        failed = metrics.nightly_failures.inc
        super().__init__(Worker("nightly", self._wait_and_look, after_fault=failed), ends_within_s=2)
        self._database = database
        self._metrics = metrics
        self._clock = clock
        self._steps = {
            "compare-counts": self._compare_counts,
            "watch-signs": self._watch_signs,
            "close-figures": self._close_figures,
            "note-size": self._note_size,
        }

    def _wait_and_look(self) -> None:
        if self.stopping.wait(_EVERY_S):
            return
        try:
            self.look()
        except StoreError as error:
            self._told("look", error)

    def look(self) -> None:
        """Do each step; one that the database refuses is told and due again. Raises StoreError where it is away."""
        if not self._clock.settled:
            return
        with self._database.transaction() as connection:
            if queue.waiting(connection):
                return
        now = self._clock.surely()
        failures = sum(not self._is_done(step, now) for step in self._steps if not self.stopping.is_set())
        if not failures:
            self._metrics.nightly_done_at.set(now.timestamp())

    def _is_done(self, step: str, now: datetime) -> bool:
        try:
            done = self._steps[step](now)
        except StoreError as error:
            self._told(step, error)
            return False
        if done:
            _log.info("nightly-step-done", step=step, count=done)
        return True

    def _told(self, step: str, error: StoreError) -> None:
        self._metrics.nightly_failures.inc()
        _log.warning("nightly-step-failed", step=step, error=str(error), retry_in_s=_EVERY_S)

    def _compare_counts(self, now: datetime) -> int:
        """Counts by hand whose counters reported late; answers how many are other than before."""
        with self._database.transaction() as connection:
            sessions.lock(connection)
            return int(_figures("by_hand.counter_comparison").compare_anew(connection, now))

    def _watch_signs(self, now: datetime) -> int:
        """Days that are over, once each; answers how many signs are silent."""
        with self._database.transaction() as connection:
            sign_days.lock(connection)
            return int(_figures("signs").watch_days(connection, now - _REPORTED))

    def _close_figures(self, now: datetime) -> int:
        """Each time in a transaction of its own; answers how many closed."""
        return sum(1 for _ in _figures("publishing.closing").close_due(self._database, now, stopping=self.stopping))

    def _note_size(self, now: datetime) -> int:
        """How large the database is, once a day."""
        with self._database.transaction() as connection:
            return database_size.note(connection, now.date())


def _figures(module: str) -> Any:
    """A use case of figures, loaded when a night needs it: its arithmetic takes more memory than all of the ingest."""
    return import_module(f"{_FIGURES}.{module}")
