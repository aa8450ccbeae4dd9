"""The snapshot of now: replaced as a whole, by one thread or by whoever first asks after a season has turned."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping

from api.catalogue.snapshot import Snapshot
from geodata.errors import StoreUnavailable
from geodata.model.device import Device
from geodata.model.observation import Datastream
from geodata.store.catalogue.catalogue import Catalogue
from geodata.times import Clock


class CurrentSnapshot:
    """Any number of threads read it; one replaces it with what it has read from the database."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._replacing = threading.RLock()
        self.last: Snapshot | None = None
        """The snapshot as it was made, also when its season is over; None while there has never been one."""

    def get(self) -> Snapshot:
        """The snapshot; raises StoreUnavailable while there has never been one."""
        snapshot = self.last
        if snapshot is None:
            raise StoreUnavailable("The catalogue has not been read yet: the database does not answer.")
        if not snapshot.is_of(self._clock):
            return self._after(snapshot)  # by whoever asks first: a database that is away does not hold up the season
        return snapshot

    def replace(self, stored: Catalogue) -> None:
        """Take a catalogue as it was read; one that is equal to the last changes nothing."""
        with self._replacing:
            if self.last is None or self.last.stored != stored:
                self._make(stored)

    def replace_devices(
        self, ids: Collection[str], devices: Mapping[str, Device], datastreams: Mapping[int, Datastream]
    ) -> bool:
        """Take the devices ``ids`` as they were read.

        Nothing is changed, and False returned, where they refer to what the catalogue does not have yet.
        """
        with self._replacing:
            snapshot = self.get()
            complete = snapshot.has_places_of(devices.values(), datastreams.values())
            if complete:
                self.last = snapshot.with_devices(ids, devices, datastreams)
        return complete

    def _after(self, over: Snapshot) -> Snapshot:
        """The snapshot after the one whose season is over; made once, whoever asks meanwhile."""
        with self._replacing:
            return self._make(over.stored) if self.last is over else self.get()

    def _make(self, stored: Catalogue) -> Snapshot:
        now, before = self._clock(), self.last
        version = before.version + 1 if before else int(now.timestamp())
        self.last = Snapshot.of(stored, version, now, before)
        return self.last
