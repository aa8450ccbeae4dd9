"""The ups and downs of a trail: numbers and paths for SVG, which the template draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geodata.geometry.line import TrailGeometry
from geodata.model.station import Station

WIDTH, HEIGHT = 360.0, 120.0
_TOP, _BOTTOM = 22.0, 96.0
_POINTS = 72
_LEAST_SPAN_M = 40.0  # a level path should look level


@dataclass(frozen=True, slots=True)
class Mark:
    """A station on the profile: ``x``, ``y`` in the drawing, metres along and height for the table."""

    number: int
    x: float
    y: float
    along_m: float
    height_m: float


@dataclass(frozen=True, slots=True)
class Profile:
    """``line`` and ``area`` are SVG paths; heights in metres above sea level."""

    line: str
    area: str
    low_m: float
    high_m: float
    marks: tuple[Mark, ...]


def draw(geometry: TrailGeometry | None, stations: Sequence[Station]) -> Profile | None:
    """Draw the profile from start to end; None on a line without heights."""
    points = geometry.profile(_POINTS) if geometry else []
    if geometry is None or not points:
        return None
    heights = [height for _, height in points]
    low, high = min(heights), max(heights)
    span = max(high - low, _LEAST_SPAN_M)

    def xy(along: float, height: float) -> tuple[float, float]:
        share = (height - low) / span
        return round(WIDTH * along / geometry.length_m, 1), round(_BOTTOM - share * (_BOTTOM - _TOP), 1)

    line = "M" + "L".join(f"{x:g} {y:g}" for x, y in (xy(*point) for point in points))
    placed = [(station, geometry.height_at(station.along_m) or 0.0) for station in stations]
    return Profile(
        line=line,
        area=f"{line}V{HEIGHT:g}H0Z",
        low_m=low,
        high_m=high,
        marks=tuple(Mark(s.number, *xy(s.along_m, height), s.along_m, height) for s, height in placed),
    )
