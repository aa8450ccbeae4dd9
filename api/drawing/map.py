"""A trail drawn as a small map: numbers and paths for SVG, which the template draws."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

import shapely
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from api.catalogue.closures import PlacedClosure
from api.drawing import help_points
from api.drawing.help_points import HelpPoint
from geodata.geometry.line import TrailGeometry
from geodata.geometry.map_frame import METRES_PER_DEGREE, MapFrame
from geodata.model.place import Place, PlaceKind
from geodata.model.station import Station

SIZE = 360.0
PLATE = 56.0
"""Least distance of two plates in units of SIZE: on a phone of 320 px each keeps a target of 44 px for itself."""
_MARGIN = 34.0
_ARROWS = 4
_SCALE_BARS_M = (50, 100, 200, 500, 1000, 2000, 5000)
_ROUNDS = 200
_CROWD = 30
"""More stations than that do not all get their number: every second, third … does, and dots stand between them."""
_FULL = 0.45


@dataclass(frozen=True, slots=True)
class Plate:
    """A station's number at ``x``, ``y``; it may stand beside its point ``at_x``, ``at_y`` to leave room for others.

    ``is_dot``: there is no room for its number. ``is_closed``: a closure affects the station.
    """

    station: Station
    x: float
    y: float
    at_x: float
    at_y: float
    is_dot: bool = False
    is_closed: bool = False

    @property
    def is_moved(self) -> bool:
        """Whether a leader line to the point is needed."""
        return math.hypot(self.x - self.at_x, self.y - self.at_y) > 4


@dataclass(frozen=True, slots=True)
class TrailMap:
    """What the template draws. ``closed`` are paths, ``arrows`` x, y and degrees of the walking direction."""

    width: float
    height: float
    path: str
    closed: tuple[str, ...]
    arrows: tuple[tuple[float, float, float], ...]
    plates: tuple[Plate, ...]
    helps: tuple[HelpPoint, ...]
    bar_units: float
    bar_m: int
    frame: MapFrame


def draw(
    geometry: TrailGeometry | None,
    line: LineString,
    stations: Sequence[Station],
    closed: Sequence[PlacedClosure] = (),
    places: Sequence[Place] = (),
) -> TrailMap:
    """Draw a trail with its stations, what is closed and the rescue points among ``places``, north up.

    There are no arrows when its line cannot be used.
    """
    points = [(lon, lat) for lon, lat, *_ in line.coords] + [(station.lon, station.lat) for station in stations]
    frame = MapFrame.around(points, size=SIZE, margin=_MARGIN)
    points_at = [frame.xy(station.lon, station.lat) for station in stations]
    room = (max(frame.width, SIZE * 0.6), frame.height)
    plates = tuple(
        replace(plate, is_closed=any(placed.affects(plate.station.code) for placed in closed))
        for plate in _plates(stations, points_at, room)
    )
    helps = [(one.name, *frame.xy(one.lon, one.lat)) for one in places if one.kind is PlaceKind.RESCUE_POINT]
    bar_m = max((m for m in _SCALE_BARS_M if m * frame.scale / METRES_PER_DEGREE <= SIZE / 4), default=50)
    return TrailMap(
        width=round(room[0]),
        height=round(room[1] + PLATE / 2),  # the scale bar stands below
        path=frame.path(line),
        closed=tuple(frame.path(part) for placed in closed for part in _lines(placed.line)),
        arrows=tuple(_arrows(geometry, frame, stations)) if geometry else (),
        plates=plates,
        helps=help_points.place(helps, [(plate.x, plate.y) for plate in plates if not plate.is_dot], room),
        bar_units=round(bar_m * frame.scale / METRES_PER_DEGREE, 1),
        bar_m=bar_m,
        frame=frame,
    )


def _plates(
    stations: Sequence[Station], points: Sequence[tuple[float, float]], room: tuple[float, float]
) -> tuple[Plate, ...]:
    every = max(1, math.ceil(len(points) * PLATE**2 / (_FULL * room[0] * room[1]))) if len(points) > _CROWD else 1
    shown = dict(zip(range(0, len(points), every), spread(tuple(points[::every]), room), strict=True))
    plates: list[Plate] = []
    for i, (station, (at_x, at_y)) in enumerate(zip(stations, points, strict=True)):
        x, y = shown.get(i, (at_x, at_y))
        plates.append(Plate(station, round(x, 1), round(y, 1), at_x, at_y, is_dot=i not in shown))
    return tuple(plates)


def _lines(shape: BaseGeometry) -> list[LineString]:
    """The lines in a shape; where an area only touches the trail there are points, which nobody would see."""
    return [part for part in shapely.get_parts(shape) if isinstance(part, LineString)]


def outline(line: LineString, size: float = 88) -> tuple[str, str]:
    """A trail as a little drawing: view box and path."""
    frame = MapFrame.around([(lon, lat) for lon, lat, *_ in line.coords], size=size, margin=6)
    return frame.view_box, frame.path(line, tolerance=0.6)


@lru_cache(maxsize=64)
def spread(places: tuple[tuple[float, float], ...], room: tuple[float, float]) -> tuple[tuple[float, float], ...]:
    """Push plates apart until any two are PLATE from each other, within ``room``; best effort where it is too full.

    All pages of a trail have them at the same places.
    """
    at = [list(place) for place in places]
    for _ in range(_ROUNDS):
        if not _push_apart(at, room):
            break
    return tuple((x, y) for x, y in at)


def _push_apart(at: list[list[float]], room: tuple[float, float]) -> bool:
    moved = False
    for i, a in enumerate(at):
        for b in at[i + 1 :]:
            dx, dy = b[0] - a[0], b[1] - a[1]
            apart = math.hypot(dx, dy)
            if apart >= PLATE:
                continue
            moved = True
            if apart < 0.01:
                dx, dy, apart = math.cos(i), math.sin(i), 1.0  # the same point twice: any direction will do
            push = (PLATE - apart) / 2 + 0.1
            for plate, sign in ((a, -1), (b, 1)):
                plate[0] = _within(plate[0] + sign * push * dx / apart, room[0])
                plate[1] = _within(plate[1] + sign * push * dy / apart, room[1])
    return moved


def _within(value: float, length: float) -> float:
    return min(max(value, PLATE / 2), length - PLATE / 2)


def _arrows(geometry: TrailGeometry, frame: MapFrame, stations: Sequence[Station]) -> list[tuple[float, float, float]]:
    """In the middle of the longest stretches without a station, where there is room."""
    stops = sorted({0.0, *(station.along_m for station in stations), geometry.length_m})
    longest = sorted(pairwise(stops), key=lambda stretch: stretch[0] - stretch[1])[:_ARROWS]
    middles = [(start + end) / 2 for start, end in longest]
    return [(*frame.xy(*geometry.point_at(along)), round(geometry.heading_deg(along))) for along in middles]
