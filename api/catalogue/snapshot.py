"""The catalogue of one moment in memory, with the indexes that requests need. It never changes, it is replaced."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from api.catalogue import seasonal
from api.catalogue.closures import PlacedClosure, place
from api.catalogue.device_index import DeviceIndex
from api.catalogue.given_up import with_retired_trails
from api.catalogue.nearby import LiveStations
from geodata.errors import InvalidInput
from geodata.geometry.line import TrailGeometry
from geodata.model.device import Device
from geodata.model.observation import Datastream
from geodata.model.station import Station
from geodata.model.trail import Trail
from geodata.store.catalogue.catalogue import Catalogue

_SET_BACK = timedelta(minutes=1)

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The catalogue of one moment with the indexes that every request needs. ``version`` rises with each reload."""

    version: int
    catalogue: Catalogue
    listed: dict[str, Trail]
    """The trails that lists name, by slug: neither hidden nor given up."""
    stations_of_trail: dict[str, list[Station]]
    """Stations that are not retired, by trail, in order of their numbers."""
    stations_along: dict[str, list[Station]]
    """Stations that are not retired, by trail, in walking order."""
    live: LiveStations
    """Those of ``stations_of_trail``, trail by trail, that lists name."""
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
    since: datetime
    """The moment for which it was made."""
    until: datetime | None
    """The next switch of seasonal texts; None without seasons."""

    @classmethod
    def of(cls, stored: Catalogue, version: int, now: datetime, previous: Snapshot | None = None) -> Snapshot:
        """Index a catalogue for ``now``; what ``previous`` has worked out of the same lines is taken over."""
        catalogue, until = seasonal.apply_seasonal_texts(with_retired_trails(stored), now)
        listed = {slug: trail for slug, trail in catalogue.trails.items() if trail.is_listed}
        stations: defaultdict[str, list[Station]] = defaultdict(list)
        for station in catalogue.stations.values():
            if station.retired_at is None:
                stations[station.trail].append(station)
        index = DeviceIndex.of(catalogue.devices, catalogue.datastreams)
        stations_of_trail = {trail: sorted(stations[trail], key=lambda s: s.number) for trail in sorted(stations)}
        geometries = _geometries(catalogue.trails.values(), previous)
        return cls(
            version=version,
            catalogue=catalogue,
            listed=listed,
            stations_of_trail=stations_of_trail,
            stations_along={
                trail: sorted(members, key=lambda s: (s.along_m, s.number))
                for trail, members in stations_of_trail.items()
            },
            live=LiveStations.of(
                [station for trail, members in stations_of_trail.items() if trail in listed for station in members]
            ),
            devices_of_station=index.devices_of_station,
            datastreams_of_device=index.datastreams_of_device,
            series_of_station=index.series_of_station,
            geometries=geometries,
            closures_of_trail=place(catalogue, geometries, stations_of_trail),
            stored=stored,
            since=now,
            until=until,
        )

    def is_of(self, now: Callable[[], datetime]) -> bool:
        """Whether its texts are those of ``now()``: no seasonal text has switched, and no clock was set back.

        The clock is asked only where something depends on it: this stands before every answer.
        """
        return self.until is None or self.since - _SET_BACK < now() < self.until

    def with_devices(
        self, ids: Collection[str], devices: Mapping[str, Device], datastreams: Mapping[int, Datastream]
    ) -> Snapshot:
        """The next one, in which only the devices ``ids`` differ: they are ``devices`` with these ``datastreams``."""
        index = DeviceIndex(
            self.catalogue.devices,
            self.catalogue.datastreams,
            self.devices_of_station,
            self.datastreams_of_device,
            self.series_of_station,
        ).with_changed(ids, devices, datastreams)
        return replace(
            self,
            version=self.version + 1,
            catalogue=replace(self.catalogue, devices=index.devices, datastreams=index.datastreams),
            stored=replace(self.stored, devices=index.devices, datastreams=index.datastreams),
            devices_of_station=index.devices_of_station,
            datastreams_of_device=index.datastreams_of_device,
            series_of_station=index.series_of_station,
        )

    def has_places_of(self, devices: Iterable[Device], datastreams: Iterable[Datastream]) -> bool:
        """Whether all that these devices and series refer to is in the catalogue."""
        catalogue = self.catalogue
        return all(
            device.trail in catalogue.trails and (device.station is None or device.station in catalogue.stations)
            for device in devices
        ) and all(stream.observed_property in catalogue.properties for stream in datastreams)

    @property
    def streams_of_notices(self) -> set[int]:
        """The datastreams that notice rules look at."""
        return {
            stream.id
            for rule in self.catalogue.notice_rules.values()
            for stream in self.datastreams_of_device.get(rule.device, ())
            if stream.observed_property == rule.observed_property
        }

    def station_of_datastream(self, datastream: int) -> str | None:
        """The code of the station that a datastream belongs to; None beside the stations or when it is unknown."""
        stream = self.catalogue.datastreams.get(datastream)
        device = self.catalogue.devices.get(stream.device) if stream else None
        return device.station if device else None


def _geometries(trails: Iterable[Trail], previous: Snapshot | None) -> dict[str, TrailGeometry]:
    geometries: dict[str, TrailGeometry] = {}
    for trail in trails:
        before = previous.catalogue.trails.get(trail.slug) if previous else None
        geometry = previous.geometries.get(trail.slug) if previous else None
        if before and geometry and (before is trail or before.line.wkb == trail.line.wkb):
            geometries[trail.slug] = geometry
            continue
        try:
            geometries[trail.slug] = TrailGeometry(trail.line)
        except InvalidInput as error:
            _log.warning("trail-line-unusable", trail=trail.slug, error=str(error))
    return geometries
