"""Passes counted in parallel with the ingest: what it noted a moment ago, and counters that hang nowhere yet."""

from __future__ import annotations

import time

import structlog

from gateway.metrics import Metrics
from geodata.errors import StoreError
from geodata.figures import passes
from geodata.runtime.background_part import BackgroundPart
from geodata.runtime.worker import Worker
from geodata.store.counting import queue
from geodata.store.database import Database

_EVERY_S = 5.0
_MOUNT_EVERY_S = 30.0
_BETWEEN_S = 0.05
"""Between two portions: the ingest is served first."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger("gateway.pass_counting")


class PassCounter(BackgroundPart):
    """A thread; of several gateways one at a time does the work. Nothing that fails here touches the ingest."""

    def __init__(self, database: Database, metrics: Metrics) -> None:
        failed = metrics.counting_failures.inc
        super().__init__(Worker("pass-counting", self._look_and_wait, after_fault=failed), ends_within_s=2)
        self._database = database
        self._metrics = metrics
        self._mount_at = float("-inf")

    def _look_and_wait(self) -> None:
        try:
            self.look()
        except StoreError as error:
            self._metrics.counting_failures.inc()
            _log.warning("passes-not-counted", error=str(error), retry_in_s=_EVERY_S)
        self.stopping.wait(_EVERY_S)

    def look(self) -> None:
        """Count all that waits, portion by portion; raise StoreError, and what was not counted waits on."""
        if time.monotonic() >= self._mount_at:
            devices = passes.mount_new(self._database)
            if devices:
                _log.info("counters-mounted", devices=devices)
            self._mount_at = time.monotonic() + _MOUNT_EVERY_S
        while counted := passes.count_waiting(self._database):
            self._metrics.counted_hours.inc(counted)
            if self.stopping.wait(_BETWEEN_S):
                break
        with self._database.transaction() as connection:
            self._metrics.passes_waiting.set(queue.waiting(connection))
