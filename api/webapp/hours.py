"""The last day of a station's series, read from the database at most once a minute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from api.catalogue.keeper import SnapshotKeeper
from api.catalogue.stays import when_here
from geodata.errors import StoreError
from geodata.model.observation import Bucket
from geodata.store.database import Database
from geodata.store.series import stood

_SPAN = timedelta(hours=26)  # 24 hours of the small line, and the same hour of yesterday

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class RecentHours:
    """Hourly buckets by datastream, for one station at a time; reads block, so call it from a thread."""

    def __init__(self, database: Database, keeper: SnapshotKeeper) -> None:
        self._database = database
        self._keeper = keeper
        self._read: dict[str, tuple[int, Mapping[int, Sequence[Bucket]]]] = {}

    def of(self, station: str, now: datetime) -> Mapping[int, Sequence[Bucket]]:
        """The last hours of a station; while the database is away, those read before."""
        minute = int(now.timestamp() // 60)
        read_at, hours = self._read.get(station, (-1, {}))
        if read_at == minute or not self._keeper.is_fresh:
            return hours
        series_of_station = self._keeper.current.series_of_station.get(station, {})
        streams = [stream for ids in series_of_station.values() for stream in ids]
        wanted = when_here(self._keeper.current, station, streams)
        try:
            with self._database.transaction() as connection:
                hours = stood.hours(connection, wanted, now - _SPAN, now) if streams else {}
        except StoreError as error:
            _log.warning("station-without-recent-hours", station=station, error=str(error))
        self._read[station] = minute, hours
        return hours
