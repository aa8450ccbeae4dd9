"""The nearest of many points, in metres on the ellipsoid."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod

from geodata.model.station import Station

_GEOD = Geod(ellps="WGS84")
_SPHERE_M = 6_371_008.8
_SPHERE_ERROR = 0.0057  # by which a sphere's distances may differ from the ellipsoid's, either way
_ROUNDING_M = 1.0  # several times what rounding does to a cosine near 1 or -1

Floats = NDArray[np.float64]
Indexes = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Points:
    """Places on the Earth: degrees, and the same on a sphere of radius 1 with its centre in the origin."""

    lons: Floats
    lats: Floats
    xyz: Floats
    """One row per point."""

    @classmethod
    def of(cls, lons: Sequence[float] | Floats, lats: Sequence[float] | Floats) -> Points:
        """Lay points on the sphere once; they are asked often."""
        lon, lat = np.asarray(lons, dtype=np.float64), np.asarray(lats, dtype=np.float64)
        return cls(lon, lat, _on_sphere(lon, lat))

    def __len__(self) -> int:
        return len(self.lons)

    def take(self, rows: Indexes) -> Points:
        """Some of the points."""
        return Points(self.lons[rows], self.lats[rows], self.xyz[rows])

    def cosines(self, lon: float, lat: float) -> Floats:
        """Of the angle to each point, seen from the sphere's centre: greater is nearer."""
        phi, lambda_ = math.radians(lat), math.radians(lon)
        here = np.array([math.cos(phi) * math.cos(lambda_), math.cos(phi) * math.sin(lambda_), math.sin(phi)])
        return self.xyz @ here


def nearest(
    points: Points, lon: float, lat: float, *, radius_m: float | None, limit: int
) -> tuple[int, Sequence[tuple[int, float]]]:
    """How many points lie within the radius, and index and distance of the ``limit`` nearest, the nearest first.

    The sphere chooses the candidates, which is quick; the ellipsoid has the last word on order and radius.
    """
    cosines, all_of_them = points.cosines(lon, lat), len(points)
    if radius_m is None and limit >= all_of_them:
        candidates = np.arange(all_of_them)
    elif radius_m is None:
        farthest = np.partition(cosines, all_of_them - limit)[all_of_them - limit]
        margin = (1 + _SPHERE_ERROR) / (1 - _SPHERE_ERROR)
        candidates = _within(cosines, _SPHERE_M * math.acos(min(max(farthest, -1.0), 1.0)) * margin)
    else:
        candidates = _within(cosines, radius_m * (1 + _SPHERE_ERROR))
    metres = _ellipsoid_m(points, candidates, lon, lat)
    if radius_m is not None:
        inside = metres <= radius_m
        candidates, metres = candidates[inside], metres[inside]
    order = np.argsort(metres, kind="stable")[:limit]
    rows = list(zip(candidates[order].tolist(), metres[order].tolist(), strict=True))
    return all_of_them if radius_m is None else len(candidates), rows


def distance_m(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Metres between two points."""
    return _GEOD.inv(lon, lat, other_lon, other_lat)[2]


def heading_deg(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Direction from one point to another, degrees clockwise from north."""
    return _GEOD.inv(lon, lat, other_lon, other_lat)[0] % 360


def _on_sphere(lons: Floats, lats: Floats) -> Floats:
    phis, lambdas = np.radians(lats), np.radians(lons)
    return np.stack([np.cos(phis) * np.cos(lambdas), np.cos(phis) * np.sin(lambdas), np.sin(phis)], axis=-1)


def _within(cosines: Floats, sphere_m: float) -> Indexes:
    """Those that may be as near as this on the sphere."""
    return np.flatnonzero(cosines >= math.cos(min((sphere_m + _ROUNDING_M) / _SPHERE_M, math.pi)))


def _ellipsoid_m(points: Points, rows: Indexes, lon: float, lat: float) -> Floats:
    lons, lats = points.lons[rows], points.lats[rows]
    _, _, metres = _GEOD.inv(np.full_like(lons, lon), np.full_like(lats, lat), lons, lats)
    return np.asarray(metres, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class LiveStations:
    """Stations that are not retired with their places as columns, by trail and number."""

    stations: list[Station]
    points: Points

    @classmethod
    def of(cls, stations: list[Station]) -> LiveStations:
        """Take the places of stations."""
        return cls(stations, Points.of([station.lon for station in stations], [station.lat for station in stations]))

    def nearest_to(self, lon: float, lat: float) -> tuple[Station, float] | None:
        """The station nearest to a point and the metres to it."""
        _, rows = nearest(self.points, lon, lat, radius_m=None, limit=1)
        return next(((self.stations[row], metres) for row, metres in rows), None)
