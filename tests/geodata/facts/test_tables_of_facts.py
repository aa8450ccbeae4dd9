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


@pytest.mark.parametrize(
    ("row", "column"),
    [("bench;A;?;52,0516", "lon"), ("bench;A;8,9168;unbekannt", "lat"), ("–;A;8,9168;52,0516", "kind")],
)
def test_a_place_of_which_nobody_knows_where_or_what_it_is_is_told_and_not_dropped(row: str, column: str) -> None:
    found, wrong = read_places(f"kind;name;lon;lat\n{row}\n")
    assert found == ()
    assert len(wrong) == 1
    assert f"{column} in places.csv, line 2" in wrong[0]


def test_a_stretch_whose_beginning_nobody_knows_does_not_begin_at_the_start() -> None:
    found, wrong = read_sections("from_m;to_m;surface\n?;800;Asphalt\n")
    assert found == ()
    assert "from_m in sections.csv, line 2 is '?'" in wrong[0]


@pytest.mark.parametrize("rows", ["0;0,8\n0,8;4,9\n", "0;1.200\n1.200;4.872\n"], ids=["km", "thousands with a dot"])
@pytest.mark.parametrize("length_m", [GEOMETRY.length_m, float("inf")], ids=["import", "check without the line"])
def test_stretches_in_kilometres_are_not_taken_for_the_first_metres(rows: str, length_m: float) -> None:
    findings = TextFindings()
    assert sections.read("sections.csv", "from_m;to_m\n" + rows, "stadtwald", length_m, findings) == ()
    assert "1.2 km are 1200 m" in str(findings.found[0])


def test_a_unit_that_is_not_the_columns_is_refused_and_its_own_is_read() -> None:
    found, wrong = read_sections("von;bis;breite_cm;stufen\n0 m;100 m;120 cm;3\n100;200;2 m;\n200;300;;12 m\n")
    assert [section.width_cm for section in found] == [120]
    assert ["'2 m'" in wrong[0], "'12 m'" in wrong[1]] == [True, True]


def test_a_bound_that_is_not_known_is_not_said_to_be_infinite() -> None:
    findings = TextFindings()
    sections.read("sections.csv", "from_m;to_m\nabc;9\n", "stadtwald", float("inf"), findings)
    assert "a number of at least 0" in str(findings.found[0])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("rescue_point;LIP-1;8,9168;52,0516", "rescue_point;lip 1;8,9100;52,0500"),
        ("rescue_point;LIP-1;8,9168;52,0516", "rescue_point;LIP-1;8,9168;52,0516"),
        ("bench;;8,9168;52,0516", "Bank;;8,9168;52,0516"),
    ],
    ids=["one name at two places", "the same line", "a place without a name"],
)
def test_a_place_that_stands_there_twice_is_refused(first: str, second: str) -> None:
    found, wrong = read_places(f"kind;name;lon;lat\n{first}\n{second}\n")
    assert len(found) == 1
    assert "line 3" in wrong[0]
    assert "each place once: it stands in places.csv, line 2" in wrong[0]


def test_two_benches_side_by_side_are_two() -> None:
    found, wrong = read_places("kind;name;lon;lat\nbench;;8,9168;52,0516\nbench;;8,9169;52,0516\n")
    assert (len(found), wrong) == (2, [])


def test_a_name_that_nobody_can_see_is_none() -> None:
    _, wrong = read_places("kind;name;lon;lat\nrescue_point;\u200b;8,9168;52,0516\n")
    assert "what stands on the sign" in wrong[0]


def test_a_text_over_several_lines_loses_nothing_and_the_lines_below_keep_their_numbers() -> None:
    found, wrong = read_places('kind;name;lon;lat\nbench;"Bank\n# am\n\nTeich";8,9168;52,0516\nbnak;;8,9;52\n')
    assert [place.name for place in found] == ["Bank # am Teich"]
    assert "line 6" in wrong[0]


@pytest.mark.parametrize(
    "text",
    [
        "sep=;\nkind;lon;lat\nbench;8,9168;52,0516\n",
        'kind;lon;lat\n"";"";""\nbench;8,9168;52,0516\n;;\n',
        "kind;lon;lat;;\nbench;8,9168;52,0516;;\n",
        "# Stand März\n\nkind\tlon\tlat\nbench\t8,9168\t52,0516\n",
        'kind;lon;lat\n# Erfasst;"vorl." bis Mai\nbench;8,9168;52,0516\n# siehe;"Plan\n',
    ],
    ids=["Excel's first line", "empty rows in quotes", "empty columns", "tabs below a comment", "quotes in comments"],
)
def test_what_office_programs_put_around_a_table_makes_no_difference(text: str) -> None:
    found, wrong = read_places(text)
    assert (len(found), wrong) == (1, [])


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("Orte am Weg;;\nkind;lon;lat\n" + "bench;8,9168;52,0516\n" * 50, "kind, lon, lat"),
        ("kind;name;lon\nbench;A;8,9168\n", "lat"),
    ],
    ids=["a title above the columns", "a column less"],
)
def test_a_table_without_a_column_that_it_needs_is_told_once(text: str, without: str) -> None:
    found, wrong = read_places(text)
    assert found == ()
    assert f"without {without}, expected columns kind, lon, lat" in wrong[-1]
    assert len(wrong) <= 2


def test_a_row_that_ends_early_is_told_for_itself() -> None:
    _, wrong = read_places("kind;name;lon;lat\nbench;A\nbench;B;8,9168;52,0516\n")
    assert ["line 2" in sentence for sentence in wrong] == [True, True]
