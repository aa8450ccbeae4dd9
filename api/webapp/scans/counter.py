"""Counting scans: written down before the page is answered, and added to the database every few seconds."""

from __future__ import annotations

import threading
from collections import Counter

import structlog

from api.webapp.scans.journals import ScanJournals
from api.webapp.scans.uptime import Uptime
from geodata.errors import StoreError, StoreRejected
from geodata.runtime.background_part import BackgroundPart
from geodata.runtime.worker import Worker
from geodata.store.access import scan as scan_store
from geodata.store.access.scan import ScanKey
from geodata.store.database import Database
from geodata.times import Clock, utc_now

_WRITE_EVERY_S = 3.0

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class ScanCounter(BackgroundPart):
    """Counts in ``journals``, and adds to the database every few seconds in a separate thread.

    Without journals, and while they cannot be written, it counts in memory: then an outage of the database loses
    nothing, but a process that is killed loses what it has not added. ``clock`` says in which minutes it ran.
    """

    def __init__(
        self,
        database: Database,
        journals: ScanJournals | None = None,
        *,
        every_s: float = _WRITE_EVERY_S,
        clock: Clock = utc_now,
    ) -> None:
        super().__init__(Worker("scans", self._wait_and_write), ends_within_s=15)
        self._database = database
        self._journals = journals
        self._every_s = every_s
        self._uptime = Uptime(clock)
        self._counts: Counter[ScanKey] = Counter()
        self._lock = threading.Lock()

    def start(self) -> None:
        """Begin; what is counted from now on outlives the process."""
        if self._journals is not None:
            self._journals.open()
        super().start()

    def stop(self) -> None:
        """Write what is left and end."""
        super().stop()
        if self._journals is not None and not self.worker.alive:  # one that hangs reads it until the process ends
            self._journals.close()
        self.write()

    @property
    def waiting(self) -> int:
        """Scans that are counted but not in the database yet."""
        written = self._journals.waiting if self._journals is not None else 0
        with self._lock:
            return written + self._counts.total()

    def count(self, key: ScanKey) -> None:
        """Count one scan; never blocks on the database."""
        if self._journals is not None and self._journals.append(key):
            return
        with self._lock:
            self._counts[key] += 1

    def write(self) -> None:
        """Write what is counted; keep it for the next time when the database does not answer, or whatever is raised."""
        with self._lock:
            counts, self._counts = self._counts, Counter()
        try:
            self._settle(counts)
        finally:
            self._keep(counts)
            self._hand_over()

    def _hand_over(self) -> None:
        if self._journals is None:
            return
        try:
            self._journals.hand_over(self._database)
        except StoreError as error:
            _log.warning("scans-wait", waiting=self.waiting, error=str(error))

    def _settle(self, counts: Counter[ScanKey]) -> None:
        """Write these and take out of them what is written, or what no try would write."""
        if not counts:
            return
        try:
            self._add(counts)
            counts.clear()
        except StoreRejected:
            self._add_one_by_one(counts)
        except StoreError as error:
            _log.warning("scans-wait", waiting=counts.total(), error=str(error))
        except Exception:
            self._add_one_by_one(counts)
            raise

    def _wait_and_write(self) -> None:
        if not self.stopping.wait(self._every_s):
            self._uptime.write(self._database)
            self.write()

    def _add(self, counts: Counter[ScanKey]) -> None:
        with self._database.transaction() as connection:
            scan_store.add(connection, counts)

    def _add_one_by_one(self, counts: Counter[ScanKey]) -> None:
        """One key that the database will never take must not hold up the others."""
        for key, count in list(counts.items()):
            try:
                self._add(Counter({key: count}))
            except StoreRejected as error:
                _log.error("scan-count-dropped", key=key, count=count, error=str(error))
            except Exception:  # noqa: BLE001, S112 - it was told of all of them together, and is tried again
                continue
            del counts[key]

    def _keep(self, counts: Counter[ScanKey]) -> None:
        with self._lock:
            self._counts.update(counts)
