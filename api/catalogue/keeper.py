"""The catalogue and the latest values in memory, kept fresh by the database's notifications.

Hot public reads are answered from here. One thread writes (``follower``), any number read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import structlog

from api.catalogue.following.current import CurrentSnapshot
from api.catalogue.following.device_times import DeviceTimes
from api.catalogue.following.follower import CatalogueFollower
from api.catalogue.following.observed import Observed
from api.catalogue.snapshot import Snapshot
from geodata.model.observation import Observation
from geodata.runtime.fault_log import FaultLog
from geodata.runtime.steady_clock import SteadyClock
from geodata.runtime.worker import Worker
from geodata.store.database import Database
from geodata.times import Clock, utc_now

Subscriber = Callable[[list[Observation]], None]

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class SnapshotKeeper:
    """What requests read: the current Snapshot and the latest observation of each datastream."""

    def __init__(self, database: Database, *, clock: Clock = utc_now, steady: SteadyClock | None = None) -> None:
        self._current = CurrentSnapshot(clock)
        self._observed = Observed(self._bump_revision)
        times = DeviceTimes(steady)
        self._follower = CatalogueFollower(database, self._current, self._observed, times, self._announce, clock)
        self._revisions: defaultdict[str, int] = defaultdict(int)
        self._subscribers: set[Subscriber] = set()
        self._told = FaultLog()

    def start(self, wait_s: float = 10) -> None:
        """Begin to follow the database; wait for the first snapshot, but start without one when that takes longer."""
        self._follower.start(wait_s)

    def stop(self) -> None:
        """Stop following."""
        self._follower.stop()

    @property
    def worker(self) -> Worker:
        """The thread that follows the database."""
        return self._follower.worker

    @property
    def unreadable(self) -> int:
        """Notifications that could not be read; all that they may have told of was read again."""
        return self._follower.notifications.unreadable

    @property
    def current(self) -> Snapshot:
        """The snapshot; raises StoreUnavailable while there has never been one."""
        return self._current.get()

    @property
    def has_snapshot(self) -> bool:
        """Whether there has been a snapshot yet."""
        return self._current.last is not None

    @property
    def is_fresh(self) -> bool:
        """Whether changes in the database reach this process right now."""
        return self._follower.is_fresh

    def latest(self, datastream: int) -> Observation | None:
        """The latest observation of a datastream, by measuring time."""
        return self._observed.latest(datastream)

    def recent(self, datastream: int) -> list[Observation]:
        """The latest observation of a notice's datastream, and those that decide about its thresholds; in any order."""
        return self._observed.recent(datastream)

    def revision(self, station: str, seen: Snapshot) -> tuple[int, int]:
        """Changes whenever anything shown of a station changes: its entry in the catalogue ``seen`` or a latest value.

        Not of the current one: what is made from the one before must not be kept as the newer.
        """
        return seen.version, self._revisions[station]

    def subscribe(self, subscriber: Subscriber) -> Callable[[], None]:
        """Call ``subscriber`` (from the keeper's thread; it must not block) with new observations; returns its end."""
        self._subscribers.add(subscriber)
        return lambda: self._subscribers.discard(subscriber)

    def _announce(self, observations: list[Observation]) -> None:
        if observations:
            for subscriber in list(self._subscribers):
                try:
                    subscriber(observations)
                except Exception as error:  # noqa: BLE001 - what one listener chokes on must not end its news, or others'
                    _log.error("subscriber-failed", **self._told.fields(error))

    def _bump_revision(self, datastream: int) -> None:
        snapshot = self._current.last
        if snapshot and (station := snapshot.station_of_datastream(datastream)):
            self._revisions[station] += 1
