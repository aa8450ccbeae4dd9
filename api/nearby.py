"""The nearest of many points, in metres on the ellipsoid."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod

_GEOD = Geod(ellps="WGS84")
_SPHERE_M = 6_371_008.8
_SPHERE_ERROR = 0.0057  # by which a sphere's distances may differ from the ellipsoid's, either way

Floats = NDArray[np.float64]
Indexes = NDArray[np.intp]


def nearest(
    lons: Floats, lats: Floats, lon: float, lat: float, *, radius_m: float | None, limit: int
) -> tuple[int, Sequence[tuple[int, float]]]:
    """How many points lie within the radius, and index and distance of the ``limit`` nearest, the nearest first.

    The sphere chooses the candidates, which is quick; the ellipsoid has the last word on order and radius.
    """
    rough = _sphere_m(lons, lats, lon, lat)
    candidates = np.arange(len(rough))
    if radius_m is not None:
        candidates = candidates[rough <= radius_m * (1 + _SPHERE_ERROR)]
        exact = _ellipsoid_m(lons[candidates], lats[candidates], lon, lat)
        inside = exact <= radius_m
        candidates, exact = candidates[inside], exact[inside]
        matched = len(candidates)
    else:
        matched = len(rough)
        if matched > limit:
            farthest = np.partition(rough, limit - 1)[limit - 1]
            candidates = candidates[rough <= farthest * (1 + _SPHERE_ERROR) / (1 - _SPHERE_ERROR)]
        exact = _ellipsoid_m(lons[candidates], lats[candidates], lon, lat)
    order = np.argsort(exact, kind="stable")[:limit]
    return matched, [(int(candidates[i]), float(exact[i])) for i in order]


def distance_m(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Metres between two points."""
    return _GEOD.inv(lon, lat, other_lon, other_lat)[2]


def heading_deg(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Direction from one point to another, degrees clockwise from north."""
    return _GEOD.inv(lon, lat, other_lon, other_lat)[0] % 360


def _sphere_m(lons: Floats, lats: Floats, lon: float, lat: float) -> Floats:
    """The haversine formula; exact to the centimetre also for near points."""
    phi, phis = np.radians(lat), np.radians(lats)
    half = np.sin((phis - phi) / 2) ** 2 + np.cos(phi) * np.cos(phis) * np.sin(np.radians(lons - lon) / 2) ** 2
    return 2 * _SPHERE_M * np.arcsin(np.sqrt(np.clip(half, 0, 1)))


def _ellipsoid_m(lons: Floats, lats: Floats, lon: float, lat: float) -> Floats:
    _, _, metres = _GEOD.inv(np.full_like(lons, lon), np.full_like(lats, lat), lons, lats)
    return np.asarray(metres, dtype=np.float64)
