"""Reads catalogue and latest values from the database: all of it, or only what was told to have changed."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

from api.catalogue.following.current import CurrentSnapshot
from api.catalogue.following.device_times import DeviceTimes
from api.catalogue.following.observed import Observed
from api.catalogue.following.pace import Pace
from geodata.store.catalogue import catalogue as catalogue_store
from geodata.store.catalogue import notice as notice_store
from geodata.store.database import Database
from geodata.store.series import latest as latest_store
from geodata.store.transaction import Transaction
from geodata.times import Clock

_MOST_DEVICES = 1_000  # changed at once; of more the catalogue is read again


@dataclass(slots=True)
class Stale:
    """What was told to have changed and has not been read again; ``devices`` by their ids."""

    catalogue: bool = False
    devices: set[str] = field(default_factory=set[str])
    latest: bool = False


class CatalogueReader:
    """Fills ``current`` and ``observed``; for one thread. ``stale`` is what read_stale() has to read."""

    def __init__(
        self, database: Database, current: CurrentSnapshot, observed: Observed, times: DeviceTimes, clock: Clock
    ) -> None:
        self._database = database
        self._current = current
        self._observed = observed
        self._times = times
        self._clock = clock
        self._latest_pace, self._decisive_pace = Pace(), Pace()
        self.stale = Stale()

    def read_all(self) -> None:
        """Read everything anew."""
        with self._moment() as connection:
            self._times.compare(connection)
            self._read_latest(connection)  # before the catalogue: nothing is shown without its value
            self._read_catalogue(connection)
        self._times.hear(self._current.get().catalogue, self._observed.all())

    def read_stale(self) -> None:
        """Read again what was told to have changed; the latest values not so often that it would cost much."""
        stale = self.stale
        if stale.catalogue or len(stale.devices) > _MOST_DEVICES:
            with self._moment() as connection:
                self._read_catalogue(connection)
        elif stale.devices:
            with self._moment() as connection:
                self._read_devices(connection)
        if stale.latest and self._latest_pace.is_due:
            with self._latest_pace.working(), self._moment() as connection:
                self._read_latest(connection)
            self._times.hear(self._current.get().catalogue, self._observed.all())
        elif self._observed.undecided and self._decisive_pace.is_due:
            with self._decisive_pace.working(), self._moment() as connection:
                self._read_decisive(connection)

    @contextmanager
    def _moment(self) -> Generator[Transaction]:
        """A transaction that sees all of one moment."""
        with self._database.transaction() as connection:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield connection

    def _read_latest(self, connection: Transaction) -> None:
        self.stale.latest = False
        latest = latest_store.load(connection, self._clock())
        self._times.note(latest.values())
        self._observed.replace_latest(latest)
        if self._current.last is not None:
            self._observed.follow_notices(self._current.last.streams_of_notices, anew=True)
            self._read_decisive(connection)

    def _read_catalogue(self, connection: Transaction) -> None:
        self.stale.catalogue, self.stale.devices = False, set()
        before = self._current.last
        catalogue = catalogue_store.load(connection, before.stored if before else None)
        self._current.replace(catalogue)
        self._decide(connection, anew=before is None or before.stored.notice_rules != catalogue.notice_rules)

    def _read_devices(self, connection: Transaction) -> None:
        ids, self.stale.devices = self.stale.devices, set()
        devices, datastreams = catalogue_store.load_devices_with_datastreams(connection, ids)
        if self._current.replace_devices(ids, devices, datastreams):
            self._decide(connection)
        else:  # a station added with its device: heard of a moment later
            self._read_catalogue(connection)

    def _decide(self, connection: Transaction, *, anew: bool = False) -> None:
        self._observed.follow_notices(self._current.get().streams_of_notices, anew=anew)
        self._read_decisive(connection)

    def _read_decisive(self, connection: Transaction) -> None:
        if undecided := self._observed.undecided:
            self._observed.decide(notice_store.load_decisive(connection, self._clock(), undecided))
