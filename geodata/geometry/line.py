"""Where along the trail: metres, points, heights and headings on one line, prepared once and asked often.

Metres are those of the ground: the line is laid into its own UTM zone (EPSG:25832 for Lemgo) and the zone's scale
there, up to 1 in 1000, is taken out. Coordinates are lon, lat in degrees (CRS84; ETRS89 counts as the same).
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod, Transformer
from shapely import LineString, Point
from shapely.geometry.base import BaseGeometry

from geodata.errors import InvalidInput
from geodata.geometry.relief import climb, walking_minutes

MAX_OFF_M = 60.0
"""A station further from its line is none of that trail's: trails were mixed up, or longitude and latitude."""

GEOD = Geod(ellps="GRS80")
_LOOP_GAP_M = 30.0  # recorded loops seldom close to the metre
_GPS_TOLERANCE_M = 30.0  # under leaves; places this much further away are as likely as the nearest one
_Shape = TypeVar("_Shape", bound=BaseGeometry)
_HEADING_M = 60.0  # how far ahead one looks to say which way the path goes


@dataclass(frozen=True, slots=True)
class PointOnLine:
    """A place on the trail: metres along it, and how far off it was asked for."""

    along_m: float
    off_m: float


@dataclass(frozen=True, slots=True)
class Stretch:
    """The way from one place forward to another. Climbs are None on a line without heights; heading from north."""

    distance_m: float
    ascent_m: float | None
    descent_m: float | None
    heading_deg: float
    minutes: float


def utm_epsg(lon: float, lat: float) -> int:
    """The EPSG code of the UTM zone: ETRS89 in Europe, WGS 84 elsewhere."""
    zone = min(int((lon + 180) // 6) + 1, 60)
    if 28 <= zone <= 38 and 34 <= lat <= 84:
        return 25800 + zone
    return (32600 if lat >= 0 else 32700) + zone


@lru_cache(maxsize=64)
def _to_utm(epsg: int) -> Transformer:
    return Transformer.from_crs("OGC:CRS84", f"EPSG:{epsg}", always_xy=True)


class TrailGeometry:
    """Answers about one line in walking direction; never changes after it was built.

    A line whose ends are within 30 m of each other is a loop: it is closed, and metres count round and round.
    On other lines metres below 0 or beyond the end mean the ends. Raises InvalidInput for a line without length.
    """

    def __init__(self, line: LineString) -> None:
        vertices = _vertices(line)
        self.is_loop = _is_loop(vertices)
        if self.is_loop and vertices[0][:2] != vertices[-1][:2]:
            vertices.append(vertices[0])
        self._lonlats = [(lon, lat) for lon, lat, _ in vertices]
        self._heights = [height for _, _, height in vertices]
        self.has_heights = all(math.isfinite(height) for height in self._heights)
        self._transformer = _to_utm(utm_epsg(*line.envelope.centroid.coords[0]))
        plane = [self._transformer.transform(lon, lat) for lon, lat in self._lonlats]
        self._scale = _geodesic_m(self._lonlats) / sum(math.dist(a, b) for a, b in pairwise(plane))
        xys = [(x * self._scale, y * self._scale) for x, y in plane]
        self._line = LineString(xys)
        self._xys = np.array(xys)
        self._alongs = list(accumulate((math.dist(a, b) for a, b in pairwise(xys)), initial=0.0))
        self.length_m = self._alongs[-1]
        self.ascent_m, self.descent_m = climb(self._heights) if self.has_heights else (None, None)
        self.minutes = walking_minutes(self.length_m, self.ascent_m or 0, self.descent_m or 0)

    def locate(self, lon: float, lat: float, expected_m: float | None = None) -> PointOnLine:
        """The place on the trail nearest to a point.

        Where the trail meets itself, ``expected_m`` says roughly how far along one should be: of all places that are
        no more than 30 m further away than the nearest, the one closest to it along the trail is taken.
        """
        if expected_m is None:
            point = Point(*self._plane(lon, lat))
            return PointOnLine(self._wrapped(self._line.project(point)), self._line.distance(point))
        likely = self.places(lon, lat)
        return min(likely, key=lambda place: (self._apart_m(place.along_m, expected_m), place.off_m))

    def places(self, lon: float, lat: float, spare_m: float = _GPS_TOLERANCE_M) -> list[PointOnLine]:
        """The places where the trail passes a point, in walking order; several where it meets itself.

        None is more than ``spare_m`` further off than the nearest.
        """
        places = list(self._local_minima(*self._plane(lon, lat)))
        limit = min(place.off_m for place in places) + spare_m
        return sorted((place for place in places if place.off_m <= limit), key=lambda place: place.along_m)

    def point_at(self, along_m: float) -> tuple[float, float]:
        """Lon and lat of the place ``along_m`` metres along the trail."""
        i, share = self._segment(along_m)
        (lon, lat), (next_lon, next_lat) = self._lonlats[i], self._lonlats[i + 1]
        return lon + share * (next_lon - lon), lat + share * (next_lat - lat)

    def height_at(self, along_m: float) -> float | None:
        """Metres above sea level, or None on a line without heights."""
        if not self.has_heights:
            return None
        i, share = self._segment(along_m)
        return self._heights[i] + share * (self._heights[i + 1] - self._heights[i])

    def forward_m(self, from_m: float, to_m: float) -> float:
        """Metres to walk from one place to another: forward across the start on a loop, either way on other lines."""
        start, end = self._wrapped(from_m), self._wrapped(to_m)
        return (end - start) % self.length_m if self.is_loop else abs(end - start)

    def heading_deg(self, along_m: float, ahead_m: float = _HEADING_M) -> float:
        """Which way the trail continues from a place, degrees clockwise from north; looks back at the very end."""
        if not self.is_loop:
            along_m = min(self._wrapped(along_m), max(self.length_m - ahead_m, 0))
        here, there = self.point_at(along_m), self.point_at(along_m + ahead_m)
        return GEOD.inv(*here, *there)[0] % 360

    def stretch(self, from_m: float, to_m: float) -> Stretch:
        """The way from one place to another, as forward_m() walks it."""
        start, distance = self._wrapped(from_m), self.forward_m(from_m, to_m)
        backwards = not self.is_loop and self._wrapped(to_m) < start
        if backwards:
            start -= distance
        heights = self._heights_between(start, distance)
        ascent, descent = climb(heights[::-1] if backwards else heights) if self.has_heights else (None, None)
        return Stretch(
            distance_m=distance,
            ascent_m=ascent,
            descent_m=descent,
            heading_deg=self._stretch_heading(start, distance, backwards=backwards),
            minutes=walking_minutes(distance, ascent or 0, descent or 0),
        )

    def part(self, from_m: float, to_m: float) -> LineString:
        """The line from one place to another, as forward_m() walks it; two equal vertices where that is no way."""
        start, distance = self._wrapped(from_m), self.forward_m(from_m, to_m)
        backwards = not self.is_loop and self._wrapped(to_m) < start
        if backwards:
            start -= distance
        passed = [self._lonlats[i] for i in self._vertices_between(start, distance)]
        lonlats = [self.point_at(start), *passed, self.point_at(start + distance)]
        heights = self._heights_between(start, distance)
        vertices = [(*lonlat, height) for lonlat, height in zip(lonlats, heights, strict=True)] if heights else lonlats
        inner = [after for before, after in pairwise(vertices[:-1]) if after != before]
        vertices = [vertices[0], *inner, vertices[-1]]
        return LineString(vertices[::-1] if backwards else vertices)

    def flat(self, shape: _Shape) -> _Shape:
        """A lon, lat shape near the trail, in metres on a plane; heights are dropped."""

        def to_metres(lonlats: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.column_stack(self._transformer.transform(lonlats[:, 0], lonlats[:, 1])) * self._scale

        return shapely.transform(shape, to_metres)

    def profile(self, points: int = 100) -> list[tuple[float, float]]:
        """Distance and height at ``points`` ≥ 2 places, evenly from start to end; empty without heights."""
        if not self.has_heights:
            return []
        steps = [i * self.length_m / (points - 1) for i in range(points - 1)]
        inner = [(step, self.height_at(step) or 0.0) for step in steps]
        return [*inner, (self.length_m, self._heights[-1])]

    def _plane(self, lon: float, lat: float) -> tuple[float, float]:
        x, y = self._transformer.transform(lon, lat)
        if not (math.isfinite(x) and math.isfinite(y)):
            raise InvalidInput("lon, lat", (lon, lat), "a point on the same side of the Earth as the trail")
        return x * self._scale, y * self._scale

    def _wrapped(self, along_m: float) -> float:
        if self.is_loop:
            return along_m % self.length_m
        return min(max(along_m, 0.0), self.length_m)

    def _apart_m(self, a_m: float, b_m: float) -> float:
        apart = abs(self._wrapped(a_m) - self._wrapped(b_m))
        return min(apart, self.length_m - apart) if self.is_loop else apart

    def _segment(self, along_m: float) -> tuple[int, float]:
        """Index of the segment's first vertex, and the share of the segment walked, 0 to 1."""
        along = self._wrapped(along_m)
        i = min(bisect_right(self._alongs, along) - 1, len(self._alongs) - 2)
        length = self._alongs[i + 1] - self._alongs[i]
        return i, (along - self._alongs[i]) / length if length else 0.0

    def _local_minima(self, x: float, y: float) -> Iterator[PointOnLine]:
        """Places from which the trail leads away from x, y both ways; the nearest place of all is one of them."""
        share, off = _nearest_on_segments(x, y, self._xys)
        came_nearer = (share > 0) | (np.roll(share, 1) == 1)
        goes_away = (share < 1) | (np.roll(share, -1) == 0)
        if not self.is_loop:
            came_nearer[0] = goes_away[-1] = True
        for i in np.flatnonzero(came_nearer & goes_away).tolist():
            start, end = self._alongs[i], self._alongs[i + 1]
            yield PointOnLine(self._wrapped(start + float(share[i]) * (end - start)), float(off[i]))

    def _heights_between(self, start_m: float, distance_m: float) -> list[float]:
        if not self.has_heights:
            return []
        inner = [self._heights[i] for i in self._vertices_between(start_m, distance_m)]
        return [self.height_at(start_m) or 0.0, *inner, self.height_at(start_m + distance_m) or 0.0]

    def _vertices_between(self, start_m: float, distance_m: float) -> Iterator[int]:
        """Indices of the vertices passed on the way; a loop's start comes as its end and again as its beginning."""
        end_m = start_m + distance_m
        turns = (0.0, self.length_m) if self.is_loop else (0.0,)
        for offset in turns:
            first = bisect_right(self._alongs, start_m, key=lambda along, turn=offset: along + turn)
            yield from range(first, bisect_left(self._alongs, end_m, key=lambda along, turn=offset: along + turn))

    def _stretch_heading(self, start_m: float, distance_m: float, *, backwards: bool) -> float:
        ahead = min(distance_m, _HEADING_M) or _HEADING_M
        if backwards:
            return (self.heading_deg(start_m + distance_m - ahead, ahead) + 180) % 360
        return self.heading_deg(start_m, ahead)


def _vertices(line: LineString) -> list[tuple[float, float, float]]:
    """Vertices with height (NaN where unknown), without immediate repetitions."""
    vertices: list[tuple[float, float, float]] = []
    for lon, lat, *rest in line.coords:
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):
            raise InvalidInput("line", (lon, lat), "lon and lat in degrees, in this order")
        if not vertices or (lon, lat) != vertices[-1][:2]:
            vertices.append((lon, lat, rest[0] if rest else math.nan))
    if len(vertices) < 2:
        raise InvalidInput("line", line.wkt, "a line with at least two different points")
    return vertices


def _is_loop(vertices: Sequence[tuple[float, float, float]]) -> bool:
    gap = _geodesic_m([vertices[0][:2], vertices[-1][:2]])
    return gap <= _LOOP_GAP_M and _geodesic_m([v[:2] for v in vertices]) > 10 * gap


def _geodesic_m(lonlats: Sequence[tuple[float, float]]) -> float:
    return GEOD.line_length([lon for lon, _ in lonlats], [lat for _, lat in lonlats])


def _nearest_on_segments(
    x: float, y: float, xys: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """For each segment between the n vertices ``xys`` (n, 2): its share at the point nearest to x, y, and how far off.

    Both have n - 1 values; on a segment without length (two vertices nearer than the metres can tell) the share is 0.
    """
    starts = xys[:-1]
    steps = xys[1:] - starts
    from_starts = (x, y) - starts
    squares = np.einsum("ij,ij->i", steps, steps)
    share = np.clip(np.einsum("ij,ij->i", from_starts, steps) / np.where(squares > 0, squares, 1.0), 0.0, 1.0)
    apart = from_starts - share[:, None] * steps
    return share, np.hypot(apart[:, 0], apart[:, 1])
