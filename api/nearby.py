"""The nearest of many points, in metres on the ellipsoid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod

_GEOD = Geod(ellps="WGS84")
_SPHERE_M = 6_371_008.8
_SPHERE_ERROR = 0.0057  # by which a sphere's distances may differ from the ellipsoid's, either way
_NEGLIGIBLE_M = 1e-6  # what rounding may add

Floats = NDArray[np.float64]
Indexes = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Points:
    """Places on the Earth: degrees, and the same on a sphere of radius 1 with its centre in the origin."""

    lons: Floats
    lats: Floats
    xyz: Floats
    """Three rows; a row lies in one piece, which the sums over it like."""

    @classmethod
    def of(cls, lons: Sequence[float] | Floats, lats: Sequence[float] | Floats) -> Points:
        """Lay points on the sphere once; they are asked often."""
        lon, lat = np.asarray(lons, dtype=np.float64), np.asarray(lats, dtype=np.float64)
        return cls(lon, lat, _on_sphere(lon, lat))

    def __len__(self) -> int:
        return len(self.lons)

    def take(self, rows: Indexes) -> Points:
        """Some of the points."""
        return Points(self.lons[rows], self.lats[rows], self.xyz[:, rows])

    def sphere_m(self, lon: float, lat: float) -> Floats:
        """Metres to each point on the sphere; exact to the centimetre also for near points."""
        x, y, z = _on_sphere(np.float64(lon), np.float64(lat))
        squares = (self.xyz[0] - x) ** 2 + (self.xyz[1] - y) ** 2 + (self.xyz[2] - z) ** 2
        return 2 * _SPHERE_M * np.arcsin(np.minimum(np.sqrt(squares) / 2, 1))


def nearest(
    points: Points, lon: float, lat: float, *, radius_m: float | None, limit: int
) -> tuple[int, Sequence[tuple[int, float]]]:
    """How many points lie within the radius, and index and distance of the ``limit`` nearest, the nearest first.

    The sphere chooses the candidates, which is quick; the ellipsoid has the last word on order and radius.
    """
    rough = points.sphere_m(lon, lat)
    candidates = np.arange(len(points))
    if radius_m is not None:
        candidates = candidates[rough <= radius_m * (1 + _SPHERE_ERROR) + _NEGLIGIBLE_M]
        exact = _ellipsoid_m(points, candidates, lon, lat)
        inside = exact <= radius_m
        candidates, exact = candidates[inside], exact[inside]
        matched = len(candidates)
    else:
        matched = len(points)
        if matched > limit:
            farthest = np.partition(rough, limit - 1)[limit - 1]
            margin = (1 + _SPHERE_ERROR) / (1 - _SPHERE_ERROR)
            candidates = candidates[rough <= farthest * margin + _NEGLIGIBLE_M]
        exact = _ellipsoid_m(points, candidates, lon, lat)
    order = np.argsort(exact, kind="stable")[:limit]
    return matched, [(int(candidates[i]), float(exact[i])) for i in order]


def distance_m(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Metres between two points."""
    return _GEOD.inv(lon, lat, other_lon, other_lat)[2]


def heading_deg(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Direction from one point to another, degrees clockwise from north."""
    return _GEOD.inv(lon, lat, other_lon, other_lat)[0] % 360


def _on_sphere(lons: Floats | np.float64, lats: Floats | np.float64) -> Floats:
    phis, lambdas = np.radians(lats), np.radians(lons)
    return np.array([np.cos(phis) * np.cos(lambdas), np.cos(phis) * np.sin(lambdas), np.sin(phis)])


def _ellipsoid_m(points: Points, rows: Indexes, lon: float, lat: float) -> Floats:
    lons, lats = points.lons[rows], points.lats[rows]
    _, _, metres = _GEOD.inv(np.full_like(lons, lon), np.full_like(lats, lat), lons, lats)
    return np.asarray(metres, dtype=np.float64)
