"""Keeps the record of what was told to people: writes each change of a notice to the log."""

from __future__ import annotations

import threading

import structlog

from api.catalogue.keeper import Clock, SnapshotKeeper, utc_now
from api.notices.notices import verdict_of
from geodata.conditions.notices import Level, Reason
from geodata.errors import StoreError
from geodata.model.trail import TrailState
from geodata.runtime.worker import Worker
from geodata.store.catalogue import notice
from geodata.store.database import Database

_log = structlog.get_logger(__name__)


class NoticeLog:
    """Looks every ``every_s`` seconds; where several processes look, each change is written once."""

    def __init__(
        self, database: Database, keeper: SnapshotKeeper, *, clock: Clock = utc_now, every_s: float = 10
    ) -> None:
        self._database = database
        self._keeper = keeper
        self._clock = clock
        self._every_s = every_s
        self._written: dict[str, tuple[Level, Reason]] = {}
        self._stop = threading.Event()
        self.worker = Worker("notice-log", self._wait_and_look, self._stop)

    def start(self) -> None:
        """Begin to look."""
        self.worker.start()

    def stop(self) -> None:
        """Stop looking."""
        self._stop.set()
        self.worker.join(5)

    def _wait_and_look(self) -> None:
        if self._stop.wait(self._every_s) or not (self._keeper.has_snapshot and self._keeper.is_fresh):
            return  # what we see is not what is: a process that knows will write it
        try:
            self._look()
        except StoreError as error:
            _log.warning("The log of notices could not be written.", error=str(error))

    def _look(self) -> None:
        now = self._clock()
        catalogue = self._keeper.current.catalogue
        for rule in catalogue.notice_rules.values():
            if catalogue.trails[rule.trail].state is TrailState.RETIRED:
                continue  # nobody is told
            verdict = verdict_of(self._keeper, rule, now)
            if self._written.get(rule.id) == (verdict.level, verdict.reason):
                continue
            with self._database.transaction() as connection:
                notice.log(connection, rule.id, verdict, now)
            self._written[rule.id] = (verdict.level, verdict.reason)
