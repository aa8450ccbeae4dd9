"""What is missing of a trail's facts: for those who publish and those who run it, never for hikers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from geodata.geometry.line import GEOD
from geodata.messages.listing import listed
from geodata.messages.message import Message, message, phrase
from geodata.model.place import Place, PlaceKind
from geodata.model.section import Section
from geodata.model.station import Station
from geodata.model.trail import Trail, TrailDirection
from geodata.vocabulary.licences import requires_attribution

REACH_M = 1_000.0
"""A rescue point should be no further from a station: who calls 112 walks there, or sends somebody."""


def rescue_points(places: Iterable[Place], stations: Iterable[Station]) -> list[Message]:
    """The stations from which no rescue point is within REACH_M as the crow flies; nothing where all have one."""
    points = [place for place in places if place.kind is PlaceKind.RESCUE_POINT]
    if not points:
        return [phrase("no rescue point")]
    far = [str(station.number) for station in stations if station.retired_at is None and not _in_reach(station, points)]
    if not far:
        return []
    return [
        message("no rescue point within {metres:.0f} m of the stations {numbers}", metres=REACH_M,
                numbers=listed(far, quoted=False))
    ]  # fmt: skip


def others(places: Iterable[Place], sections: Sequence[Section], direction: TrailDirection | None) -> list[Message]:
    """What else people ask for and nobody has entered."""
    kinds = {place.kind for place in places}
    return [
        *([] if PlaceKind.ROAD_ACCESS in kinds else [phrase("no road access")]),
        *([] if sections else [phrase("nothing about ground, wheelchair and pram")]),
        *([] if direction else [phrase("no direction of the signs")]),
    ]


def direction_hint(trail: str, direction: TrailDirection | None) -> str:
    """How the direction is said, which no table holds; empty where it is known."""
    return (
        ""
        if direction
        else message("{action[trail direction]:{trail} DIRECTION} says which way they lead.", trail=trail)
    )


def attribution(trail: Trail) -> list[Message]:
    """That whoever reuses the trail is to name somebody, and nobody says whom."""
    if trail.attribution or not requires_attribution(trail.licence):
        return []
    return [message("nobody to name for its licence {licence}", licence=trail.licence)]


def _in_reach(station: Station, points: Iterable[Place]) -> bool:
    return any(GEOD.inv(station.lon, station.lat, point.lon, point.lat)[2] <= REACH_M for point in points)
