"""What files say of a trail, its stations, places and stretches: plain values by name, equal in all formats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shapely import LineString

from geodata.geometry.line import TrailGeometry
from geodata.model.place import Place, PlaceKind
from geodata.model.section import Section
from geodata.model.station import Station
from geodata.model.trail import Trail

Record = Mapping[str, str | int | float | bool]

NO_NAME: Mapping[PlaceKind, str] = {
    PlaceKind.TOILET: "WC",
    PlaceKind.BENCH: "Bank",
    PlaceKind.BUS_STOP: "Bushaltestelle",
    PlaceKind.PARKING: "Parkplatz",
    PlaceKind.RESCUE_POINT: "Rettungspunkt",
    PlaceKind.ROAD_ACCESS: "Zufahrt",
    PlaceKind.SHELTER: "Schutzhütte",
    PlaceKind.DRINKING_WATER: "Trinkwasser",
    PlaceKind.FOOD: "Gaststätte",
}
"""What apps show of a place without a name; the importer takes these for no name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailExport:
    """All that goes into a file; ``stations`` are live ones in order of their numbers, the rest sorted along."""

    trail: Trail
    stations: tuple[Station, ...]
    places: tuple[Place, ...] = ()
    sections: tuple[Section, ...] = ()

    @classmethod
    def of(
        cls, trail: Trail, stations: Sequence[Station], places: Sequence[Place] = (), sections: Sequence[Section] = ()
    ) -> TrailExport:
        """The export of a trail; retired stations are left out."""
        live = sorted((station for station in stations if station.retired_at is None), key=lambda each: each.number)
        return cls(trail=trail, stations=tuple(live), places=tuple(places), sections=tuple(sections))

    def section_lines(self) -> list[LineString]:
        """The line of each stretch."""
        geometry = TrailGeometry(self.trail.line)
        return [
            self.trail.line
            if section.length_m > geometry.length_m - 1  # all of a loop would be no way at all
            else geometry.part(section.from_m, section.to_m)
            for section in self.sections
        ]


def of_trail(trail: Trail) -> Record:
    """The trail itself. ``surveyed`` is false where line, stations or facts were invented for a demonstration."""
    return {
        "slug": trail.slug,
        "name": trail.name() or trail.slug,
        "municipality": trail.municipality,
        "licence": trail.licence,
        "attribution": trail.attribution,
        "surveyed": trail.surveyed,
        **({"direction": trail.direction.value} if trail.direction else {}),
        "length_m": round(TrailGeometry(trail.line).length_m, 1),
    }


def of_station(station: Station) -> Record:
    """A station without its texts."""
    return {
        "code": station.code,
        "number": station.number,
        "name": station.title(),
        "along_m": station.along_m,
    }


def of_place(place: Place) -> Record:
    """A place; what is not known is left out."""
    return {
        "kind": place.kind.value,
        "name": place.name or NO_NAME[place.kind],
        **({"note": place.note} if place.note else {}),
        **({"wheelchair": place.wheelchair.value} if place.wheelchair else {}),
        "along_m": place.along_m,
        "off_m": round(place.off_m, 1),
    }


def of_section(section: Section) -> Record:
    """A stretch; what is not known is left out."""
    known: dict[str, str | int | None] = {
        "surface": section.surface.value if section.surface else None,
        "steps": section.steps,
        "wheelchair": section.wheelchair.value if section.wheelchair else None,
        "pram": section.pram.value if section.pram else None,
        "width_cm": section.width_cm,
        "note": section.note or None,
    }
    return {
        "from_m": section.from_m,
        "to_m": section.to_m,
        **{name: value for name, value in known.items() if value is not None},
    }


def lon_lat_height(station: Station) -> tuple[float, ...]:
    """Where a station stands; without a height where none is known."""
    place = (station.lon, station.lat)
    return place if station.height is None else (*place, station.height)
