"""Tables of places and stretches: read as people write them, and all that is wrong told at once."""

from __future__ import annotations

import json

import pytest

from geodata.bundle.folder import bundled
from geodata.facts import places, sections, tables
from geodata.findings.content import TextFindings
from geodata.geometry.line import TrailGeometry
from geodata.model.place import Place, PlaceKind
from geodata.model.section import Passable, Section, Surface

BUNDLE = bundled()
GEOMETRY = TrailGeometry(BUNDLE.trail.line)


def read_places(text: str) -> tuple[tuple[Place, ...], list[str]]:
    findings = TextFindings()
    found = places.read("places.csv", text, "stadtwald", GEOMETRY, findings)
    return found, [str(finding) for finding in findings.found]


def read_sections(text: str) -> tuple[tuple[Section, ...], list[str]]:
    findings = TextFindings()
    found = sections.read("sections.csv", text, "stadtwald", GEOMETRY.length_m, findings)
    return found, [str(finding) for finding in findings.found]


def test_a_german_table_with_semicolons_and_decimal_commas_is_understood() -> None:
    found, wrong = read_places(
        "Art;Name;Länge;Breite;Rollstuhl\n"
        "Bushaltestelle;Waldhof;8,905;52,046;ja\n"
        "WC;;8,9049;52,0471;unbekannt\n"
        "Bänke;;8,9068;52,0499;\n"
    )
    assert wrong == []
    assert [(place.kind, place.name, place.wheelchair) for place in found] == [
        (PlaceKind.TOILET, "", None),
        (PlaceKind.BENCH, "", None),
        (PlaceKind.BUS_STOP, "Waldhof", Passable.YES),
    ]
    assert [round(place.along_m) for place in found] == sorted(round(place.along_m) for place in found)
    assert all(0 < place.off_m < 120 for place in found)


def test_every_fault_of_a_table_is_told_with_its_line_and_the_rest_is_read() -> None:
    found, wrong = read_places(
        "kind,name,lon,lat,wheelchair\n"
        "toilete,,8.905,52.046,\n"
        "bench,,8.905,,\n"
        "bench,,52.046,8.905,\n"
        "rescue_point,,8.905,52.047,\n"
        "parking,P,8.905,52.047,vielleicht\n"
        "bench,,8.905,52.047,\n"
    )
    assert [place.kind for place in found] == [PlaceKind.BENCH]
    assert len(wrong) == 5
    for number, (line, sentence) in enumerate(zip((2, 3, 4, 5, 6), wrong, strict=True)):
        assert f"line {line}" in sentence, number
    assert "toilete" in wrong[0]
    assert "bus_stop" in wrong[0]
    assert "off the trail" in wrong[2]
    assert "LIP-1234" in wrong[3]


def test_a_column_that_nobody_knows_is_told_with_the_one_that_was_meant() -> None:
    _, wrong = read_places("knid,lon,lat\nbench,8.905,52.047\n")
    assert any("Did you mean kind?" in sentence for sentence in wrong)


def test_json_is_read_as_the_same_places() -> None:
    rows = [{"kind": "bench", "lon": 8.905, "lat": 52.047, "wheelchair": True}]
    found, wrong = read_places(json.dumps(rows))
    assert wrong == []
    assert found[0].wheelchair is Passable.YES


@pytest.mark.parametrize("text", ["", "[{]", 'kind;lon\n"bench;8.9\n', "[" * 100_000, "kind,lon,lat\n1,2,3,4,5\n"])
def test_what_is_no_table_is_refused_with_a_sentence(text: str) -> None:
    found, wrong = read_places(text)
    assert found == ()
    assert wrong


def test_what_is_written_is_read_back_the_same() -> None:
    assert read_places(places.write(BUNDLE.places, "erfunden")) == (BUNDLE.places, [])
    assert read_sections(sections.write(BUNDLE.sections, "erfunden")) == (BUNDLE.sections, [])


def test_what_is_not_said_of_a_stretch_stays_unknown() -> None:
    found, wrong = read_sections("von;bis;belag;stufen;kinderwagen\n0;100;Schotter;?;\n100;200 m;unbekannt;0;ja\n")
    assert wrong == []
    assert found == (
        Section(trail="stadtwald", from_m=0, to_m=100, surface=Surface.GRAVEL),
        Section(trail="stadtwald", from_m=100, to_m=200, steps=0, pram=Passable.YES),
    )


def test_stretches_that_overlap_end_before_they_begin_or_leave_the_line_are_refused() -> None:
    found, wrong = read_sections(
        "from_m,to_m,surface\n0,500,gravel\n400,600,earth\n700,650,earth\n4000,9000,earth\n800,900,lava\n"
    )
    assert [(section.from_m, section.to_m) for section in found] == [(0, 500)]
    assert len(wrong) == 4


def test_a_last_stretch_may_end_a_little_beyond_the_line() -> None:
    found, wrong = read_sections(f"from_m,to_m\n4000,{GEOMETRY.length_m + 20}\n")
    assert wrong == []
    assert found[0].to_m == GEOMETRY.length_m


def test_two_tables_of_one_sort_are_refused() -> None:
    findings = TextFindings()
    tables.read({"places.csv": "kind,lon,lat\n", "orte.csv": "kind,lon,lat\n"}, "trail", "t", GEOMETRY, findings)
    assert [finding.reason for finding in findings.found] == ["two-tables"]


def test_the_demonstration_says_of_its_facts_that_they_are_invented() -> None:
    rescue_points = [place for place in BUNDLE.places if place.kind is PlaceKind.RESCUE_POINT]
    assert rescue_points
    for point in rescue_points:
        assert point.name.startswith("DEMO")
        assert "kein echter" in point.note
    assert not BUNDLE.trail.surveyed
    assert {place.kind for place in BUNDLE.places} >= {
        PlaceKind.TOILET,
        PlaceKind.BENCH,
        PlaceKind.BUS_STOP,
        PlaceKind.PARKING,
        PlaceKind.ROAD_ACCESS,
    }
    assert any(section.wheelchair is None for section in BUNDLE.sections)
