"""Positions on a line against pyproj's Geod and brute force."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely import LineString

from geodata.errors import InvalidInput
from geodata.geometry.line import TrailGeometry, utm_epsg
from geodata.geometry.map_frame import MapFrame
from geodata.geometry.relief import climb

GEOD = Geod(ellps="GRS80")
LonLat = tuple[float, ...]


@st.composite
def lines(draw: st.DrawFn, heights: bool = False) -> LineString:
    """Wandering lines of 100 m to 10 km, crossing themselves now and then, anywhere people walk."""
    lon, lat = draw(st.floats(-179, 179)), draw(st.floats(-55, 70))
    coords = [(lon, lat)]
    for azimuth, metres in draw(st.lists(st.tuples(st.floats(0, 360), st.floats(20, 400)), min_size=5, max_size=25)):
        lon, lat, _ = GEOD.fwd(*coords[-1], azimuth, metres)
        coords.append((lon, lat))
    assume(max(x for x, _ in coords) - min(x for x, _ in coords) < 1)
    if heights:
        return LineString([(x, y, draw(st.integers(0, 500))) for x, y in coords])
    return LineString(coords)


def length(coords: list[LonLat]) -> float:
    return GEOD.line_length([x for x, _ in coords], [y for _, y in coords])


def apart(a: LonLat, b: LonLat) -> float:
    return GEOD.inv(a[0], a[1], b[0], b[1])[2]


def loop(side_m: float = 400) -> LineString:
    """A square, clockwise from its south-west corner, 100 m at the start and rising 10 m along each side."""
    coords = [(8.9, 52.05)]
    for azimuth in (0, 90, 180):
        lon, lat, _ = GEOD.fwd(*coords[-1], azimuth, side_m)
        coords.append((lon, lat))
    return LineString([(x, y, 100 + 10 * i) for i, (x, y) in enumerate([*coords, coords[0]])])


@given(lines())
@settings(deadline=None)  # a zone met for the first time takes a while
def test_metres_along_are_those_of_the_ellipsoid(line: LineString) -> None:
    geometry = TrailGeometry(line)
    coords = list(line.coords)
    closing = length([coords[-1], coords[0]]) if geometry.is_loop else 0
    assert geometry.length_m == pytest.approx(length(coords) + closing, rel=1e-6)
    walked = length(coords[:4])
    assert apart(geometry.point_at(walked), coords[3]) < 0.5


@given(lines(), st.floats(0, 1), st.floats(0, 360), st.floats(0, 500))
@settings(max_examples=60, deadline=None)
def test_no_point_of_the_line_is_nearer_than_the_one_located(
    line: LineString, share: float, azimuth: float, metres: float
) -> None:
    geometry = TrailGeometry(line)
    lon, lat, _ = GEOD.fwd(*geometry.point_at(share * geometry.length_m), azimuth, metres)
    place = geometry.locate(lon, lat)
    steps = [i * geometry.length_m / 800 for i in range(801)]
    brute = min(apart((lon, lat), geometry.point_at(step)) for step in steps)
    assert place.off_m <= brute + 0.001 * brute + 0.05
    assert apart((lon, lat), geometry.point_at(place.along_m)) == pytest.approx(place.off_m, rel=1e-3, abs=0.1)


@given(lines(), st.floats(0, 1), st.floats(-25, 25))
@settings(deadline=None)  # a zone met for the first time takes a while
def test_who_walks_the_line_is_found_where_expected_although_it_crosses_itself(
    line: LineString, share: float, ahead: float
) -> None:
    geometry = TrailGeometry(line)
    along = share * geometry.length_m
    place = geometry.locate(*geometry.point_at(along), expected_m=along)
    away = abs(place.along_m - along)
    assert min(away, geometry.length_m - away if geometry.is_loop else away) < 0.1
    assert place.off_m < 0.1


def test_a_crossing_belongs_to_the_pass_one_expects() -> None:
    east = GEOD.fwd(8.9, 52.05, 90, 500)[:2]
    south = GEOD.fwd(*GEOD.fwd(8.9, 52.05, 90, 250)[:2], 180, 400)[:2]
    north = GEOD.fwd(*GEOD.fwd(8.9, 52.05, 90, 250)[:2], 0, 400)[:2]
    geometry = TrailGeometry(LineString([(8.9, 52.05), east, south, north]))
    crossing = GEOD.fwd(8.9, 52.05, 90, 250)[:2]
    first, second = geometry.locate(*crossing, expected_m=200), geometry.locate(*crossing, expected_m=1300)
    assert first.along_m == pytest.approx(250, abs=5)
    assert second.along_m > 900
    assert max(first.off_m, second.off_m) < 30


def test_on_an_out_and_back_line_the_way_back_is_told_from_the_way_out() -> None:
    tower = GEOD.fwd(8.9, 52.05, 20, 1000)[:2]
    geometry = TrailGeometry(LineString([(8.9, 52.05), tower, (8.9, 52.05)]))
    lon, lat, _ = GEOD.fwd(*GEOD.fwd(8.9, 52.05, 20, 300)[:2], 110, 12)
    assert geometry.locate(lon, lat, expected_m=250).along_m == pytest.approx(300, abs=0.5)
    assert geometry.locate(lon, lat, expected_m=1600).along_m == pytest.approx(1700, abs=0.5)
    assert geometry.locate(lon, lat).off_m == pytest.approx(12, abs=0.1)


@given(st.floats(0, 1), st.floats(0, 1))
def test_on_a_loop_forward_there_and_forward_back_is_once_round(a: float, b: float) -> None:
    geometry = TrailGeometry(loop())
    a_m, b_m = a * geometry.length_m, b * geometry.length_m
    there, back = geometry.forward_m(a_m, b_m), geometry.forward_m(b_m, a_m)
    assert 0 <= there <= geometry.length_m
    assert (there + back) % geometry.length_m == pytest.approx(0, abs=1e-6) or there + back == pytest.approx(
        geometry.length_m
    )


def test_a_stretch_across_the_start_of_a_loop_is_walked_forward() -> None:
    geometry = TrailGeometry(loop())
    stretch = geometry.stretch(1400, 200)
    assert geometry.is_loop
    assert stretch.distance_m == pytest.approx(400, abs=0.1)
    assert stretch.ascent_m == pytest.approx(10, abs=0.1)  # 135 m at 1400 m up to 140 m, and 100 m up to 105 m
    assert stretch.descent_m == pytest.approx(40, abs=0.1)
    assert stretch.heading_deg == pytest.approx(270, abs=0.1)


def test_off_a_loop_the_way_back_goes_back() -> None:
    line = LineString([*loop().coords][:3])
    geometry = TrailGeometry(line)
    there, back = geometry.stretch(100, 300), geometry.stretch(300, 100)
    assert not geometry.is_loop
    assert (there.distance_m, there.ascent_m) == (pytest.approx(200, abs=0.1), pytest.approx(5, abs=0.1))
    assert (back.distance_m, back.descent_m, back.ascent_m) == (there.distance_m, there.ascent_m, 0)
    assert there.heading_deg == pytest.approx(0, abs=0.1)
    assert back.heading_deg == pytest.approx(180, abs=0.1)
    assert geometry.heading_deg(geometry.length_m) == pytest.approx(90, abs=0.1)
    assert geometry.point_at(-5) == geometry.point_at(0)


def test_the_way_to_the_very_end_never_starts_over() -> None:
    """Start plus distance may end a rounding error beyond the end."""
    beyond = 0
    for i in range(200):
        geometry = TrailGeometry(LineString([(8.9, 52.05, 0), (8.9, 52.053, 50), (8.9, 52.06 + i / 7e4, 100)]))
        for start in (geometry.length_m * share / 16 for share in (1, 3, 5, 7)):
            beyond += start + (geometry.length_m - start) > geometry.length_m
            rise = 100 - (geometry.height_at(start) or 0)
            assert geometry.stretch(start, geometry.length_m).ascent_m == pytest.approx(rise)
    assert beyond


@given(lines(heights=True), st.floats(0, 1), st.floats(0, 1))
@settings(deadline=None)  # a zone met for the first time takes a while
def test_the_part_of_a_line_is_as_long_as_its_stretch_and_never_leaves_the_line(
    line: LineString, a: float, b: float
) -> None:
    geometry = TrailGeometry(line)
    from_m, to_m = a * geometry.length_m, b * geometry.length_m
    part = geometry.part(from_m, to_m)
    coords = [(x, y) for x, y, _ in part.coords]
    assert apart(coords[0], geometry.point_at(from_m)) < 0.01
    assert apart(coords[-1], geometry.point_at(to_m)) < 0.01
    assert length([*coords]) == pytest.approx(geometry.stretch(from_m, to_m).distance_m, rel=1e-5, abs=0.01)
    assert all(geometry.locate(*point).off_m < 0.01 for point in coords)
    assert part.coords[0][2] == pytest.approx(geometry.height_at(from_m), abs=1e-6)


def test_the_part_of_a_loop_across_its_start_is_one_line_through_the_start() -> None:
    geometry = TrailGeometry(loop())
    part = geometry.part(1500, 100)
    start = loop().coords[0]
    assert [apart(point, start) for point in part.coords] == pytest.approx([100, 0, 0, 100], abs=0.1)  # 140 m and 100 m
    around = geometry.part(100, 50)
    assert length([(x, y) for x, y, _ in around.coords]) == pytest.approx(1550, abs=0.1)
    assert geometry.part(30, 30).length == 0


def test_backwards_off_a_loop_the_part_runs_backwards() -> None:
    geometry = TrailGeometry(LineString([*loop().coords][:3]))
    assert list(geometry.part(500, 100).coords) == list(geometry.part(100, 500).coords)[::-1]


def test_a_place_passed_twice_is_found_twice() -> None:
    tower = GEOD.fwd(8.9, 52.05, 20, 1000)[:2]
    geometry = TrailGeometry(LineString([(8.9, 52.05), tower, (8.9, 52.05)]))
    lon, lat, _ = GEOD.fwd(8.9, 52.05, 20, 300)
    assert [place.along_m for place in geometry.places(lon, lat)] == pytest.approx([300, 1700], abs=0.1)


@given(lines(), st.floats(0, 1), st.floats(0, 360), st.floats(0, 15))
@settings(deadline=None)  # a zone met for the first time takes a while
def test_a_noisy_gps_point_is_found_no_further_off_than_its_noise_and_near_where_one_walks(
    line: LineString, share: float, azimuth: float, noise_m: float
) -> None:
    geometry = TrailGeometry(line)
    along = share * geometry.length_m
    lon, lat, _ = GEOD.fwd(*geometry.point_at(along), azimuth, noise_m)
    assert geometry.locate(lon, lat).off_m <= noise_m + 0.1
    place = geometry.locate(lon, lat, expected_m=along)
    assert apart((lon, lat), geometry.point_at(place.along_m)) == pytest.approx(place.off_m, abs=0.1)
    away = min(geometry.forward_m(place.along_m, along), geometry.forward_m(along, place.along_m))
    others = [other.along_m for other in geometry.places(lon, lat)]
    assert away <= min(min(geometry.forward_m(o, along), geometry.forward_m(along, o)) for o in others) + 0.01
    assert any(other.off_m <= noise_m + 0.1 for other in geometry.places(lon, lat))


@given(lines(heights=True), st.floats(0, 1), st.floats(0, 1))
@settings(deadline=None)  # a zone met for the first time takes a while
def test_two_stretches_climb_what_the_whole_climbs_but_for_one_swing(line: LineString, a: float, b: float) -> None:
    geometry = TrailGeometry(line)
    middle, end = sorted((a * geometry.length_m, b * geometry.length_m))
    whole, first, second = geometry.stretch(0, end), geometry.stretch(0, middle), geometry.stretch(middle, end)
    assert first.distance_m + second.distance_m == pytest.approx(whole.distance_m, abs=1e-6) or geometry.is_loop
    if not geometry.is_loop:
        assert (first.ascent_m or 0) + (second.ascent_m or 0) == pytest.approx(whole.ascent_m, abs=9)


@given(lines(heights=True))
@settings(deadline=None)  # a zone met for the first time takes a while
def test_the_profile_runs_from_start_to_end_within_the_heights(line: LineString) -> None:
    geometry = TrailGeometry(line)
    profile = geometry.profile(50)
    heights = [z for _, _, z in line.coords]
    assert len(profile) == 50
    assert profile[0] == (0, heights[0])
    assert profile[-1][0] == geometry.length_m
    assert all(min(heights) <= height <= max(heights) for _, height in profile)
    if not geometry.is_loop:
        assert (geometry.ascent_m, geometry.descent_m) == climb(heights)


def test_a_line_without_heights_says_so_instead_of_zero() -> None:
    geometry = TrailGeometry(LineString([(x, y) for x, y, _ in loop().coords]))
    assert (geometry.ascent_m, geometry.height_at(10), geometry.stretch(0, 10).ascent_m) == (None, None, None)
    assert geometry.profile() == []
    assert geometry.minutes > 0


def test_a_recorded_loop_is_closed_when_its_ends_are_near() -> None:
    coords = list(loop().coords)
    near = GEOD.fwd(coords[0][0], coords[0][1], 90, 20)[:2]
    far = GEOD.fwd(coords[0][0], coords[0][1], 90, 60)[:2]
    assert TrailGeometry(LineString([*[c[:2] for c in coords[:-1]], near])).length_m == pytest.approx(1600, abs=1)
    assert not TrailGeometry(LineString([*[c[:2] for c in coords[:-1]], far])).is_loop


@pytest.mark.parametrize(
    "line", [LineString(), LineString([(8.9, 52), (8.9, 52)]), LineString([(8.9, 52), (math.inf, 52)])]
)
def test_a_line_without_length_or_place_is_refused(line: LineString) -> None:
    with pytest.raises(InvalidInput, match="line is"):
        TrailGeometry(line)


def test_a_point_without_a_place_on_earth_is_refused() -> None:
    with pytest.raises(InvalidInput, match="lon, lat"):
        TrailGeometry(loop()).locate(math.inf, 52)


def test_lemgo_lies_in_epsg_25832_and_other_places_in_theirs() -> None:
    assert utm_epsg(8.917, 52.05) == 25832
    assert utm_epsg(13.4, 52.5) == 25833
    assert utm_epsg(-58.4, -34.6) == 32721
    assert utm_epsg(180, 10) == 32660


@given(lines())
@settings(deadline=None)  # a zone met for the first time takes a while
def test_a_map_keeps_shapes_and_stays_in_its_frame(line: LineString) -> None:
    coords = [(x, y) for x, y in line.coords]
    frame = MapFrame.around(coords, size=1000, margin=40)
    drawn = [frame.xy(*point) for point in coords]
    assert max(frame.width, frame.height) == pytest.approx(1000)
    assert all(39 <= x <= frame.width - 39 and 39 <= y <= frame.height - 39 for x, y in drawn)
    metres, units = apart(coords[0], coords[1]), math.dist(drawn[0], drawn[1])
    north_m = apart((coords[0][0], coords[0][1]), (coords[0][0], coords[0][1] + 0.001))
    assert units == pytest.approx(metres / north_m * 0.001 * frame.scale, rel=0.02, abs=0.2)
    assert (coords[1][1] > coords[0][1] + 1e-4) <= (drawn[1][1] < drawn[0][1])
    assert frame.path(line).startswith("M")


def test_a_map_of_one_point_has_it_in_the_middle() -> None:
    frame = MapFrame.around([(8.9, 52.05)], size=100)
    assert frame.xy(8.9, 52.05) == (50, 50)
    assert frame.view_box == "0 0 100 100"
