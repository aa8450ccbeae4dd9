"""Which stations a closure affects, against geometry worked out another way."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely import LineString, Polygon

from geodata.conditions.closures import (
    TOLERANCE_M,
    Closure,
    affected_stations,
    closed_line,
)
from geodata.geometry.line import TrailGeometry
from geodata.model.station import Station
from tests.geodata.conditions.moments import utc

GEOD = Geod(ellps="GRS80")


@st.composite
def trails(draw: st.DrawFn) -> LineString:
    """Rings of 1 to 8 km, closed or open, that never come near themselves; somewhere between Spain and Norway."""
    middle = (draw(st.floats(-5, 20)), draw(st.floats(40, 65)))
    radii = draw(st.lists(st.floats(200, 1200), min_size=6, max_size=14))
    closed = draw(st.booleans())
    turn = 360 if closed else 250
    spots = [GEOD.fwd(*middle, turn * i / len(radii), radius)[:2] for i, radius in enumerate(radii)]
    return LineString([*spots, spots[0]] if closed else spots)


def stations_on(geometry: TrailGeometry, shares: list[float]) -> list[Station]:
    alongs = [share * geometry.length_m for share in shares]
    places = [geometry.point_at(along) for along in alongs]
    return [
        Station(code=f"{i}", trail="t", number=i + 1, lon=lon, lat=lat, along_m=along)
        for i, (along, (lon, lat)) in enumerate(zip(alongs, places, strict=True))
    ]


shares = st.lists(st.floats(0, 0.9999), min_size=3, max_size=8, unique=True)


def along_apart(line: LineString, station: Station, closed: set[int], step_m: float, loop: bool) -> float:
    """Metres from a station to the nearest closed step of a walk, counted in steps of the ground."""
    total = len(walk(line, step_m))
    here = round(station.along_m / step_m)
    ways = (abs(here - step) for step in closed)
    return min(min(way, total - way) if loop else way for way in ways) * step_m


def walk(line: LineString, step_m: float) -> list[tuple[float, float]]:
    """Points every ``step_m`` on the ellipsoid, from the line's start to its end."""
    points: list[tuple[float, float]] = []
    carry = 0.0
    for a, b in pairwise(line.coords):
        azimuth, _, length = GEOD.inv(a[0], a[1], b[0], b[1])
        while carry < length:
            points.append(GEOD.fwd(a[0], a[1], azimuth, carry)[:2])
            carry += step_m
        carry -= length
    return points


@given(trails(), shares, st.tuples(st.floats(0, 1), st.floats(0, 1)))
@settings(deadline=None, max_examples=60)
def test_a_stretch_affects_exactly_the_stations_one_meets_walking_it(
    line: LineString, where: list[float], ends: tuple[float, float]
) -> None:
    geometry, step = TrailGeometry(line), 2.0
    stretch = (ends[0] * geometry.length_m, ends[1] * geometry.length_m)
    assume(abs(stretch[0] - stretch[1]) > 5)
    stations = stations_on(geometry, where)
    closure = Closure(trail="t", valid_from=utc("2026-01-01"), stretch=stretch)
    steps = len(walk(line, step))
    first, last = (round(end / step) for end in (stretch if geometry.is_loop else sorted(stretch)))
    if geometry.is_loop:
        closed = {i % steps for i in range(first, last + 1 if last >= first else last + steps + 1)}
    else:
        closed = {min(i, steps - 1) for i in range(first, last + 1)}
    affected = {station.code for station in affected_stations(closure, geometry, stations)}
    for station in stations:
        apart = along_apart(line, station, closed, step, geometry.is_loop)
        if abs(apart - TOLERANCE_M) > 3 * step:  # nearer to the edge than the walk's steps tell
            assert (station.code in affected) == (apart < TOLERANCE_M), (apart, station.along_m, stretch)


@given(trails(), shares, st.floats(0, 1), st.floats(30, 600), st.lists(st.floats(0.4, 1), min_size=5, max_size=9))
@settings(deadline=None, max_examples=60)
def test_an_area_affects_exactly_the_stations_in_it_or_beside_it(
    line: LineString, where: list[float], share: float, size_m: float, radii: list[float]
) -> None:
    geometry = TrailGeometry(line)
    middle = geometry.point_at(share * geometry.length_m)
    corners = [GEOD.fwd(*middle, 360 * i / len(radii), size_m * radius)[:2] for i, radius in enumerate(radii)]
    closure = Closure(trail="t", valid_from=utc("2026-01-01"), area=Polygon(corners))
    stations = stations_on(geometry, where)
    affected = {station.code for station in affected_stations(closure, geometry, stations)}
    border = walk(LineString([*corners, corners[0]]), 2.0)
    for station in stations:
        off = min(GEOD.inv(station.lon, station.lat, point[0], point[1])[2] for point in border)
        inside = winds_around((station.lon, station.lat), corners)
        if inside or abs(off - TOLERANCE_M) > 1.5:
            assert (station.code in affected) == (inside or off < TOLERANCE_M), (inside, off)


def winds_around(point: tuple[float, float], corners: list[tuple[float, float]]) -> bool:
    """Even-odd rule: how many sides a ray to the east crosses."""
    x, y = point
    crossed = 0
    for (ax, ay), (bx, by) in pairwise([*corners, corners[0]]):
        if (ay > y) != (by > y) and x < ax + (y - ay) * (bx - ax) / (by - ay):
            crossed += 1
    return crossed % 2 == 1


def test_the_edge_of_a_wide_area_is_straight_in_degrees_as_geojson_says() -> None:
    geometry = TrailGeometry(LineString([(8.9, 52.0), (8.91, 52.0)]))
    north = [(9.2, 52.1), (8.6, 52.1)]
    for beside_m, is_affected in ((9, True), (12, False)):
        edge = 52.0 + beside_m / 111_200
        area = Polygon([(8.6, edge), (9.2, edge), *north])
        station = Station(code="AAAAAA", trail="t", number=1, lon=8.9, lat=52.0, along_m=0)
        closure = Closure(trail="t", valid_from=utc("2026-01-01"), area=area)
        assert (affected_stations(closure, geometry, [station]) == [station]) is is_affected


def test_a_stretch_across_the_start_of_a_loop_is_one_line_and_affects_both_sides() -> None:
    corners = [(8.9, 52.05), (8.906, 52.05), (8.906, 52.054), (8.9, 52.054), (8.9, 52.05)]
    geometry = TrailGeometry(LineString(corners))
    stations = stations_on(geometry, [0.05, 0.5, 0.95])
    closure = Closure(
        trail="t", valid_from=utc("2026-01-01"), stretch=(0.9 * geometry.length_m, 0.1 * geometry.length_m)
    )
    assert [station.number for station in affected_stations(closure, geometry, stations)] == [1, 3]
    closed = closed_line(closure, geometry, LineString(corners))
    assert isinstance(closed, LineString)
    length = GEOD.line_length([x for x, *_ in closed.coords], [y for _, y, *_ in closed.coords])
    assert length == pytest.approx(0.2 * geometry.length_m, rel=1e-6)


def test_a_stretch_from_the_start_of_a_loop_to_its_end_is_all_of_it() -> None:
    line = LineString([(8.9, 52.05), (8.906, 52.05), (8.906, 52.054), (8.9, 52.054), (8.9, 52.05)])
    geometry = TrailGeometry(line)
    whole = Closure(trail="t", valid_from=utc("2026-01-01"), stretch=(0, geometry.length_m))
    stations = stations_on(geometry, [0, 0.3, 0.7])
    assert affected_stations(whole, geometry, stations) == stations
    assert closed_line(whole, geometry, line).equals(line)


def test_a_retired_station_is_never_affected() -> None:
    geometry = TrailGeometry(LineString([(8.9, 52.05), (8.95, 52.05)]))
    gone = Station(code="x", trail="t", number=1, lon=8.91, lat=52.05, retired_at=utc("2026-01-01"))
    assert affected_stations(Closure(trail="t", valid_from=utc("2026-01-01")), geometry, [gone]) == []
