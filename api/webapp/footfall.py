"""How many passed the counters of a trail in the last full days, read from the database once an hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from api.catalogue.keeper import SnapshotKeeper
from api.catalogue.snapshot import Snapshot
from api.catalogue.stays import when_here
from geodata.errors import StoreError
from geodata.model.observation import Bucket
from geodata.model.station import Station
from geodata.statistics import footfall
from geodata.statistics.footfall import Footfall
from geodata.store.database import Database
from geodata.store.series import stood
from geodata.times import hour_of

COUNTED = ("passes_in_total", "passes_out_total")
_BEFORE = timedelta(hours=3)  # the last total before the first hour: what passed since then counts from it

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class CountedStation:
    """A station with a counter, and what it counted; ``footfall`` is None while the database is away."""

    station: Station
    footfall: Footfall | None


class RecentFootfall:
    """Figures of the last full days by trail; reads block, so call it from a thread."""

    def __init__(self, database: Database, keeper: SnapshotKeeper) -> None:
        self._database = database
        self._keeper = keeper
        self._read: dict[str, tuple[tuple[int, int], tuple[CountedStation, ...]]] = {}

    def of(self, trail: str, now: datetime) -> tuple[CountedStation, ...]:
        """The stations of a trail that have a counter, in order of their numbers."""
        snapshot = self._keeper.current
        key = hour_of(now), snapshot.version
        read, counted = self._read.get(trail, ((-1, -1), ()))
        if read == key:
            return counted
        counted = tuple(
            CountedStation(station, self._footfall(snapshot, station, streams, now))
            for station in snapshot.stations_of_trail.get(trail, [])
            if (streams := _streams(snapshot, station))
        )
        if all(each.footfall is not None for each in counted):
            self._read[trail] = key, counted
        return counted

    def _footfall(self, snapshot: Snapshot, station: Station, streams: list[int], now: datetime) -> Footfall | None:
        start, end = footfall.last_days(now, snapshot.catalogue.timezone_of(station.trail))
        try:
            with self._database.transaction() as connection:
                series: dict[int, list[Bucket]] = stood.hours(
                    connection, when_here(snapshot, station.code, streams), start - _BEFORE, end
                )
        except StoreError as error:
            _log.warning("trail-without-footfall", trail=station.trail, error=str(error))
            return None
        return footfall.of(series, start, end)


def _streams(snapshot: Snapshot, station: Station) -> list[int]:
    of_station = snapshot.series_of_station.get(station.code, {})
    return [stream for name in COUNTED for stream in of_station.get(name, ())]
