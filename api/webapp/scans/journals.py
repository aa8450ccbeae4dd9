"""The journals of a folder: the one that this process writes, and those that ended processes left behind.

Which byte of a journal is reached stands in the database and is changed with the counts, so that nothing that ends a
process in between loses a scan or adds it twice.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import structlog

from api.webapp.scans.journal import SUFFIX, Journal
from geodata.errors import StartRefused, StoreError
from geodata.store.access import scan as scan_store
from geodata.store.access import scan_journal
from geodata.store.access.scan import ScanKey
from geodata.store.database import Database

MOST_BYTES = 64 * 1024 * 1024
"""Of a journal while the database is away: some two million scans. Those that come then are kept in memory."""
_NEW_AFTER = 1024 * 1024

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class ScanJournals:
    """append() is for the threads of requests, all else for one thread; ``folder`` gives the folder, made if need be.

    ``trouble`` says why nothing can be written now; empty while it can.
    """

    def __init__(
        self, folder: Callable[[], Path], *, most_bytes: int = MOST_BYTES, new_after: int = _NEW_AFTER
    ) -> None:
        self._folder = folder
        self._most_bytes = most_bytes
        self._new_after = new_after
        self._own: Journal | None = None
        self._lock = threading.Lock()
        self._is_closed = False
        self._has_failed = False
        self._settled_at = time.monotonic()
        self.trouble = ""

    @property
    def waiting_bytes(self) -> int:
        """Bytes of scans of this process that are written and not known to be in the database."""
        with self._lock:
            return max(self._own.size - self._own.moved, 0) if self._own else 0

    @property
    def behind_s(self) -> float:
        """Seconds since all that was written was in the database, that of ended processes too."""
        return time.monotonic() - self._settled_at

    @property
    def waiting(self) -> int:
        """Scans of this process that are written and not known to be in the database."""
        with self._lock:
            return self._own.waiting if self._own else 0

    def append(self, key: ScanKey) -> bool:
        """Write one scan; False where it cannot be written."""
        with self._lock:
            own = self._own
            if own is None:
                return False
            if own.size >= self._most_bytes:
                self._be_in_trouble("The database was away for so long that the file is full.")
                return False
            try:
                own.append(key)
            except OSError as error:
                self._be_in_trouble(str(error))
                return False
        return True

    def open(self) -> None:
        """Have a journal to write, a new one where there is none or much of it is in the database already."""
        own = self._own
        if self._is_closed or (own is not None and own.moved < self._new_after):
            return
        try:
            new = Journal.create(self._folder())
        except (OSError, StartRefused) as error:
            self._be_in_trouble(str(error))
            return
        with self._lock:
            self._own = new
        if own is not None:
            own.close()  # it is left behind, and hand_over() finds it

    def hand_over(self, database: Database) -> None:
        """Add all scans to the database that are written by now; raises StoreError and OSError, and then they wait."""
        self.open()
        self._look_whether_it_is_over()
        own = self._own
        if own is not None and own.size > own.moved:
            self._move(own, database)
            self.open()
        for journal in self._left_behind():
            with closing(journal):
                self._move(journal, database)
                _finish(journal, database)
        self._settled_at = time.monotonic()

    def close(self) -> None:
        """Write no more; the journal is left behind."""
        with self._lock:
            own, self._own, self._is_closed = self._own, None, True
        if own is not None:
            own.close()

    def _left_behind(self) -> Iterator[Journal]:
        with suppress(StartRefused):
            own = self._own
            for path in sorted(self._folder().glob(f"*{SUFFIX}")):
                if own is None or path != own.path:
                    journal = Journal.take(path)
                    if journal is not None:
                        yield journal

    def _move(self, journal: Journal, database: Database) -> None:
        try:
            while _move_some(journal, database):
                pass
        except StoreError:
            journal.sync()  # it may be away for long
            raise

    def _be_in_trouble(self, why: str) -> None:
        if not self.trouble:
            _log.warning(
                "scan-journal-unwritable",
                error=why,
                hint="Scans are counted in memory: those of the last seconds are lost if the process is killed.",
            )
        self.trouble, self._has_failed = why, True

    def _look_whether_it_is_over(self) -> None:
        if self.trouble and not self._has_failed:
            self.trouble = ""
            _log.info("scan-journal-writable")
        self._has_failed = False


def _move_some(journal: Journal, database: Database) -> bool:
    """Add the next scans of a journal to the database; False where there are none."""
    with database.transaction() as connection:
        start = scan_journal.position(connection, journal.id)
        counts, end = journal.read(start)
        dropped = scan_store.add_possible(connection, counts)
        scan_journal.move(connection, journal.id, end)
    journal.moved = end
    for key in dropped:
        _log.error("scan-count-dropped", key=key, count=counts[key])
    return end > start


def _finish(journal: Journal, database: Database) -> None:
    """End a journal that is in the database whole. Whatever ends between these steps, they may be done again."""
    journal.empty()
    with database.transaction() as connection:
        scan_journal.forget(connection, journal.id)
    journal.remove()
