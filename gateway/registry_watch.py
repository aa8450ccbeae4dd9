"""Hears of new devices and observed properties while the gateway works, and whether the database answers at all."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import structlog

from geodata.errors import StoreError
from geodata.store.channels import CATALOGUE_CHANNEL
from geodata.store.database import Database, notifications
from geodata.store.partition_lock import PartitionLock

_JUDGED_BY = frozenset({"device", "observed_property"})  # tables whose change alters what the gateway accepts
_LISTEN_S = 1.0

_log = structlog.get_logger(__name__)


class RegistryWatch:
    """Hears of new devices and observed properties, and whether the database answers at all, in a thread of its own."""

    def __init__(self, database: Database, lock: PartitionLock, changed: Callable[[], None]) -> None:
        self._database = database
        self._lock = lock
        self._changed = changed
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="registry", daemon=True)
        self.answered_at = float("-inf")

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; one that hangs with the database is left to end with the process."""
        self._stopping.set()
        self._thread.join(2 * _LISTEN_S)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._listen()
            except StoreError as error:
                _log.warning("registry-watch-away", error=str(error))
                self._stopping.wait(_LISTEN_S)

    def _listen(self) -> None:
        with self._database.listener(CATALOGUE_CHANNEL) as connection:
            self._changed()  # what happened while nobody listened
            while not self._stopping.is_set():
                self._lock.look(connection)
                self.answered_at = time.monotonic()
                for notice in notifications(connection, _LISTEN_S):
                    if notice.payload in _JUDGED_BY:
                        self._changed()
