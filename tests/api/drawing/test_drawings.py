"""Map, profile, small lines and Markdown."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.drawing import map as trail_map
from api.drawing import profile, sparkline
from api.webapp.markdown import to_html
from geodata.bundle.folder import bundled
from geodata.geometry.line import TrailGeometry
from geodata.model.observation import Bucket

NOW = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)
TRAIL = bundled()
GEOMETRY = TrailGeometry(TRAIL.trail.line)
ROOM = (360.0, 360.0)


def _hours(means: dict[int, float]) -> list[Bucket]:
    """Hours ago to mean."""
    return [
        Bucket(
            start=NOW.replace(minute=0) - timedelta(hours=ago), count=1, mean=m, minimum=m, maximum=m, first=m, last=m
        )
        for ago, m in means.items()
    ]


@given(st.lists(st.tuples(st.floats(0, 360), st.floats(0, 360)), max_size=12))
def test_plates_end_up_apart_and_within_the_map(places: list[tuple[float, float]]):
    plates = trail_map.spread(tuple(places), ROOM)
    assert len(plates) == len(places)
    assert all(0 <= x <= 360 and 0 <= y <= 360 for x, y in plates)
    if len(places) <= 6:
        assert all(math.dist(a, b) >= trail_map.PLATE * 0.85 for a, b in combinations(plates, 2))


def test_the_plates_of_two_hundred_stations_are_spread_once_for_all_pages_and_with_an_end(
    monkeypatch: pytest.MonkeyPatch,
):
    looks, push_apart = list[int](), trail_map._push_apart  # pyright: ignore[reportPrivateUsage]

    def counted(at: list[list[float]], room: tuple[float, float]) -> bool:
        looks.append(len(at) * (len(at) - 1) // 2)
        return push_apart(at, room)

    monkeypatch.setattr(trail_map, "_push_apart", counted)
    one = TRAIL.stations[0]
    stations = [replace(one, number=number, lon=one.lon + number / 1e7) for number in range(1, 201)]
    first = trail_map.draw(GEOMETRY, TRAIL.trail.line, stations)
    assert 0 < sum(looks) < 500_000
    looks.clear()
    assert trail_map.draw(GEOMETRY, TRAIL.trail.line, stations).plates == first.plates
    assert looks == []


def test_the_demonstration_trail_has_room_for_all_its_plates():
    drawn = trail_map.draw(GEOMETRY, TRAIL.trail.line, TRAIL.stations)
    nearest = min(math.dist((a.x, a.y), (b.x, b.y)) for a, b in combinations(drawn.plates, 2))
    assert nearest >= 44 / 288 * 360 * 0.9  # on a phone of 320 px the map is 288 px wide
    assert drawn.path.startswith("M")
    assert drawn.bar_m == 200


def test_the_scale_bar_is_as_long_as_it_says():
    drawn = trail_map.draw(GEOMETRY, TRAIL.trail.line, TRAIL.stations)
    first, last = TRAIL.stations[0], TRAIL.stations[5]
    shown = math.dist((drawn.plates[0].at_x, drawn.plates[0].at_y), (drawn.plates[5].at_x, drawn.plates[5].at_y))
    east = (last.lon - first.lon) * 111_320 * math.cos(math.radians(first.lat))
    north = (last.lat - first.lat) * 111_320
    assert shown / drawn.bar_units * drawn.bar_m == pytest.approx(math.hypot(east, north), rel=0.01)


def test_the_profile_marks_each_station_at_its_height():
    drawn = profile.draw(GEOMETRY, TRAIL.stations)
    assert drawn is not None
    assert [mark.number for mark in drawn.marks] == list(range(1, 11))
    highest = max(drawn.marks, key=lambda mark: mark.height_m)
    assert min(drawn.marks, key=lambda mark: mark.y) == highest


def test_a_line_without_geometry_has_a_map_but_no_profile():
    assert trail_map.draw(None, TRAIL.trail.line, TRAIL.stations).arrows == ()
    assert profile.draw(None, TRAIL.stations) is None


def test_an_hour_without_data_is_a_gap_in_the_line():
    line = sparkline.draw(_hours({ago: float(ago) for ago in range(24) if ago not in {5, 6}}), NOW)
    assert line is not None
    assert line.path.count("M") == 2
    assert line.gaps == 2


def test_an_hour_that_stands_alone_is_a_dot():
    line = sparkline.draw(_hours({0: 1.0, 1: 2.0, 10: 3.0}), NOW)
    assert line is not None
    assert len(line.dots) == 1
    assert (line.minimum, line.maximum) == (1.0, 3.0)


@pytest.mark.parametrize("means", [{}, {3: 1.0}, {30: 1.0, 40: 2.0}])
def test_less_than_two_hours_make_no_line(means: dict[int, float]):
    assert sparkline.draw(_hours(means), NOW) is None


def test_suspect_hours_are_gaps_too():
    hour = Bucket(
        start=NOW.replace(minute=0), count=0, mean=None, minimum=None, maximum=None, first=None, last=None, suspect=4
    )
    line = sparkline.draw([*_hours({1: 1.0, 2: 2.0}), hour], NOW)
    assert line is not None
    assert line.gaps == 22


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "![x](https://example.org/track.png)",
        "<img src=x onerror=alert(1)>",
        '[x](https://example.org/ "a" onclick=alert(1))',
        "<style>body{}</style>",
        "[x](data:text/html,<script>alert(1)</script>)",
    ],
)
def test_no_text_of_an_editor_becomes_code(text: str):
    html = to_html(text).lower()
    for forbidden in ("<script", "<img", "<style", 'href="javascript', 'href="data', "<a onclick"):
        assert forbidden not in html


def test_headings_of_a_text_stand_below_the_page_title():
    assert to_html("# Eins\n\n##### Fünf") == "<h2>Eins</h2>\n<h4>Fünf</h4>\n"


def test_lines_of_plain_language_stay_lines():
    assert to_html("Ein Satz.\nNoch ein Satz.") == "<p>Ein Satz.<br>\nNoch ein Satz.</p>\n"
