"""The thread that listens to the database and has read again what was told to have changed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import msgspec
import structlog

from api.catalogue.following.current import CurrentSnapshot
from api.catalogue.following.device_times import DeviceTimes
from api.catalogue.following.observed import Observed
from api.catalogue.following.reader import CatalogueReader
from geodata.errors import StoreError
from geodata.model.observation import Observation
from geodata.runtime.background_part import BackgroundPart
from geodata.runtime.notification_guard import NotificationGuard
from geodata.runtime.worker import Outage, Worker
from geodata.store.channels import (
    CATALOGUE_CHANNEL,
    DATASTREAM_CHANNEL,
    DEVICE_CHANNEL,
    LATE_CHANNEL,
    OBSERVATION_CHANNEL,
    TOLD_BY_DEVICE,
    observations,
)
from geodata.store.database import Database, notifications
from geodata.times import Clock

_POLL_S = 0.2
_RELOAD_EVERY_S = 60.0  # a safety net: a device's reporting interval changes without a notification
_LONGEST_PAUSE_S = 10.0  # between two attempts to reach the database
_CHANNELS = (CATALOGUE_CHANNEL, DEVICE_CHANNEL, DATASTREAM_CHANNEL, OBSERVATION_CHANNEL, LATE_CHANNEL)

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)
_ids = msgspec.json.Decoder(list[str])


class CatalogueFollower(BackgroundPart):
    """Keeps ``current`` and ``observed`` as the database is; ``announce`` gets the observations as they come."""

    def __init__(
        self,
        database: Database,
        current: CurrentSnapshot,
        observed: Observed,
        times: DeviceTimes,
        announce: Callable[[list[Observation]], None],
        clock: Clock,
    ) -> None:
        self._fresh = threading.Event()
        worker = Worker(
            "snapshot",
            self._follow,
            after_fault=self._fresh.clear,
            longest_pause_s=_LONGEST_PAUSE_S,
            outage=Outage((StoreError,), self._lose),
        )
        super().__init__(worker, ends_within_s=5)
        self._database = database
        self._current = current
        self._observed = observed
        self._times = times
        self._announce = announce
        self._clock = clock
        self._reader = CatalogueReader(database, current, observed, times, clock)
        self.notifications = NotificationGuard(self._take_notification, self._distrust)

    def start(self, wait_s: float = 0) -> None:
        """Begin to follow the database; wait for the first snapshot, but no longer than ``wait_s``."""
        super().start()
        self._fresh.wait(wait_s)

    @property
    def is_fresh(self) -> bool:
        """Whether changes in the database reach this process right now."""
        return self._fresh.is_set() and self.worker.alive

    def _follow(self) -> None:
        with self._database.listener(*_CHANNELS) as connection:
            self._reader.read_all()  # after LISTEN: what changes from here on is notified
            self._fresh.set()
            self.worker.outage_is_over()
            due = time.monotonic() + _RELOAD_EVERY_S  # a wall clock set back would put it off
            while not self.stopping.is_set():
                for notification in notifications(connection, _POLL_S):
                    self.notifications.take(notification.channel, notification.payload)
                self._announce(self._observed.publish_due(self._clock()))
                self._reader.read_stale()
                if time.monotonic() >= due or self._times.clock_jumped:
                    self._reader.read_all()
                    due = time.monotonic() + _RELOAD_EVERY_S

    def _lose(self, error: Exception) -> None:
        self._fresh.clear()
        _log.warning("catalogue-not-fresh", error=str(error), hint="the database does not answer")

    def _distrust(self) -> None:
        self._reader.stale.latest = self._reader.stale.catalogue = True

    def _take_notification(self, channel: str, payload: str) -> None:
        stale = self._reader.stale
        if channel == OBSERVATION_CHANNEL and payload:
            if self._times.hear(self._current.get().catalogue, observations(payload)):
                stale.latest = True
            self._announce(self._observed.take_news(payload, self._clock()))
        elif channel == OBSERVATION_CHANNEL:
            stale.latest = True
        elif channel == LATE_CHANNEL:
            self._observed.take_late(payload, self._clock())
        elif channel == CATALOGUE_CHANNEL:
            stale.catalogue |= payload not in TOLD_BY_DEVICE
        elif payload:
            stale.devices.update(_ids.decode(payload))
        else:
            stale.catalogue = True
