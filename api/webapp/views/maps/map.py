"""The map page of a trail: the drawn map that is there at once, and the list beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from api.catalogue.keeper import SnapshotKeeper
from api.drawing import map as trail_map
from api.drawing.map import TrailMap
from api.webapp import wording
from api.webapp.views import conditions
from api.webapp.views.conditions import Conditions
from api.webapp.views.frame import Frame, StationLink, Words
from api.webapp.views.maps import map_document, map_places
from api.webapp.views.maps.map_places import MapPlace
from api.webapp.views.parts import station_link, trail_name
from geodata.maps.base_map import BaseMap
from geodata.model.trail import Trail


@dataclass(frozen=True, slots=True, kw_only=True)
class MapRow:
    """A station in the list beside the map. ``shown_at``: the address of the page that has it in its middle."""

    code: str
    station: StationLink
    shown_at: str
    along: str
    is_closed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MapPage:
    """What ``map.html`` shows. ``at``: the code of the station in the middle, or empty.

    ``document``: the address of what the script draws, or empty where it is ``embedded`` in the page, as in a pack;
    ``attribution``: whom to name for the base map, or empty.
    """

    frame: Frame
    conditions: Conditions
    name: Words
    trail_href: str
    rows: tuple[MapRow, ...]
    places: tuple[MapPlace, ...]
    at: str
    map: TrailMap
    document: str
    embedded: str
    attribution: str
    has_archive: bool
    is_invented: bool
    is_listed: bool

    @property
    def chosen(self) -> MapRow | None:
        """The row of the station in the middle."""
        return next((row for row in self.rows if row.code == self.at), None)


def build(
    keeper: SnapshotKeeper, trail: Trail, frame: Frame, now: datetime, at: str, base_map: BaseMap | None
) -> MapPage:
    """Build the map page of a trail."""
    snapshot = keeper.current
    closed = conditions.closed_now(snapshot, trail.slug, now)
    geometry = snapshot.geometries.get(trail.slug)
    stations = snapshot.stations_of_trail.get(trail.slug, [])
    places = snapshot.catalogue.places.get(trail.slug, ())
    return MapPage(
        frame=frame,
        conditions=conditions.build(keeper, trail.slug, frame, now),
        name=trail_name(trail, frame),
        trail_href=frame.link(f"/t/{trail.slug}"),
        rows=tuple(
            MapRow(
                code=station.code,
                station=station_link(station, frame),
                shown_at=frame.link(f"{frame.path}#karte", at=station.code),
                along=wording.distance(station.along_m, frame.t) if station.along_m >= 1 else "",
                is_closed=conditions.is_closed(closed, station.code),
            )
            for station in stations
        ),
        places=map_places.build(places, frame.t),
        at=at,
        map=trail_map.draw(geometry, trail.line, stations, closed, places),
        document="" if frame.is_pack else f"{frame.path}.json?lang={frame.choice.variant}",
        embedded=map_document.build(snapshot, trail, frame, now, None).decode() if frame.is_pack else "",
        attribution=base_map.attribution if base_map else "",
        has_archive=base_map is not None and base_map.file is not None,
        is_invented=not trail.surveyed,
        is_listed=trail.is_listed,
    )
