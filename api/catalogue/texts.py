"""What trails and stations are called, also those that nobody has named yet."""

from __future__ import annotations

from geodata.model.station import Station
from geodata.model.trail import Trail
from geodata.vocabulary.languages import DEFAULT


def title_of(station: Station, variant: str = DEFAULT) -> str:
    """What a station is called; its number where nobody has named it yet."""
    return station.title(variant) or f"Station {station.number}"


def name_of(trail: Trail, variant: str = DEFAULT) -> str:
    """What a trail is called; its slug where nobody has named it yet."""
    return trail.name(variant) or trail.slug
