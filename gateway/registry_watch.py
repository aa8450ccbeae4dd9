"""Hears what others do in the database while the gateway works, and whether it answers at all."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import msgspec
import structlog

from geodata.errors import StoreError
from geodata.store.channels import CATALOGUE_CHANNEL
from geodata.store.database import Database, notifications
from geodata.store.flush import Confirmation
from geodata.store.partition_lock import PartitionLock
from geodata.store.replay import CONFIRMATION_CHANNEL

_JUDGED_BY = frozenset({"device", "observed_property"})  # tables whose change alters what the gateway accepts
_LISTEN_S = 1.0

_log = structlog.get_logger(__name__)


class _Confirmed(msgspec.Struct):
    trail: str
    device: str
    boot: str
    seq: int


class RegistryWatch:
    """Hears of new devices and observed properties, and of what a replay completed, in a thread of its own.

    ``changed`` is called for the former, ``confirmed`` with (trail, confirmation) for the latter.
    """

    def __init__(
        self,
        database: Database,
        lock: PartitionLock,
        changed: Callable[[], None],
        confirmed: Callable[[str, Confirmation], None],
    ) -> None:
        self._database = database
        self._lock = lock
        self._changed = changed
        self._confirmed = confirmed
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
        with self._database.listener(CATALOGUE_CHANNEL, CONFIRMATION_CHANNEL) as connection:
            self._changed()  # what happened while nobody listened
            while not self._stopping.is_set():
                self._lock.look(connection)
                self.answered_at = time.monotonic()
                for notice in notifications(connection, _LISTEN_S):
                    self._hear(notice.channel, notice.payload)

    def _hear(self, channel: str, payload: str) -> None:
        if channel == CATALOGUE_CHANNEL and payload in _JUDGED_BY:
            self._changed()
        elif channel == CONFIRMATION_CHANNEL:
            told = msgspec.json.decode(payload, type=_Confirmed)
            self._confirmed(told.trail, Confirmation(told.device, told.boot, told.seq))
