"""Hears what others do in the database while the gateway works, and whether it answers at all."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection

import msgspec
import structlog

from geodata.errors import StoreError
from geodata.runtime.background_part import BackgroundPart
from geodata.runtime.notification_guard import NotificationGuard
from geodata.runtime.worker import Worker
from geodata.store.channels import CATALOGUE_CHANNEL, DEVICE_CHANNEL
from geodata.store.database import Database, notifications
from geodata.store.ingest.flush import Confirmation
from geodata.store.ingest.partition_lock import PartitionLock
from geodata.store.ingest.replay import CONFIRMATION_CHANNEL
from geodata.vocabulary.names import is_name

_SMALL = frozenset({"observed_property", "observation_horizon"})  # tables that decide too, and are read whole
_LISTEN_S = 1.0

_log = structlog.get_logger(__name__)


class _Confirmed(msgspec.Struct):
    trail: str
    device: str
    boot: str
    seq: int


class RegistryWatch(BackgroundPart):
    """Hears of changed devices and observed properties, and of what a replay completed, in a separate thread.

    ``changed`` is called with the devices concerned, none for a property, None for whatever may have changed;
    ``confirmed`` with (trail, confirmation) of a replay.
    """

    def __init__(
        self,
        database: Database,
        lock: PartitionLock,
        changed: Callable[[Collection[str] | None], None],
        confirmed: Callable[[str, Confirmation], None],
    ) -> None:
        super().__init__(Worker("registry", self._listen_until_lost), ends_within_s=2 * _LISTEN_S)
        self._database = database
        self._lock = lock
        self._changed = changed
        self._confirmed = confirmed
        self._guard = NotificationGuard(self._take_notification, lambda: self._changed(None))
        self.answered_at = float("-inf")

    @property
    def unreadable(self) -> int:
        """Notifications that could not be read; what they may have told of was read again."""
        return self._guard.unreadable

    def _listen_until_lost(self) -> None:
        try:
            self._listen()
        except StoreError as error:
            _log.warning("registry-watch-away", error=str(error))
            self.stopping.wait(_LISTEN_S)

    def _listen(self) -> None:
        with self._database.listener(CATALOGUE_CHANNEL, DEVICE_CHANNEL, CONFIRMATION_CHANNEL) as connection:
            self._changed(None)  # what happened while nobody listened
            while not self.stopping.is_set():
                self._lock.verify_held(connection)
                self.answered_at = time.monotonic()
                for notice in notifications(connection, _LISTEN_S):
                    self._guard.take(notice.channel, notice.payload)

    def _take_notification(self, channel: str, payload: str) -> None:
        if channel == DEVICE_CHANNEL:
            self._changed(msgspec.json.decode(payload, type=list[str]) if payload else None)
        elif channel == CATALOGUE_CHANNEL and payload in _SMALL:
            self._changed(None if payload == "observed_property" else ())  # its series may have changed with it
        elif channel == CONFIRMATION_CHANNEL:
            notification = msgspec.json.decode(payload, type=_Confirmed)
            if not (is_name(notification.trail) and is_name(notification.device)):
                raise ValueError("a confirmation for what names no device")  # a broker ends who publishes there
            self._confirmed(notification.trail, Confirmation(notification.device, notification.boot, notification.seq))
