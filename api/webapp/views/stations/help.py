"""Help on the way, of a whole trail: whom to call, where rescue points are, and which station one stands at."""

from __future__ import annotations

from dataclasses import dataclass, replace

from api.catalogue.snapshot import Snapshot
from api.webapp.views.frame import Frame, StationLink, Words
from api.webapp.views.parts import ordinary_title, station_link, trail_name
from api.webapp.views.stations.whereabouts import Phone, degrees_of, phone_of
from geodata.model import operator as operator_lines
from geodata.model.operator import Operator
from geodata.model.place import PlaceKind
from geodata.model.trail import Trail


@dataclass(frozen=True, slots=True)
class RescuePoint:
    """What is read out to 112, with the place in degrees and as a link."""

    name: Words
    degrees: str
    geo: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpPage:
    """What ``help.html`` shows; the links lead to the same of each station."""

    frame: Frame
    name: Words
    trail_href: str
    is_listed: bool
    is_invented: bool
    office: Phone | None
    rescue_points: tuple[RescuePoint, ...]
    stations: tuple[StationLink, ...]


def build(snapshot: Snapshot, trail: Trail, default: Operator, frame: Frame) -> HelpPage:
    """The help of a trail; ``default`` is the operator of the settings."""
    municipality = snapshot.catalogue.municipalities[trail.municipality]
    links = (
        replace(station_link(station, frame), title=ordinary_title(station, frame))
        for station in snapshot.stations_of_trail.get(trail.slug, ())
    )
    return HelpPage(
        frame=frame,
        name=trail_name(trail, frame),
        trail_href=frame.link(f"/t/{trail.slug}"),
        is_listed=trail.is_listed,
        is_invented=not trail.surveyed,
        office=phone_of(operator_lines.effective(municipality.operator, default), municipality.name),
        rescue_points=tuple(
            RescuePoint(Words.german(place.name), *degrees_of(place.lon, place.lat, frame))
            for place in snapshot.catalogue.places.get(trail.slug, ())
            if place.kind is PlaceKind.RESCUE_POINT
        ),
        stations=tuple(replace(link, href=f"{link.href}#hilfe") for link in links),
    )
