"""A small map's frame: from lon, lat to the coordinates of an SVG picture, and lines as SVG paths.

Equirectangular, lengths east-west shortened by the cosine of the middle latitude, y downwards: true to shape for
anything of a municipality's size.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from shapely import LineString

METRES_PER_DEGREE = 111_320.0
"""Of latitude, or of longitude at the equator: right to half a percent, for scale bars and rough distances."""


@dataclass(frozen=True, slots=True)
class MapFrame:
    """``width`` × ``height`` units, origin top left; ``scale`` is units per degree of latitude."""

    width: float
    height: float
    scale: float
    west: float
    north: float
    shortening: float

    @classmethod
    def around(cls, points: Iterable[tuple[float, float]], size: float = 1000, margin: float = 40) -> Self:
        """The frame around lon, lat ``points``; its longer side is ``size`` units, ``margin`` on all sides included.

        A single point gets a square frame and is in its middle.
        """
        lons, lats = zip(*points, strict=True)
        middle_lon, middle_lat = (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2
        shortening = math.cos(math.radians(middle_lat))
        wide, high = (max(lons) - min(lons)) * shortening, max(lats) - min(lats)
        extent = max(wide, high)
        scale = (size - 2 * margin) / extent if extent > 0 else 1.0
        width = wide * scale + 2 * margin if extent > 0 else size
        height = high * scale + 2 * margin if extent > 0 else size
        return cls(
            width=width,
            height=height,
            scale=scale,
            west=middle_lon - width / 2 / scale / shortening,
            north=middle_lat + height / 2 / scale,
            shortening=shortening,
        )

    @property
    def view_box(self) -> str:
        """The value of the SVG attribute ``viewBox``."""
        return f"0 0 {self.width:.0f} {self.height:.0f}"

    def xy(self, lon: float, lat: float) -> tuple[float, float]:
        """The picture's coordinates, to a tenth of a unit."""
        return (
            round((lon - self.west) * self.shortening * self.scale, 1),
            round((self.north - lat) * self.scale, 1),
        )

    def path(self, line: LineString, tolerance: float = 1.0) -> str:
        """The value of the SVG attribute ``d``, no vertex further than ``tolerance`` units from the true line."""
        drawn = LineString([self.xy(lon, lat) for lon, lat, *_ in line.coords]).simplify(tolerance)
        return "M" + "L".join(f"{x:g} {y:g}" for x, y in drawn.coords)
