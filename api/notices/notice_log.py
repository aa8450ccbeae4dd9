"""Keeps the record of what was told to people: writes each change of a notice to the log."""

from __future__ import annotations

from datetime import datetime

import structlog

from api.catalogue.keeper import SnapshotKeeper
from api.catalogue.snapshot import Snapshot
from api.notices.notices import verdict_of
from geodata.conditions.notices import Level, NoticeReason, NoticeRule
from geodata.errors import StoreError, StoreUnavailable
from geodata.model.trail import TrailState
from geodata.runtime.background_part import BackgroundPart
from geodata.runtime.worker import Worker
from geodata.store.catalogue import notice
from geodata.store.database import Database
from geodata.times import Clock, utc_now

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class NoticeLog(BackgroundPart):
    """Looks every ``every_s`` seconds; where several processes look, each change is written once."""

    def __init__(
        self, database: Database, keeper: SnapshotKeeper, *, clock: Clock = utc_now, every_s: float = 10
    ) -> None:
        super().__init__(Worker("notice-log", self._wait_and_look), ends_within_s=5)
        self._database = database
        self._keeper = keeper
        self._clock = clock
        self._every_s = every_s
        self._written: dict[str, tuple[Level, NoticeReason]] = {}

    def _wait_and_look(self) -> None:
        if self.stopping.wait(self._every_s) or not (self._keeper.has_snapshot and self._keeper.is_fresh):
            return  # what we see is not what is: a process that knows will write it
        try:
            self._look()
        except StoreError as error:
            _log.warning("notice-log-not-written", error=str(error))

    def _look(self) -> None:
        """One rule that fails keeps none of the others from the log; its fault is the worker's to tell and to count."""
        now, snapshot = self._clock(), self._keeper.current
        fault: Exception | None = None
        for rule in snapshot.catalogue.notice_rules.values():
            try:
                self._write(snapshot, rule, now)
            except StoreUnavailable:
                raise  # it would be the same for all others
            except Exception as error:  # noqa: BLE001 - raised below
                fault = error
        if fault is not None:
            raise fault

    def _write(self, snapshot: Snapshot, rule: NoticeRule, now: datetime) -> None:
        if snapshot.catalogue.trails[rule.trail].state is TrailState.RETIRED:
            return  # nobody is told
        verdict = verdict_of(self._keeper, snapshot, rule, now)
        if self._written.get(rule.id) == (verdict.level, verdict.reason):
            return
        with self._database.transaction() as connection:
            notice.log(connection, rule.id, verdict, now)
        self._written[rule.id] = (verdict.level, verdict.reason)
