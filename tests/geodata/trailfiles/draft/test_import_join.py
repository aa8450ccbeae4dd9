"""Parts joined to one line: cut, shuffled and turned round, they come together again."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.findings.trail_file import Findings, Refused
from geodata.trailfiles.draft.assembly import Vertex, join
from tests.geodata.trailfiles.geofiles import START, walk


@st.composite
def ways(draw: st.DrawFn) -> list[Vertex]:
    """A way of 4 to 20 legs of 100 to 300 m that wanders, crosses itself and now and then ends where it began."""
    legs = draw(st.lists(st.tuples(st.floats(0, 360), st.floats(100, 300)), min_size=4, max_size=20))
    places = walk(*legs)
    if draw(st.booleans()):
        places.append(START)
    return [(lon, lat, float(i)) for i, (lon, lat) in enumerate(places)]


def segments(line: list[Vertex]) -> list[frozenset[tuple[float, float]]]:
    return sorted((frozenset((a[:2], b[:2])) for a, b in pairwise(line)), key=sorted)


@given(ways(), st.data())
@settings(deadline=None, max_examples=200)
def test_a_way_cut_into_parts_shuffled_and_turned_comes_together_again(way: list[Vertex], data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(1, len(way) - 2), max_size=5)))
    bounds = [0, *cuts, len(way) - 1]
    parts = [way[a : b + 1] for a, b in pairwise(bounds)]
    turned = [part[::-1] if data.draw(st.booleans()) else part for part in parts]
    line = join(data.draw(st.permutations(turned)), 0.01, Findings())
    assert segments(line) == segments(way)


@given(ways(), st.floats(0.1, 14), st.integers(1, 100))
@settings(deadline=None)
def test_parts_in_the_files_order_stay_in_it_although_their_ends_miss_each_other(
    way: list[Vertex], miss_m: float, at: int
) -> None:
    cut = 1 + at % (len(way) - 2)
    lon, lat = walk((45, miss_m), start=way[cut][:2])[1]
    assert join([way[: cut + 1], [(lon, lat, 0.0), *way[cut + 1 :]]], 15, Findings()) == [
        *way[: cut + 1], (lon, lat, 0.0), *way[cut + 1 :]
    ]  # fmt: skip


@given(st.floats(16, 2000), st.booleans())
@settings(deadline=None)
def test_a_gap_wider_than_the_tolerance_is_refused_with_its_width(gap_m: float, turned: bool) -> None:
    places = [(lon, lat, 0.0) for lon, lat in walk((90, 5000), (90, gap_m), (90, 5000))]
    second = places[2:][::-1] if turned else places[2:]
    with pytest.raises(Refused) as caught:
        join([places[:2], second], 15, Findings())
    told = re.search(r"a gap of (\d+) m", str(caught.value))
    assert told
    assert float(told[1]) == pytest.approx(gap_m, abs=0.51)
    assert caught.value.finding.at == pytest.approx(places[1][:2])


def test_parts_are_walked_in_the_direction_most_of_them_were_drawn() -> None:
    way = [(lon, lat, 0.0) for lon, lat in walk((90, 100), (90, 500), (90, 500))]
    line = join([way[1::-1], way[2:], way[1:3]], 1, Findings())
    assert line == way


def test_a_part_drawn_there_and_back_is_walked_twice() -> None:
    fork, tower, west, east = START, walk((0, 300))[1], walk((270, 300))[1], walk((90, 300))[1]
    parts = [[(*a, 0.0), (*b, 0.0)] for a, b in [(west, fork), (fork, tower), (fork, east), (tower, fork)]]
    line = [vertex[:2] for vertex in join(parts, 1, Findings())]
    assert line == [west, fork, tower, fork, east]
