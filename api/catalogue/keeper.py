"""The catalogue and the latest values in memory, kept fresh by the database's notifications.

Hot public reads are answered from here. One thread writes, any number read. What changed is read again, not everything.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec
import structlog

from api.catalogue.device_times import DeviceTimes
from api.catalogue.observed import Observed, decode
from api.catalogue.pace import Pace
from api.catalogue.snapshot import Snapshot
from geodata.errors import StoreError, StoreUnavailable
from geodata.model.observation import Observation
from geodata.runtime.back_off import BackOff
from geodata.runtime.fault_log import FaultLog
from geodata.runtime.steady_clock import SteadyClock
from geodata.runtime.worker import Worker
from geodata.store.catalogue import catalogue as catalogue_store
from geodata.store.catalogue import notice as notice_store
from geodata.store.catalogue.catalogue import Catalogue
from geodata.store.channels import (
    CATALOGUE_CHANNEL,
    DATASTREAM_CHANNEL,
    DEVICE_CHANNEL,
    LATE_CHANNEL,
    OBSERVATION_CHANNEL,
    TOLD_BY_DEVICE,
)
from geodata.store.database import Database, notifications
from geodata.store.series import latest as latest_store
from geodata.store.transaction import Transaction

_POLL_S = 0.2
_RELOAD_EVERY_S = 60.0  # a safety net: a device's reporting interval changes without a notification
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 10.0
_MOST_DEVICES = 1_000  # changed at once; of more the catalogue is read again
_CHANNELS = (CATALOGUE_CHANNEL, DEVICE_CHANNEL, DATASTREAM_CHANNEL, OBSERVATION_CHANNEL, LATE_CHANNEL)

Clock = Callable[[], datetime]
Subscriber = Callable[[list[Observation]], None]

_log = structlog.get_logger(__name__)
_ids = msgspec.json.Decoder(list[str])


def utc_now() -> datetime:
    """The clock of the running system."""
    return datetime.now(UTC)


@dataclass(slots=True)
class _Stale:
    """What was told to have changed and has not been read again; ``devices`` by their ids."""

    catalogue: bool = False
    devices: set[str] = field(default_factory=set[str])
    latest: bool = False


class SnapshotKeeper:
    """Holds the current Snapshot and the latest observation of each datastream."""

    def __init__(self, database: Database, *, clock: Clock = utc_now, steady: SteadyClock | None = None) -> None:
        self._database = database
        self._clock = clock
        self._times = DeviceTimes(steady)
        self._snapshot: Snapshot | None = None
        self._replacing = threading.RLock()
        self._observed = Observed(self._touch)
        self._stale = _Stale()
        self._latest_pace, self._decisive_pace = Pace(), Pace()
        self._revisions: defaultdict[str, int] = defaultdict(int)
        self._subscribers: set[Subscriber] = set()
        self._told = FaultLog()
        self._stop = threading.Event()
        self._fresh = threading.Event()
        self._back_off = BackOff(_FIRST_PAUSE_S, _LONGEST_PAUSE_S)
        self.worker = Worker("snapshot", self._follow_until_lost, self._stop, self._fresh.clear)
        self.unreadable = 0
        """Notifications that could not be read; all that they may have told of was read again."""

    def start(self, wait_s: float = 10) -> None:
        """Begin to follow the database; wait for the first snapshot, but start without one when that takes longer."""
        self.worker.start()
        self._fresh.wait(wait_s)

    def stop(self) -> None:
        """Stop following."""
        self._stop.set()
        self.worker.join(5)

    @property
    def current(self) -> Snapshot:
        """The snapshot; raises StoreUnavailable while there has never been one."""
        snapshot = self._snapshot
        if snapshot is None:
            raise StoreUnavailable("The catalogue has not been read yet: the database does not answer.")
        if not snapshot.is_of(self._clock):
            return self._turn(snapshot)  # by whoever asks first: a database that is away does not hold up the season
        return snapshot

    @property
    def has_snapshot(self) -> bool:
        """Whether there has been a snapshot yet."""
        return self._snapshot is not None

    @property
    def is_fresh(self) -> bool:
        """Whether changes in the database reach this process right now."""
        return self._fresh.is_set() and self.worker.alive

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

    def _follow_until_lost(self) -> None:
        try:
            self._follow()
        except StoreError as error:
            if self._fresh.is_set():  # it worked in between
                self._back_off.reset()
            self._fresh.clear()
            _log.warning("The catalogue is not kept fresh: the database does not answer.", error=str(error))
            self._stop.wait(self._back_off.next_s())

    def _follow(self) -> None:
        with self._database.listener(*_CHANNELS) as connection:
            self._read_all()  # after LISTEN: what changes from here on is notified
            self._fresh.set()
            due = time.monotonic() + _RELOAD_EVERY_S  # a wall clock set back would put it off
            while not self._stop.is_set():
                for notification in notifications(connection, _POLL_S):
                    self._hear(notification.channel, notification.payload)
                self._announce(self._observed.release(self._clock()))
                self._read_stale()
                if time.monotonic() >= due or self._times.turned:
                    self._read_all()
                    due = time.monotonic() + _RELOAD_EVERY_S

    def _hear(self, channel: str, payload: str) -> None:
        try:
            self._note(channel, payload)
        except (ValueError, TypeError, ArithmeticError) as error:  # whoever may connect may notify, whatever it is
            if not self.unreadable:
                _log.warning("unreadable-notification", channel=channel, length=len(payload), error=str(error))
            self.unreadable += 1
            self._stale.latest = self._stale.catalogue = True

    def _note(self, channel: str, payload: str) -> None:
        if channel == OBSERVATION_CHANNEL and payload:
            if self._times.hear(self.current.catalogue, decode(payload)):
                self._stale.latest = True
            self._announce(self._observed.take_news(payload, self._clock()))
        elif channel == OBSERVATION_CHANNEL:
            self._stale.latest = True
        elif channel == LATE_CHANNEL:
            self._observed.take_late(payload, self._clock())
        elif channel == CATALOGUE_CHANNEL:
            self._stale.catalogue |= payload not in TOLD_BY_DEVICE
        elif payload:
            self._stale.devices.update(_ids.decode(payload))
        else:
            self._stale.catalogue = True

    def _read_stale(self) -> None:
        """Read again what was told to have changed; the latest values not so often that it would cost much."""
        stale = self._stale
        if stale.catalogue or len(stale.devices) > _MOST_DEVICES:
            with self._moment() as connection:
                self._read_catalogue(connection)
        elif stale.devices:
            with self._moment() as connection:
                self._read_devices(connection)
        if stale.latest and self._latest_pace.is_due:
            with self._latest_pace.working(), self._moment() as connection:
                self._read_latest(connection)
            self._times.hear(self.current.catalogue, self._observed.all())
        elif self._observed.undecided and self._decisive_pace.is_due:
            with self._decisive_pace.working(), self._moment() as connection:
                self._read_decisive(connection)

    def _read_all(self) -> None:
        with self._moment() as connection:
            self._times.compare(connection)
            self._read_latest(connection)  # before the catalogue: nothing is shown without its value
            self._read_catalogue(connection)
        self._times.hear(self.current.catalogue, self._observed.all())

    @contextmanager
    def _moment(self) -> Generator[Transaction]:
        """A transaction that sees all of one moment."""
        with self._database.transaction() as connection:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield connection

    def _read_latest(self, connection: Transaction) -> None:
        self._stale.latest = False
        latest = latest_store.load(connection, self._clock())
        self._times.note(latest.values())
        self._observed.replace_latest(latest)
        if self._snapshot is not None:
            self._observed.follow_notices(self._snapshot.streams_of_notices, anew=True)
            self._read_decisive(connection)

    def _read_catalogue(self, connection: Transaction) -> None:
        self._stale.catalogue, self._stale.devices = False, set()
        known = self._snapshot
        catalogue = catalogue_store.load(connection, known.stored if known else None)
        with self._replacing:
            if self._snapshot is None or self._snapshot.stored != catalogue:
                self._replace(catalogue)
        self._decide(connection, anew=known is None or known.stored.notice_rules != catalogue.notice_rules)

    def _read_devices(self, connection: Transaction) -> None:
        ids, self._stale.devices = self._stale.devices, set()
        devices, datastreams = catalogue_store.load_devices_with_datastreams(connection, ids)
        with self._replacing:
            snapshot = self.current
            complete = snapshot.has_places_of(devices.values(), datastreams.values())
            if complete:
                self._snapshot = snapshot.with_devices(ids, devices, datastreams)
        if not complete:  # a station added with its device: heard of a moment later
            return self._read_catalogue(connection)
        return self._decide(connection)

    def _decide(self, connection: Transaction, *, anew: bool = False) -> None:
        self._observed.follow_notices(self.current.streams_of_notices, anew=anew)
        self._read_decisive(connection)

    def _read_decisive(self, connection: Transaction) -> None:
        if undecided := self._observed.undecided:
            self._observed.decide(notice_store.load_decisive(connection, self._clock(), undecided))

    def _turn(self, over: Snapshot) -> Snapshot:
        """The snapshot after the one whose season is over; made once, whoever asks meanwhile."""
        with self._replacing:
            return self._replace(over.stored) if self._snapshot is over else self.current

    def _replace(self, catalogue: Catalogue) -> Snapshot:
        now, before = self._clock(), self._snapshot
        version = before.version + 1 if before else int(now.timestamp())
        self._snapshot = Snapshot.of(catalogue, version, now, before)
        return self._snapshot

    def _announce(self, observations: list[Observation]) -> None:
        if observations:
            for subscriber in list(self._subscribers):
                try:
                    subscriber(observations)
                except Exception as error:  # noqa: BLE001 - what one listener chokes on must not end its news, or others'
                    _log.error("subscriber-failed", **self._told.fields(error))

    def _touch(self, datastream: int) -> None:
        if self._snapshot and (station := self._snapshot.station_of_datastream(datastream)):
            self._revisions[station] += 1
