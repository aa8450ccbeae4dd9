"""Which stored place one of a file is; importing twice the same changes nothing, and no place is lost on the way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString

from geodata.facts import changes
from geodata.facts.changes import Fate
from geodata.findings.trail_file import Findings, Refused
from geodata.geometry.line import TrailGeometry
from geodata.model.place import Place, PlaceKind
from geodata.model.section import Passable, Section, Surface
from geodata.model.trail import Trail
from geodata.trailfiles.draft.records import Draft
from geodata.trailfiles.plan import facts
from geodata.trailfiles.plan.facts import FactsPlan, StoredFacts
from tests.geodata.trailfiles.geofiles import EASTWARDS, station

THERE_AND_BACK = [*EASTWARDS, *EASTWARDS[-2::-1]]
TRAIL = Trail(slug="weg", municipality="kalletal", line=LineString(THERE_AND_BACK), licence="CC0-1.0")
GEOMETRY = TrailGeometry(TRAIL.line)
BENCH = Place(trail="", kind=PlaceKind.BENCH, lon=station(300).x, lat=station(300).y, along_m=-1.0)
RESCUE = replace(BENCH, kind=PlaceKind.RESCUE_POINT, name="LIP-1")

PLACES = st.lists(
    st.builds(
        lambda kind, metres, off, name, note, wheelchair, along: Place(
            trail="", kind=kind, lon=station(metres, off).x, lat=station(metres, off).y,
            name=name, note=note, wheelchair=wheelchair, along_m=along,
        ),
        st.sampled_from([PlaceKind.BENCH, PlaceKind.RESCUE_POINT, PlaceKind.ROAD_ACCESS]),
        st.sampled_from([100, 101, 110, 120, 180, 900, 1600]),
        st.sampled_from([5, 5.004, 9, 3500]),
        st.sampled_from(["", "A", "B", "a"]),
        st.sampled_from(["", "x", "y"]),
        st.sampled_from([None, Passable.YES, Passable.NO]),
        st.sampled_from([-1.0, 100.0, 3000.0]),
    ),
    max_size=8,
)  # fmt: skip


def stretch(
    from_m: float,
    to_m: float,
    surface: Surface | None = None,
    wheelchair: Passable | None = None,
    steps: int | None = None,
) -> Section:
    return Section(trail="weg", from_m=from_m, to_m=to_m, surface=surface, wheelchair=wheelchair, steps=steps)


def plan(
    places: list[Place],
    stored: StoredFacts,
    sections: tuple[Section, ...] = (),
    *,
    only_file: bool = False,
    findings: Findings | None = None,
) -> FactsPlan:
    draft = Draft(file="weg.gpx", line=TRAIL.line, places=tuple(places), sections=sections)
    return facts.make(draft, TRAIL, TRAIL, GEOMETRY, stored, findings or Findings(), only_file=only_file)


def after(made: FactsPlan) -> StoredFacts:
    return StoredFacts(made.places, made.sections)


def rescue_points(places: Iterable[Place]) -> set[str]:
    """What is read out to 112, in small letters."""
    return {place.name.lower() for place in places if place.kind is PlaceKind.RESCUE_POINT}


def fates(made: FactsPlan) -> list[str]:
    return [step.fate.value for step in made.place_steps]


@given(PLACES, PLACES, st.booleans())
@settings(deadline=None, max_examples=300)
def test_the_same_places_again_change_nothing_whatever_was_stored_before(
    first: list[Place], second: list[Place], only_file: bool
) -> None:
    stored = after(plan(first, StoredFacts()))
    once = after(plan(second, stored, only_file=only_file and bool(second)))
    again = plan(second, once, only_file=only_file and bool(second))
    assert not again.places_change
    assert set(fates(again)) <= {"unchanged", "kept"}
    assert again.places == once.places


@given(PLACES, PLACES)
@settings(deadline=None, max_examples=300)
def test_no_stored_place_is_lost_unless_that_is_asked_for(first: list[Place], second: list[Place]) -> None:
    stored = after(plan(first, StoredFacts()))
    made = plan(second, stored)
    assert "removed" not in fates(made)
    assert len(made.places) >= len(stored.places)
    assert rescue_points(stored.places) <= rescue_points(made.places)


def test_a_file_without_any_place_keeps_all_and_tells_of_none() -> None:
    stored, findings = after(plan([BENCH, RESCUE], StoredFacts())), Findings()
    made = plan([], stored, findings=findings)
    assert made.places == stored.places
    assert not made.places_change
    assert findings.found == []


def test_what_a_file_lacks_stays_and_is_named() -> None:
    stored, findings = after(plan([BENCH, RESCUE], StoredFacts())), Findings()
    made = plan([replace(BENCH, note="Mit Lehne")], stored, findings=findings)
    assert sorted(fates(made)) == ["changed", "kept"]
    assert [place.note for place in made.places] == ["Mit Lehne", ""]
    (finding,) = findings.found
    assert "1 of them: rescue point LIP-1. replace-facts takes them away" in str(finding)


def test_what_a_file_does_not_say_of_a_place_is_kept() -> None:
    known = replace(BENCH, name="Ruhebank", note="Mit Lehne", wheelchair=Passable.YES)
    (place,) = plan([BENCH], after(plan([known], StoredFacts()))).places
    assert (place.name, place.note, place.wheelchair) == ("Ruhebank", "Mit Lehne", Passable.YES)


def test_a_rescue_point_is_its_name_however_far_it_moves_and_never_another() -> None:
    stored = after(plan([RESCUE], StoredFacts()))
    far = replace(RESCUE, lon=station(1500).x, name="lip 1")
    made = plan([far], stored)
    assert [(step.fate, round(step.moved_m or 0, -1)) for step in made.place_steps] == [(Fate.CHANGED, 1200)]
    beside = plan([replace(RESCUE, name="LIP-2")], stored)
    assert sorted(fates(beside)) == ["kept", "new"]


def test_benches_side_by_side_are_moved_a_little_and_none_is_doubled() -> None:
    first = [replace(BENCH, lon=station(metres).x) for metres in (100, 110, 120)]
    second = [replace(BENCH, lon=station(metres).x) for metres in (102, 112, 122)]
    assert fates(plan(second, after(plan(first, StoredFacts())))) == ["changed"] * 3


def test_places_go_when_that_is_asked_for_and_a_file_without_facts_takes_nothing_away() -> None:
    stored, findings = after(plan([BENCH, RESCUE], StoredFacts())), Findings()
    made = plan([BENCH], stored, only_file=True, findings=findings)
    assert [place.kind for place in made.places] == [PlaceKind.BENCH]
    (finding,) = findings.found
    assert (finding.severity, finding.reason) == ("warning", "places-removed")
    assert "rescue point LIP-1" in str(finding)
    with pytest.raises(Refused, match="would take all away"):
        plan([], stored, only_file=True)


def test_a_stored_place_far_off_a_new_line_stays_with_a_warning() -> None:
    away = replace(RESCUE, lat=RESCUE.lat + 0.05, trail="weg", along_m=0.0)
    findings = Findings()
    made = plan([], StoredFacts((away,)), findings=findings)
    assert [place.name for place in made.places] == ["LIP-1"]
    assert [finding.reason for finding in findings.found] == ["place-too-far-off"]


def test_stretches_of_a_file_that_say_less_leave_the_stored_ones() -> None:
    stored = StoredFacts(
        (), (stretch(0, 100, surface=Surface.GRAVEL, wheelchair=Passable.NO), stretch(100, 106, steps=12))
    )
    less, findings = (stretch(0, 400, surface=Surface.EARTH),), Findings()
    made = plan([], stored, less, findings=findings)
    assert (made.sections, made.sections_change, made.stretches.fate) == (stored.sections, False, Fate.KEPT)
    (finding,) = findings.found
    assert "nothing of steps, wheelchair." in str(finding)
    forced = plan([], stored, less, only_file=True)
    assert (forced.sections, forced.stretches.before, forced.stretches.after) == (less, 2, 1)
    more = (stretch(0, 400, surface=Surface.EARTH, wheelchair=Passable.LIMITED, steps=0),)
    assert plan([], stored, more).sections == more


def test_a_table_is_the_whole_list_and_its_empty_cells_count() -> None:
    stored = after(plan([replace(BENCH, note="Mit Lehne"), RESCUE], StoredFacts())).places
    bench = next(place for place in stored if place.kind is PlaceKind.BENCH)
    made = changes.of_table([replace(bench, note="")], stored)
    assert {step.place.kind: step.fate for step in made} == {
        PlaceKind.BENCH: Fate.CHANGED,
        PlaceKind.RESCUE_POINT: Fate.REMOVED,
    }
    assert [place.note for place in changes.result(made)] == [""]


def test_a_place_that_stands_twice_in_a_file_counts_once_and_is_told() -> None:
    findings = Findings()
    named = replace(BENCH, name="Ruhebank")
    made = plan([BENCH, replace(named, along_m=3000.0), named, RESCUE], StoredFacts(), findings=findings)
    assert sorted(place.name for place in made.places) == ["LIP-1", "Ruhebank"]
    assert [finding.reason for finding in findings.found] == ["place-twice"]
