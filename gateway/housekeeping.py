"""Housekeeping in parallel with the ingest: every hour all of it, every minute the bounds of the quarantine."""

from __future__ import annotations

import time
from datetime import datetime

import structlog

from gateway.metrics import Metrics
from geodata.errors import StoreError
from geodata.runtime.background_part import BackgroundPart
from geodata.runtime.steady_clock import SteadyClock
from geodata.runtime.worker import Worker
from geodata.store.database import Database
from geodata.store.ingest import counters
from geodata.store.operations import retention as housekeeping
from geodata.store.operations.retention import MaintenanceStep, Retention

_EVERY_S = 3600.0
_QUARANTINE_EVERY_S = 60.0

_log: structlog.stdlib.BoundLogger = structlog.get_logger("gateway.housekeeping")


class Housekeeper(BackgroundPart):
    """A thread; of several gateways one at a time does the work. Nothing that fails here touches the ingest.

    Deleted is by the time that has surely come, and nothing for its age until the clock is settled: one that is years
    ahead would empty the store.
    """

    def __init__(self, database: Database, retention: Retention, metrics: Metrics, clock: SteadyClock) -> None:
        failed = metrics.housekeeping_failures.inc
        super().__init__(Worker("housekeeping", self._look_and_wait, after_fault=failed), ends_within_s=2)
        self._database = database
        self._retention = retention
        self._metrics = metrics
        self._clock = clock
        self._due_at = float("-inf")

    def _look_and_wait(self) -> None:
        try:
            self.look()
        except StoreError as error:
            self._metrics.housekeeping_failures.inc()
            _log.warning("housekeeping-failed", error=str(error), retry_in_s=_QUARANTINE_EVERY_S)
        self.stopping.wait(_QUARANTINE_EVERY_S)

    def look(self) -> None:
        """Do what is due; raise StoreError and have it due again."""
        with self._database.transaction() as connection:
            if not self._clock.compared:
                self._clock.begin_after(counters.last_commit(connection))
            now = self._clock.surely()
            usage = housekeeping.quarantine_usage(connection, self._retention, now)
        self._metrics.quarantine_fill.set(usage.share)
        if usage.nearly_full:
            _log.warning(
                "quarantine-nearly-full",
                share=round(usage.share, 2),
                rows=usage.rows,
                oldest=str(usage.oldest),
                hint="the oldest entries are discarded when it is full: replay them, or mend the devices",
            )
        if time.monotonic() < self._due_at:
            self._do(housekeeping.quarantine_steps(self._kept), now)
            return
        self._do(housekeeping.steps(self._kept), now)
        self._due_at = time.monotonic() + _EVERY_S
        self._metrics.housekept_at.set(self._clock.now().timestamp())

    @property
    def _kept(self) -> Retention:
        return self._retention if self._clock.settled else self._retention.ageless

    def _do(self, steps: list[MaintenanceStep], now: datetime) -> None:
        done = housekeeping.run(self._database, steps, now)
        if done is None:
            return  # another gateway is at it
        for what, count in done.items():
            self._metrics.housekept.labels(what).inc(count)
        if any(done.values()):
            _log.info("housekeeping", **{what: count for what, count in done.items() if count})
        if done["quarantine_waiting"]:
            _log.warning("quarantine-discarded", entries=done["quarantine_waiting"])
