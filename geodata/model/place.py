"""Places at a trail that people look for before and on the way. Coordinates are lon, lat in degrees (CRS84)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from geodata.model.section import Passable


class PlaceKind(StrEnum):
    """What is there."""

    TOILET = "toilet"
    BENCH = "bench"
    BUS_STOP = "bus_stop"
    PARKING = "parking"
    RESCUE_POINT = "rescue_point"
    ROAD_ACCESS = "road_access"  # where an ambulance or the forest office's car comes to the trail
    SHELTER = "shelter"
    DRINKING_WATER = "drinking_water"
    FOOD = "food"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place on or beside a trail; it has no number, no code and no page of its own.

    ``name`` and ``note`` are plain German text of the town; the name of a rescue point is what is read out to 112, such
    as "LIP-1234", that of a bus stop what stands on its sign. ``wheelchair`` is None where nobody has said.
    ``along_m``: metres along the trail's line from its start to the nearest point; ``off_m``: metres from there.
    """

    trail: str
    kind: PlaceKind
    lon: float
    lat: float
    name: str = ""
    note: str = ""
    wheelchair: Passable | None = None
    along_m: float = 0.0
    off_m: float = 0.0
