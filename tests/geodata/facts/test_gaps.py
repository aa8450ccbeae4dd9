"""What a trail lacks: rescue points in reach of its stations first."""

from __future__ import annotations

from dataclasses import replace

from geodata.bundle.folder import bundled
from geodata.facts import gaps
from geodata.model.place import PlaceKind

DEMO = bundled()


def test_the_demonstration_lacks_nothing() -> None:
    assert gaps.rescue_points(DEMO.places, DEMO.stations) == []
    assert gaps.others(DEMO.places, DEMO.sections, DEMO.trail.direction) == []


def test_a_licence_without_the_name_it_asks_for_is_a_gap() -> None:
    (gap,) = gaps.attribution(replace(DEMO.trail, licence="CC-BY-4.0", attribution=""))
    assert str(gap) == "nobody to name for its licence CC-BY-4.0"
    assert gaps.attribution(replace(DEMO.trail, licence="CC-BY-4.0", attribution="Stadt Lemgo")) == []
    assert gaps.attribution(replace(DEMO.trail, licence="CC0-1.0", attribution="")) == []


def test_stations_from_which_no_rescue_point_is_in_reach_are_named() -> None:
    only_first = [place for place in DEMO.places if place.name == "DEMO-1"]
    (gap,) = gaps.rescue_points(only_first, DEMO.stations)
    assert "stations" in gap
    assert "6" in gap
    assert " 1," not in gap


def test_a_trail_without_facts_is_told_of_all_of_them() -> None:
    assert [str(gap) for gap in gaps.rescue_points([], DEMO.stations)] == ["no rescue point"]
    assert len(gaps.others([], [], None)) == 3
    assert not [place for place in DEMO.places if place.kind is PlaceKind.FOOD]
