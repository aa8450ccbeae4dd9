"""What a station's series did lately: the hours of a week and the extremes of a month, read seldom and bounded.

The last day is read at most once a minute, what lies before it at most once an hour.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

import structlog

from api.catalogue.keeper import SnapshotKeeper
from api.catalogue.snapshot import Snapshot
from api.catalogue.stays import when_here
from api.webapp.values.sentences import is_for_hikers
from geodata.errors import StoreError
from geodata.model.observation import Bucket
from geodata.store.database import Database
from geodata.store.series import stood
from geodata.store.series.stood import Wanted
from geodata.times import hour_of, minute_of

WEEK = timedelta(days=7)
_RECENT = timedelta(hours=26)  # 24 hours of the small line, and the same hour of yesterday
_LONG = timedelta(days=31)
_MOST_STATIONS = 200  # some 100 kB each
_HOUR = timedelta(hours=1)

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Day:
    """The lowest and the highest value of a local day, and in how many of its hours something was measured."""

    day: date
    minimum: float
    maximum: float
    hours: int


@dataclass(frozen=True, slots=True)
class Past:
    """The past of one series: ``hours`` of the last week in order of time, ``days`` before today, the newest first."""

    hours: Sequence[Bucket] = ()
    days: Sequence[Day] = ()


NO_PAST = Past()

Pasts = Mapping[int, Past]
"""By datastream."""


@dataclass(slots=True)
class _Read:
    """What was read of a station: the last day in which ``minute``, what was before in which ``hour``."""

    minute: int = -1
    hour: int = -1
    pasts: Pasts | None = None
    before: Pasts | None = None


class RecentHours:
    """The past by datastream, for one station at a time; reads block, so call it from a thread."""

    def __init__(self, database: Database, keeper: SnapshotKeeper) -> None:
        self._database = database
        self._keeper = keeper
        self._read: OrderedDict[str, _Read] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, station: str, now: datetime) -> Pasts:
        """The past of what hikers read at a station; while the database is away, what was read before."""
        minute = minute_of(now)
        with self._lock:
            read = self._read.setdefault(station, _Read())
            self._read.move_to_end(station)
            while len(self._read) > _MOST_STATIONS:
                self._read.popitem(last=False)
        if read.minute != minute and self._keeper.is_fresh:
            try:
                self._refresh(read, station, now)
            except StoreError as error:
                _log.warning("station-without-recent-hours", station=station, error=str(error))
            read.minute = minute
        return read.pasts or {}

    def _refresh(self, read: _Read, station: str, now: datetime) -> None:
        snapshot = self._keeper.current
        wanted = when_here(snapshot, station, _streams(snapshot, station))
        if not wanted:
            read.pasts = {}
            return
        timezone = snapshot.catalogue.timezone_of(snapshot.catalogue.stations[station].trail)
        since, hour = now - _RECENT, hour_of(now)
        with self._database.transaction() as connection:
            recent = stood.hours(connection, wanted, since, now)
            if read.hour != hour or read.before is None or read.before.keys() != wanted.keys():
                read.before = _before(stood.hours(connection, wanted, now - _LONG, now), wanted, now, timezone)
                read.hour = hour
        read.pasts = {
            stream: Past([*(old for old in past.hours if old.start < since), *recent.get(stream, ())], past.days)
            for stream, past in read.before.items()
        }


def _streams(snapshot: Snapshot, station: str) -> list[int]:
    """The series of the devices at a station that its page can show."""
    catalogue = snapshot.catalogue
    return [
        stream.id
        for device in snapshot.devices_of_station.get(station, ())
        for stream in snapshot.datastreams_of_device.get(device.id, ())
        if is_for_hikers(
            catalogue.properties[stream.observed_property],
            catalogue.audiences.get((device.trail, stream.observed_property)),
        )
    ]


def _before(hours: Mapping[int, Sequence[Bucket]], wanted: Wanted, now: datetime, timezone: tzinfo) -> dict[int, Past]:
    week = now - WEEK - _HOUR
    return {
        stream: Past(
            [bucket for bucket in hours.get(stream, ()) if bucket.start >= week],
            days_of(hours.get(stream, ()), now, timezone),
        )
        for stream in wanted
    }


def days_of(hours: Iterable[Bucket], now: datetime, timezone: tzinfo) -> list[Day]:
    """The local days before that of ``now`` in which something was measured, the newest first.

    The first day that ``hours`` reach is left out: they may begin in the middle of it.
    """
    by_day: defaultdict[date, list[Bucket]] = defaultdict(list)
    for bucket in hours:
        by_day[bucket.start.astimezone(timezone).date()].append(bucket)
    first, today = min(by_day, default=None), now.astimezone(timezone).date()
    days = [_day(day, by_day[day]) for day in sorted(by_day, reverse=True) if first is not None and first < day < today]
    return [day for day in days if day.hours]


def _day(day: date, hours: Sequence[Bucket]) -> Day:
    lows = [bucket.minimum for bucket in hours if bucket.minimum is not None]
    highs = [bucket.maximum for bucket in hours if bucket.maximum is not None]
    return Day(day, min(lows, default=0.0), max(highs, default=0.0), len(lows))
