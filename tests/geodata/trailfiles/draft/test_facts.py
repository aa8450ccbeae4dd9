"""Places and stretches in the files of cities and of GPS devices."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from geodata.bundle.folder import bundled
from geodata.findings.trail_file import Findings
from geodata.geometry.line import TrailGeometry
from geodata.model.place import PlaceKind
from geodata.model.section import Passable, Surface
from geodata.trailfiles.draft import draft
from geodata.trailfiles.draft.records import Draft, ReadOptions
from geodata.trailfiles.plan import facts
from geodata.trailfiles.plan.facts import StoredFacts

LINE = list(bundled().trail.line.coords)
GEOMETRY = TrailGeometry(bundled().trail.line)


def collection(folder: Path, *features: tuple[str, object, Mapping[str, object]]) -> Path:
    file = folder / "weg.geojson"
    rows = [
        {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}
        for kind, coordinates, properties in features
    ]
    file.write_text(json.dumps({"type": "FeatureCollection", "features": rows}), encoding="utf-8")
    return file


def read(file: Path) -> tuple[Draft, dict[str, str]]:
    findings = Findings()
    parsed = draft.read(file, ReadOptions(), findings)
    return parsed, {finding.reason: finding.severity for finding in findings.found}


def point(index: int) -> list[float]:
    return list(LINE[index][:2])


def test_a_column_of_kinds_tells_benches_from_stations(tmp_path: Path) -> None:
    parsed, told = read(
        collection(
            tmp_path,
            ("LineString", LINE, {"name": "Weg F"}),
            ("Point", point(5), {"nr": 1, "name": "Eiche", "art": "Station"}),
            ("Point", point(9), {"name": "", "art": "Sitzbank", "rollstuhl": "ja"}),
            ("Point", point(12), {"name": "LIP-1234", "art": "Rettungspunkt"}),
        )
    )
    assert [station.name for station in parsed.stations] == ["Eiche"]
    assert [(p.kind, p.name, p.wheelchair) for p in parsed.places] == [
        (PlaceKind.BENCH, "", Passable.YES),
        (PlaceKind.RESCUE_POINT, "LIP-1234", None),
    ]
    assert told["points-are-places"] == "note"
    assert "places-by-name" not in told


def test_a_name_alone_makes_a_place_with_a_warning_and_never_one_of_a_numbered_station(tmp_path: Path) -> None:
    parsed, told = read(
        collection(
            tmp_path,
            ("LineString", LINE, {"name": "Weg F"}),
            ("Point", point(5), {"nr": 1, "name": "Parkplatz am Wald"}),
            ("Point", point(9), {"name": "Bushaltestelle Waldhof"}),
            ("Point", point(12), {"name": "Trinkwasser aus dem Wald"}),
        )
    )
    assert [station.name for station in parsed.stations] == ["Parkplatz am Wald", "Trinkwasser aus dem Wald"]
    assert [(p.kind, p.name) for p in parsed.places] == [(PlaceKind.BUS_STOP, "Bushaltestelle Waldhof")]
    assert told["places-by-name"] == "warning"


def test_the_symbol_of_a_gps_device_makes_a_waypoint_a_place(tmp_path: Path) -> None:
    lon, lat = point(7)
    points = "".join(f'<trkpt lon="{x}" lat="{y}"><ele>{z}</ele></trkpt>' for x, y, z in LINE)
    file = tmp_path / "weg.gpx"
    file.write_text(
        '<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">'
        f'<wpt lon="{lon}" lat="{lat}"><name>007</name><sym>Restroom</sym></wpt>'
        f'<wpt lon="{lon}" lat="{lat}"><name>1 Eiche</name></wpt>'
        f'<wpt lon="{lon}" lat="{lat}"><name>2 Teich</name></wpt>'
        f"<trk><name>Weg</name><trkseg>{points}</trkseg></trk></gpx>",
        encoding="utf-8",
    )
    parsed, _ = read(file)
    assert [place.kind for place in parsed.places] == [PlaceKind.TOILET]
    assert [station.name for station in parsed.stations] == ["Eiche", "Teich"]


def test_parts_of_the_line_with_a_ground_become_stretches_where_they_lie(tmp_path: Path) -> None:
    middle = len(LINE) // 2
    parsed, _ = read(
        collection(
            tmp_path,
            ("LineString", LINE[: middle + 1], {"name": "Weg F", "belag": "wassergebundene Decke", "rollstuhl": "ja"}),
            ("LineString", LINE[middle:][::-1], {"name": "Weg F", "belag": "Waldboden", "kinderwagen": "bedingt"}),
        )
    )
    first, second = parsed.sections
    assert (first.surface, first.wheelchair, first.pram) == (Surface.FINE_GRAVEL, Passable.YES, None)
    assert (second.surface, second.wheelchair, second.pram) == (Surface.EARTH, None, Passable.LIMITED)
    half = GEOMETRY.locate(*point(middle)).along_m
    assert first.from_m == pytest.approx(0, abs=1)
    assert first.to_m == second.from_m == pytest.approx(half, abs=5)
    assert second.to_m == pytest.approx(GEOMETRY.length_m, abs=5)


def test_a_ground_that_nobody_knows_is_warned_of_and_refuses_nothing_else(tmp_path: Path) -> None:
    parsed, told = read(collection(tmp_path, ("LineString", LINE, {"name": "Weg F", "belag": "Marmor"})))
    assert parsed.line is not None
    assert parsed.sections == ()
    assert told["fact-unreadable"] == "warning"


def test_a_rescue_point_that_is_there_twice_is_warned_of_before_it_is_read_out_to_112(tmp_path: Path) -> None:
    parsed, _ = read(
        collection(
            tmp_path,
            ("LineString", LINE, {"name": "Weg F"}),
            ("Point", point(5), {"nr": 1, "name": "Eiche", "art": "Station"}),
            ("Point", point(9), {"name": "LIP-1234", "art": "Rettungspunkt"}),
            ("Point", point(40), {"name": "LIP 1234", "art": "Rettungspunkt"}),
            ("Point", point(50), {"name": "LIP-1235", "art": "Rettungspunkt"}),
        )
    )
    findings = Findings()
    plan = facts.make(parsed, bundled().trail, None, GEOMETRY, StoredFacts(), findings)
    assert len(plan.places) == 3
    assert [str(finding) for finding in findings.found if finding.reason == "rescue-point-twice"] != []
    assert len(findings.found) == 1


def test_a_name_that_says_more_than_the_kind_stays_the_name_of_the_place(tmp_path: Path) -> None:
    named = [
        ("Wanderparkplatz", "parking"),
        ("Parkplatz", "parking"),
        ("Biergarten", "food"),
        ("Forstrettungspunkt", ""),
    ]
    points = [("Point", point(5 + i), {"name": name, "art": art}) for i, (name, art) in enumerate(named)]
    parsed, _ = read(collection(tmp_path, ("LineString", LINE, {"name": "Weg F"}), *points))
    assert [place.name for place in parsed.places] == ["Wanderparkplatz", "", "Biergarten", ""]
