"""Places beside a trail and stretches of it, for answers."""

from __future__ import annotations

from api.catalogue.snapshot import Snapshot
from geodata.model.place import Place
from geodata.model.section import Section


def of_trail(snapshot: Snapshot, trail: str) -> dict[str, object]:
    """All of a trail, in order along its line."""
    catalogue = snapshot.catalogue
    return {
        "places": [_place(place) for place in catalogue.places.get(trail, ())],
        "sections": [_section(section) for section in catalogue.sections.get(trail, ())],
    }


def _place(place: Place) -> dict[str, object]:
    return {
        "kind": place.kind,
        "lon": place.lon,
        "lat": place.lat,
        "name": place.name,
        "note": place.note,
        "wheelchair": place.wheelchair,
        "along_m": round(place.along_m, 1),
        "off_m": round(place.off_m, 1),
    }


def _section(section: Section) -> dict[str, object]:
    return {
        "from_m": round(section.from_m, 1),
        "to_m": round(section.to_m, 1),
        "surface": section.surface,
        "steps": section.steps,
        "wheelchair": section.wheelchair,
        "pram": section.pram,
        "width_cm": section.width_cm,
        "note": section.note,
    }
