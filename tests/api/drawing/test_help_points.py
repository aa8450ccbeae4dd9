"""Rescue points on the drawn map: beside the numbers, never under or over them."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from api.drawing import help_points
from api.drawing import map as trail_map
from geodata.bundle.folder import bundled
from geodata.geometry.line import TrailGeometry

TRAIL = bundled()
ROOM = (360.0, 300.0)
places = st.tuples(st.floats(0, 360), st.floats(0, 300))


def apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    return max(abs(one[0] - other[0]), abs(one[1] - other[1]))


@given(st.lists(places, max_size=12), st.lists(places, max_size=12))
def test_no_sign_reaches_into_a_number_another_sign_or_off_the_map(
    plates: list[tuple[float, float]], points: list[tuple[float, float]]
) -> None:
    signs = help_points.place([(str(i), *point) for i, point in enumerate(points)], plates, ROOM)
    at = [(sign.x, sign.y) for sign in signs]
    assert all(apart(one, plate) >= 17 + help_points.SIGN / 2 for one in at for plate in plates)
    assert all(apart(one, other) >= help_points.SIGN for one, other in combinations(at, 2))
    assert all(12 <= x <= ROOM[0] - 12 and 12 <= y <= ROOM[1] - 12 for x, y in at)
    assert all(sign.is_moved == ((sign.x, sign.y) != points[int(sign.name)]) for sign in signs)


def test_where_there_is_room_a_sign_stands_at_its_place() -> None:
    (sign,) = help_points.place([("LIP-1", 100, 100)], [(200, 200)], ROOM)
    assert (sign.x, sign.y, sign.is_moved) == (100, 100, False)
    (aside,) = help_points.place([("LIP-1", 100, 100)], [(100, 100)], ROOM)
    assert aside.is_moved


def test_the_demonstration_trail_shows_all_its_rescue_points_and_pages_without_places_none() -> None:
    geometry = TrailGeometry(TRAIL.trail.line)
    drawn = trail_map.draw(geometry, TRAIL.trail.line, TRAIL.stations, (), TRAIL.places)
    assert [one.name for one in drawn.helps] == [f"DEMO-{i}" for i in range(1, 6)]
    assert trail_map.draw(geometry, TRAIL.trail.line, TRAIL.stations).helps == ()
