"""The catalogue and the latest values in memory, kept fresh by the database's notifications.

Hot public reads are answered from here. One thread writes, any number read: a Snapshot never changes, it is replaced.
"""

from __future__ import annotations

import heapq
import itertools
import random
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec
import structlog

from api import seasons
from api.closures import PlacedClosure, place
from api.nearby import LiveStations
from geodata.errors import InvalidInput, StoreError, StoreUnavailable
from geodata.geometry import TrailGeometry
from geodata.model import Datastream, Device, Flag, Observation, Quality, Station, Trail
from geodata.store import catalogue as catalogue_store
from geodata.store import latest as latest_store
from geodata.store import notice as notice_store
from geodata.store.catalogue import Catalogue
from geodata.store.channels import CATALOGUE_CHANNEL, OBSERVATION_CHANNEL
from geodata.store.database import Database, notifications
from geodata.store.times import to_datetime

_POLL_S = 0.2
_RELOAD_EVERY_S = 60.0  # a safety net: a device's reporting interval changes without a notification
_BACK_OFF_S = (0.5, 10.0)
_AHEAD_LIMIT = 20_000  # observations

Clock = Callable[[], datetime]
Subscriber = Callable[[list[Observation]], None]

_log = structlog.get_logger(__name__)
_news = msgspec.json.Decoder(list[tuple[int, int, float | None, int]])


def utc_now() -> datetime:
    """The clock of the running system."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The catalogue of one moment with the indexes that every request needs. ``version`` rises with each reload."""

    version: int
    catalogue: Catalogue
    stations_of_trail: dict[str, list[Station]]
    """Stations that are not retired, by trail, in order of their numbers."""
    stations_along: dict[str, list[Station]]
    """The same in order of the way."""
    live: LiveStations
    devices_of_station: dict[str, list[Device]]
    """Devices that are not revoked, by station code."""
    datastreams_of_device: dict[str, list[Datastream]]
    series_of_station: dict[str, dict[str, list[int]]]
    """Station code to observed property to datastreams, those of revoked devices included: their past stays."""
    geometries: dict[str, TrailGeometry]
    """By trail. A trail whose line has no length has none."""
    closures_of_trail: dict[str, list[PlacedClosure]]
    stored: Catalogue
    """The catalogue as it was read; in ``catalogue`` the stations' contents are those of the season."""
    until: datetime | None
    """The moment at which a season turns and another text is the one to show; None without seasons."""

    @classmethod
    def of(cls, stored: Catalogue, version: int, now: datetime, previous: Snapshot | None = None) -> Snapshot:
        """Index a catalogue for ``now``; what ``previous`` has worked out of the same lines is taken over."""
        catalogue, until = seasons.turned(stored, now)
        stations: defaultdict[str, list[Station]] = defaultdict(list)
        for station in catalogue.stations.values():
            if station.retired_at is None:
                stations[station.trail].append(station)
        devices: defaultdict[str, list[Device]] = defaultdict(list)
        for device in catalogue.devices.values():
            if device.station is not None and device.revoked_at is None:
                devices[device.station].append(device)
        streams: defaultdict[str, list[Datastream]] = defaultdict(list)
        series: defaultdict[str, defaultdict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for stream in catalogue.datastreams.values():
            streams[stream.device].append(stream)
            station_of_device = catalogue.devices[stream.device].station
            if station_of_device is not None:
                series[station_of_device][stream.observed_property].append(stream.id)
        stations_of_trail = {trail: sorted(stations[trail], key=lambda s: s.number) for trail in sorted(stations)}
        geometries = _geometries(catalogue.trails.values(), previous)
        return cls(
            version=version,
            catalogue=catalogue,
            stations_of_trail=stations_of_trail,
            stations_along={
                trail: sorted(found, key=lambda s: (s.along_m, s.number)) for trail, found in stations_of_trail.items()
            },
            live=LiveStations.of([station for found in stations_of_trail.values() for station in found]),
            devices_of_station=dict(devices),
            datastreams_of_device=dict(streams),
            series_of_station={station: dict(found) for station, found in series.items()},
            geometries=geometries,
            closures_of_trail=place(catalogue, geometries, stations_of_trail),
            stored=stored,
            until=until,
        )

    def station_of_datastream(self, datastream: int) -> str | None:
        """The code of the station that a datastream belongs to; None beside the stations or when it is unknown."""
        stream = self.catalogue.datastreams.get(datastream)
        device = self.catalogue.devices.get(stream.device) if stream else None
        return device.station if device else None


def _geometries(trails: Iterable[Trail], previous: Snapshot | None) -> dict[str, TrailGeometry]:
    geometries: dict[str, TrailGeometry] = {}
    for trail in trails:
        before = previous.catalogue.trails.get(trail.slug) if previous else None
        known = previous.geometries.get(trail.slug) if previous else None
        if before and known and (before is trail or before.line.wkb == trail.line.wkb):
            geometries[trail.slug] = known
            continue
        try:
            geometries[trail.slug] = TrailGeometry(trail.line)
        except InvalidInput as error:
            _log.warning("A trail's line cannot be used.", trail=trail.slug, error=str(error))
    return geometries


def _streams_of_notices(catalogue: Catalogue) -> list[int]:
    series = {(rule.device, rule.observed_property) for rule in catalogue.notice_rules.values()}
    return [one.id for one in catalogue.datastreams.values() if (one.device, one.observed_property) in series]


class SnapshotKeeper:
    """Holds the current Snapshot and the latest observation of each datastream."""

    def __init__(self, database: Database, *, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock
        self._snapshot: Snapshot | None = None
        self._replacing = threading.RLock()
        self._latest: dict[int, Observation] = {}
        self._decisive: dict[int, list[Observation]] = {}
        self._ahead: list[tuple[datetime, int, Observation]] = []
        self._number = itertools.count()
        self._revisions: defaultdict[str, int] = defaultdict(int)
        self._subscribers: set[Subscriber] = set()
        self._stop = threading.Event()
        self._fresh = threading.Event()
        self._thread = threading.Thread(target=self._run, name="snapshot", daemon=True)

    def start(self, wait_s: float = 10) -> None:
        """Begin to follow the database; wait for the first snapshot, but start without one when that takes longer."""
        self._thread.start()
        self._fresh.wait(wait_s)

    def stop(self) -> None:
        """Stop following."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    @property
    def current(self) -> Snapshot:
        """The snapshot; raises StoreUnavailable while there has never been one."""
        snapshot = self._snapshot
        if snapshot is None:
            raise StoreUnavailable("The catalogue has not been read yet: the database does not answer.")
        if snapshot.until is not None and self._clock() >= snapshot.until:
            return self._turn(snapshot)  # by whoever asks first: a database that is away does not hold up the season
        return snapshot

    @property
    def has_snapshot(self) -> bool:
        """Whether there has been a snapshot yet."""
        return self._snapshot is not None

    @property
    def is_fresh(self) -> bool:
        """Whether changes in the database reach this process right now."""
        return self._fresh.is_set() and self._thread.is_alive()

    def latest(self, datastream: int) -> Observation | None:
        """The latest observation of a datastream, by measuring time."""
        return self._latest.get(datastream)

    def recent(self, datastream: int) -> list[Observation]:
        """The latest observation of a notice's datastream, and those that decide about its thresholds; in any order."""
        latest = self._latest.get(datastream)
        return [*self._decisive.get(datastream, ()), *([latest] if latest else ())]

    def revision(self, station: str, seen: Snapshot) -> tuple[int, int]:
        """Changes whenever anything shown of a station changes: its entry in the catalogue ``seen`` or a latest value.

        Not of the current one: what is made from the one before must not be kept as the newer.
        """
        return seen.version, self._revisions[station]

    def subscribe(self, subscriber: Subscriber) -> Callable[[], None]:
        """Call ``subscriber`` (from the keeper's thread; it must not block) with new observations; returns its end."""
        self._subscribers.add(subscriber)
        return lambda: self._subscribers.discard(subscriber)

    def _run(self) -> None:
        back_off = _BACK_OFF_S[0]
        while not self._stop.is_set():
            try:
                self._follow()
                back_off = _BACK_OFF_S[0]
            except StoreError as error:
                self._fresh.clear()
                _log.warning("The catalogue is not kept fresh: the database does not answer.", error=str(error))
                self._stop.wait(back_off * random.uniform(0.8, 1.2))  # noqa: S311 - spreads reconnects, no secret
                back_off = min(back_off * 2, _BACK_OFF_S[1])

    def _follow(self) -> None:
        with self._database.listener(CATALOGUE_CHANNEL, OBSERVATION_CHANNEL) as connection:
            self._reload()  # after LISTEN: what changes from here on is notified
            self._fresh.set()
            due = self._clock() + timedelta(seconds=_RELOAD_EVERY_S)
            while not self._stop.is_set():
                stale = False
                for notification in notifications(connection, _POLL_S):
                    stale |= notification.channel == CATALOGUE_CHANNEL or not notification.payload
                    if notification.channel == OBSERVATION_CHANNEL and notification.payload:
                        self._take(notification.payload)
                self._release()
                if stale or self._clock() >= due:
                    self._reload()
                    due = self._clock() + timedelta(seconds=_RELOAD_EVERY_S)

    def _reload(self) -> None:
        with self._database.transaction() as connection:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            catalogue = catalogue_store.load(connection, self._snapshot.stored if self._snapshot else None)
            latest = latest_store.load(connection, self._clock())
            decisive = notice_store.load_decisive(connection, self._clock())
        with self._replacing:
            if self._snapshot is None or self._snapshot.stored != catalogue:
                self._replace(catalogue)
        for datastream, observation in latest.items():
            self._advance(datastream, observation)
        before, self._decisive = self._decisive, {one: decisive.get(one, []) for one in _streams_of_notices(catalogue)}
        for stream, observations in self._decisive.items():
            if set(observations) != set(before.get(stream, ())):
                self._touch(stream)

    def _turn(self, over: Snapshot) -> Snapshot:
        """The snapshot after the one whose season is over; made once, whoever asks meanwhile."""
        with self._replacing:
            return self._replace(over.stored) if self._snapshot is over else self.current

    def _replace(self, catalogue: Catalogue) -> Snapshot:
        now, before = self._clock(), self._snapshot
        version = before.version + 1 if before else int(now.timestamp())
        self._snapshot = Snapshot.of(catalogue, version, now, before)
        return self._snapshot

    def _take(self, payload: str) -> None:
        now, measured = self._clock(), list[Observation]()
        for datastream, us, result, quality in _news.decode(payload):
            observation = Observation(datastream, to_datetime(us), result, Quality(quality), Flag.NONE)
            if observation.phenomenon_time <= now:
                measured.append(observation)
            elif len(self._ahead) < _AHEAD_LIMIT:  # beyond it the next reload brings them
                heapq.heappush(self._ahead, (observation.phenomenon_time, next(self._number), observation))
        self._announce(measured)

    def _release(self) -> None:
        """Announce what lay in the future until now: a device's clock may be ahead, the latest value never is."""
        now, measured = self._clock(), list[Observation]()
        while self._ahead and self._ahead[0][0] <= now:
            measured.append(heapq.heappop(self._ahead)[2])
        if measured:
            self._announce(measured)

    def _announce(self, observations: list[Observation]) -> None:
        for observation in observations:
            self._advance(observation.datastream_id, observation)
            if observation.datastream_id in self._decisive:
                self._decisive[observation.datastream_id].append(observation)
                self._touch(observation.datastream_id)  # a late value decides, though it is not the latest
        for subscriber in list(self._subscribers):
            subscriber(observations)

    def _advance(self, datastream: int, observation: Observation) -> None:
        known = self._latest.get(datastream)
        if known is None or known.phenomenon_time < observation.phenomenon_time:
            self._latest[datastream] = observation
            self._touch(datastream)

    def _touch(self, datastream: int) -> None:
        if self._snapshot and (station := self._snapshot.station_of_datastream(datastream)):
            self._revisions[station] += 1
