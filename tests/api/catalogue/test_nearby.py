"""Distances against the geodesics of pyproj, everywhere on the Earth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from api.catalogue.nearby import Points, nearest

LONLAT = st.tuples(st.floats(-180, 180), st.floats(-90, 90))
CLOSE = st.tuples(st.floats(8.8, 9.1), st.floats(51.9, 52.2))


def brute_force(points: list[tuple[float, float]], lon: float, lat: float) -> list[float]:
    return [Geod(ellps="WGS84").inv(lon, lat, *point)[2] for point in points]


@given(
    points=st.lists(LONLAT | CLOSE, min_size=1, max_size=40),
    centre=LONLAT | CLOSE,
    limit=st.integers(1, 50),
    radius=st.none() | st.floats(1, 2e7),
)
@settings(deadline=None, max_examples=300)
def test_the_nearest_are_those_of_brute_force(
    points: list[tuple[float, float]], centre: tuple[float, float], limit: int, radius: float | None
) -> None:
    lons, lats = np.array([p[0] for p in points]), np.array([p[1] for p in points])
    matched, found = nearest(Points.of(lons, lats), *centre, radius_m=radius, limit=limit)
    expected = sorted(metres for metres in brute_force(points, *centre) if radius is None or metres <= radius)
    assert matched == len(expected)
    assert [metres for _, metres in found] == pytest.approx(expected[:limit], rel=1e-9, abs=1e-6)
    assert [brute_force([points[i]], *centre)[0] for i, _ in found] == pytest.approx(expected[:limit], abs=1e-6)


def test_the_sphere_does_not_decide_between_points_that_are_nearly_as_far() -> None:
    geod = Geod(ellps="WGS84")
    north, east = geod.fwd(8.9, 52, 0, 10_000), geod.fwd(8.9, 52, 90, 10_020)  # for the sphere the eastern is nearer
    lons, lats = np.array([east[0], north[0]]), np.array([east[1], north[1]])
    assert [index for index, _ in nearest(Points.of(lons, lats), 8.9, 52, radius_m=None, limit=1)[1]] == [1]
    assert nearest(Points.of(lons, lats), 8.9, 52, radius_m=10_010, limit=5)[0] == 1


def test_no_points_are_no_error() -> None:
    assert nearest(Points.of([], []), 0, 0, radius_m=None, limit=5) == (0, [])
