"""The open counts of a municipality: its stations that count, and what is published of them; reads block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from api.catalogue.snapshot import Snapshot
from api.licences import url_of
from geodata.errors import NotFound
from geodata.export.counting.records import ChannelRow, MeasureRow, SiteRow
from geodata.figures.publishing import open_counts, public
from geodata.figures.publishing.open_counts import OpenChannel
from geodata.figures.publishing.public import FigureBucket, FigurePlace
from geodata.model.station import Station
from geodata.store.database import Database
from geodata.vocabulary.figures import FigureScope


@dataclass(frozen=True, slots=True)
class OpenTown:
    """A municipality with its channels of one moment; ``until``: the first day that is not closed yet."""

    snapshot: Snapshot
    slug: str
    channels: Sequence[OpenChannel]
    until: date | None

    def sites(self) -> list[SiteRow]:
        """The stations of the channels."""
        stations = self.snapshot.catalogue.stations
        return [_site(stations[each.place.code], self.slug) for each in self.channels]

    def channel_rows(self) -> list[ChannelRow]:
        """The channels as their file has them."""
        return [each.row for each in self.channels]

    def within(self, year: int) -> tuple[date, date]:
        """The closed days of a year; raises NotFound where there are none."""
        first = min((each.first for each in self.channels), default=None)
        if first is None or self.until is None or not first.year <= year <= (self.until - timedelta(days=1)).year:
            raise NotFound("year", str(year))
        return date(year, 1, 1), min(date(year + 1, 1, 1), self.until)

    def licence_url(self) -> str | None:
        """The one licence of all trails that count; None where they differ."""
        catalogue = self.snapshot.catalogue
        trails = {catalogue.stations[each.place.code].trail for each in self.channels}
        licences = {catalogue.trails[trail].licence for trail in trails}
        return url_of(licences.pop()) if len(licences) == 1 else None


def load(database: Database, snapshot: Snapshot, slug: str) -> OpenTown:
    """The municipality as it is now; raises NotFound and StoreError."""
    if slug not in snapshot.catalogue.municipalities:
        raise NotFound("municipality", slug)
    with database.transaction() as connection:
        channels = open_counts.channels(connection, slug, _places(snapshot, slug))
        return OpenTown(snapshot, slug, channels, public.closed_until(connection, slug))


def measures(
    database: Database, channel: OpenChannel, bucket: FigureBucket, within: tuple[date, date]
) -> list[MeasureRow]:
    """What is published of one channel; raises StoreError."""
    with database.transaction() as connection:
        return open_counts.measures(connection, channel, bucket, within)


def _places(snapshot: Snapshot, slug: str) -> list[FigurePlace]:
    """All stations of the municipality, retired ones too, trail by trail."""
    catalogue = snapshot.catalogue
    of_town = {
        trail.slug: catalogue.timezone_of(trail.slug)
        for trail in catalogue.trails.values()
        if trail.municipality == slug
    }
    stations = [station for station in catalogue.stations.values() if station.trail in of_town]
    return [
        FigurePlace(scope=FigureScope.STATION, code=each.code, municipality=slug, zone=of_town[each.trail])
        for each in sorted(stations, key=lambda each: (each.trail, each.number, each.code))
    ]


def _site(station: Station, municipality: str) -> SiteRow:
    return SiteRow(
        code=station.code,
        name=station.title() or station.code,
        trail=station.trail,
        municipality=municipality,
        lon=station.lon,
        lat=station.lat,
    )
