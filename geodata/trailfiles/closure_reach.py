"""Whether the area of a closure closes anything on its trail.

An area that misses its trail closes nothing although somebody believes it does: it is refused, with what may be wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points

from geodata.conditions.closures import TOLERANCE_M
from geodata.errors import InvalidInput
from geodata.findings.trail_file import Findings
from geodata.geometry.line import GEOD
from geodata.messages.message import Message, counted, message
from geodata.trailfiles.closure_area import EXPORT, Area

_WIDEST_DEG = 5
"""No town's area is as wide; whether one is beside a trail is worked out as if the earth were flat there."""


@dataclass(frozen=True, slots=True)
class TrailWay:
    """A trail's line, and the lon, lat of its live stations."""

    line: LineString
    stations: Sequence[tuple[float, float]] = ()


def check(area: Area, trail: str, ways: Mapping[str, TrailWay], findings: Findings) -> None:
    """Refuse an ``area`` that neither meets the ``trail`` nor holds one of its stations; ``ways`` are all trails'.

    Parts that do neither, beside one that does, are told. Raises InvalidInput with what may be wrong.
    """
    west, south, east, north = area.bounds
    if max(east - west, north - south) > _WIDEST_DEG:
        extent = message("an area from {west:.3f}, {south:.3f} to {east:.3f}, {north:.3f}",
                        west=west, south=south, east=east, north=north)  # fmt: skip
        raise InvalidInput(
            message("{option[area]}"), extent, message("at most {most} degrees across", most=_WIDEST_DEG), EXPORT
        )
    parts: list[Polygon] = shapely.get_parts(area).tolist()
    astray = [part for part in parts if not _meets(part, ways[trail])]
    if len(astray) == len(parts):
        expected = message("an area that meets the trail {trail} or one of its stations", trail=trail)
        raise InvalidInput(message("{option[area]}"), _away(area, ways[trail].line), expected, _hint(area, trail, ways))
    if astray:
        findings.note(
            counted(
                "{count} of the areas lies elsewhere and closes nothing here: {away}.",
                "{count} of the areas lie elsewhere and close nothing here, the first: {away}.",
                count=len(astray),
                away=_away(astray[0], ways[trail].line),
            ),
            reason="area-elsewhere",
        )


def _meets(area: Area, way: TrailWay) -> bool:
    places: list[BaseGeometry] = [way.line, *map(Point, way.stations)]
    return any(_apart_m(area, place) <= TOLERANCE_M for place in places)


def _apart_m(area: Area, shape: BaseGeometry) -> float:
    """Metres between their nearest points, found in degrees with the shrinking of the longitudes taken out."""
    if area.intersects(shape):
        return 0.0
    shrink = np.cos(np.radians(shape.centroid.y))

    def even(lonlats: NDArray[np.float64]) -> NDArray[np.float64]:
        return lonlats * [shrink, 1.0]

    near, there = nearest_points(shapely.transform(area, even), shapely.transform(shape, even))
    return GEOD.inv(near.x / shrink, near.y, there.x / shrink, there.y)[2]


def _away(area: Area, line: LineString) -> Message:
    metres = _apart_m(area, line)
    if metres < 1000:
        return message("an area {metres:.0f} m beside the trail", metres=metres)
    return message("an area {km:.1f} km from the trail", km=metres / 1000)


def _hint(area: Area, trail: str, ways: Mapping[str, TrailWay]) -> str:
    swapped = shapely.transform(area, lambda lonlats: lonlats[:, ::-1])
    if _meets(swapped, ways[trail]):
        return "Lat stands before lon in the file: with the axes exchanged it meets the trail. Export it as lon, lat."
    others = [slug for slug, way in ways.items() if slug != trail and _meets(area, way)]
    if others:
        return message("It meets {trails}: say {option[trail]:{first}}.", trails=", ".join(others), first=others[0])
    return "Check the file and its coordinate system, or draw the area across the trail."
