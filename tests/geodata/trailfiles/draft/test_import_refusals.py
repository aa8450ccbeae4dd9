"""What an import refuses or warns of, and the sentence with which it does."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from shapely import LineString, MultiLineString, Point, Polygon

from geodata.errors import InvalidInput
from geodata.trailfiles import source
from geodata.trailfiles.draft import checks
from tests.geodata.trailfiles.geofiles import (
    EASTWARDS,
    FILES,
    geojson,
    layers,
    read,
    refusal,
    station,
    trail_file,
    walk,
)

UTM = LineString([(493000 + 100 * i, 5766000) for i in range(5)])


def errors(file: Path, **how: Any) -> list[str]:
    return [line for line in read(file, **how)[1] if line.startswith("error")]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("weg.docx", b"PK", "weg.docx ends in .docx. Expected one of .geojson .geojsonl"),
        ("weg", b"", "weg ends in nothing."),
        ("weg.gpkg", b"PK\x03\x04", "weg.gpkg begins with b'PK"),
        ("weg.shp", b"dBASE", "Expected a Shapefile."),
        ("weg.gpx", b"<gpx><trk>", "weg.gpx is no well-formed XML"),
        ("weg.gpx", b"<kml/>", "weg.gpx begins with <kml>. Expected <gpx>."),
        ("weg.kml", b'<!DOCTYPE x [<!ENTITY a "b">]><kml>&a;</kml>', "weg.kml has a DOCTYPE (x), which"),
        ("weg.kml", b"<OGRVRTDataSource/>", "weg.kml begins with <OGRVRTDataSource>."),
        ("weg.geojson", b"{", "weg.geojson is no JSON"),
        ("weg.geojson", b'{"type": "Topology"}', "weg.geojson has the type 'Topology'."),
        ("weg.zip", b"PK", "weg.zip cannot be unpacked"),
        ("weg.gpx", b"<gpx version='1.1'/>", "weg.gpx holds no geometry."),
        ("weg.gpkg", b"SQLite format 3\0broken", "weg.gpkg is damaged: file is not a database."),
    ],
)  # fmt: skip
def test_a_file_that_is_not_what_its_name_says_is_refused(
    tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    (tmp_path / name).write_bytes(content)
    assert sentence in refusal(tmp_path / name)


def test_a_doctype_in_utf_16_is_seen_too(tmp_path: Path) -> None:
    (tmp_path / "weg.kml").write_bytes('<?xml version="1.0"?><!DOCTYPE kml><kml/>'.encode("utf-16"))
    assert "weg.kml has a DOCTYPE (kml)" in refusal(tmp_path / "weg.kml")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    assert "weg.gpx cannot be read: No such file or directory." in refusal(tmp_path / "weg.gpx")


def test_a_file_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "weg.gpx").open("wb") as file:
        file.truncate(source.MAX_READ_BYTES + 1)
    assert re.search(r"weg.gpx has 12 MB. Expected at most 12 MB.", refusal(tmp_path / "weg.gpx"))


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "weg.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("weg.gpx", b"\0" * (source.MAX_BYTES + 1))
    assert (tmp_path / "weg.zip").stat().st_size < 100_000
    assert "weg.zip unpacks to 1 files with 50 MB." in refusal(tmp_path / "weg.zip")


def test_a_zip_that_holds_one_trail_in_two_formats_asks_which(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "weg.zip", "w") as archive:
        archive.writestr("a.gpx", b"")
        archive.write(FILES / "folders.kml", "b/A.kml")
    sentence = refusal(tmp_path / "weg.zip")
    assert "weg.zip holds a more than once: a.gpx, b/A.kml. Expected each file once." in sentence
    assert "Choose with layer=a.gpx" in sentence
    assert read(tmp_path / "weg.zip", layers=("a.kml",))[0].line == read(FILES / "folders.kml")[0].line


def test_names_in_a_zip_lead_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    with zipfile.ZipFile(tmp_path / "in" / "weg.zip", "w") as archive:
        archive.write(FILES / "folders.kml", "../../outside.kml")
    assert read(tmp_path / "in" / "weg.zip")[0].line is not None
    assert sorted(entry.name for entry in tmp_path.rglob("*")) == ["in", "weg.zip"]


def test_a_shapefile_without_its_index_is_refused(tmp_path: Path) -> None:
    layers(tmp_path / "weg.shp", "ESRI Shapefile", "EPSG:25832", weg=([LineString(EASTWARDS)], [{"a": 1}]))
    (tmp_path / "weg.shx").unlink()
    assert "weg.shp lies there without its .shx." in refusal(tmp_path / "weg.shp")


def test_a_shapefile_without_prj_needs_the_option_and_is_read_with_it(tmp_path: Path) -> None:
    file = layers(tmp_path / "weg.shp", "ESRI Shapefile", None, weg=([LineString(EASTWARDS)], [{"name": "Weg"}]))
    sentence = refusal(file)
    assert "The layer weg does not say in which coordinate system it is." in sentence
    assert "crs=EPSG:25832" in sentence
    draft, _ = read(file, crs="EPSG:25832")
    assert draft.line is not None
    assert draft.line.coords[0][:2] == pytest.approx(EASTWARDS[0][:2], abs=1e-7)


def test_an_unknown_crs_option_is_wrong_usage() -> None:
    with pytest.raises(InvalidInput, match="crs is 'EPSG:nonsense', expected a coordinate system"):
        read(FILES / "folders.kml", crs="EPSG:nonsense")


def test_metres_taken_for_degrees_are_refused_with_the_option(tmp_path: Path) -> None:
    sentence = refusal(geojson(tmp_path / "weg.geojson", (UTM, {})))
    assert "The line has the coordinates 493000, 5766000. Expected lon and lat in degrees." in sentence
    assert "crs=EPSG:25832" in sentence


def test_an_unknown_layer_is_refused_with_the_known_ones() -> None:
    sentence = refusal(FILES / "folders.kml", layers=("Pfade",))
    assert "There is no layer 'Pfade'. Expected one of" in sentence
    assert "Rundwege, Stationen" in sentence


def test_areas_alone_are_refused(tmp_path: Path) -> None:
    file = geojson(tmp_path / "wald.geojson", (Polygon([(8.9, 52), (8.91, 52), (8.9, 52.01)]), {}))
    assert "wald.geojson holds neither lines nor points." in refusal(file)


def test_several_named_lines_are_refused_with_their_names(tmp_path: Path) -> None:
    file = geojson(tmp_path / "a.geojson", *[(LineString(EASTWARDS), {"name": name}) for name in ("Weg B", "Weg A")])
    sentence = refusal(file)
    assert "The file holds 2 lines with their own names: Weg A, Weg B. Expected one trail." in sentence
    assert "Choose it with line='Weg A'" in sentence
    assert "No line is named Weg C. Expected one of Weg A, Weg B." in refusal(file, lines=("Weg C",))


def test_a_gap_is_refused_with_its_place_and_width(tmp_path: Path) -> None:
    places = walk((90, 300), (90, 40), (90, 300))
    file = geojson(tmp_path / "weg.geojson", (MultiLineString([places[:2], places[2:]]), {}))
    sentence = refusal(file)
    assert "The line has a gap of 40 m" in sentence
    assert f"At {places[1][0]:.6f}, {places[1][1]:.6f} (lon, lat)." in sentence
    draft, found = read(file, join_within_m=41)
    assert draft.line is not None
    assert any("the widest gap is 40.0 m" in line for line in found)


def test_a_side_branch_is_refused_with_the_place_of_the_fork(tmp_path: Path) -> None:
    fork = walk((90, 300))[1]
    ways = [[fork, walk((azimuth, 300), start=fork)[1]] for azimuth in (270, 60, 120)]
    sentence = refusal(geojson(tmp_path / "weg.geojson", (MultiLineString(ways), {})))
    assert "3 parts meet here: no single way walks all of them once." in sentence
    assert f"At {fork[0]:.6f}, {fork[1]:.6f} (lon, lat)." in sentence


def test_too_many_parts_are_refused(tmp_path: Path) -> None:
    parts = [walk((0, 10), start=(8.9 + i / 1000, 52)) for i in range(301)]
    assert "The line comes in 301 parts. Expected at most 300." in refusal(
        geojson(tmp_path / "weg.geojson", (MultiLineString(parts), {}))
    )


def test_a_line_without_length_is_refused(tmp_path: Path) -> None:
    (tmp_path / "weg.gpx").write_text(
        '<gpx version="1.1"><trk><trkseg><trkpt lat="52" lon="9"/><trkpt lat="52" lon="9"/></trkseg></trk></gpx>'
    )
    assert "The line has no length. At 9.000000, 52.000000 (lon, lat)." in refusal(tmp_path / "weg.gpx")


def test_swapped_axes_are_an_error_with_the_option(tmp_path: Path) -> None:
    line = LineString([(lat, lon) for lon, lat, _ in EASTWARDS])
    (sentence,) = errors(geojson(tmp_path / "weg.geojson", (line, {})))
    assert "The line has lon and lat swapped: 52." in sentence
    assert "swap-axes" in sentence


def test_a_trail_outside_europe_is_only_hinted_at(tmp_path: Path) -> None:
    _, found = read(trail_file(tmp_path, line=walk(*[(0, 300)] * 4, start=(-70, -40))))
    assert any(line.startswith("warning: The line lies outside Europe.") for line in found)
    assert not any(line.startswith("error") for line in found)


def test_a_jump_of_3_km_is_an_error_with_its_place(tmp_path: Path) -> None:
    places = walk((90, 200), (90, 200), (45, 3000), (90, 200))
    (sentence,) = errors(trail_file(tmp_path, line=places))
    assert "error: The line jumps by 3.0 km" in sentence
    assert f"At {places[2][0]:.6f}, {places[2][1]:.6f} (lon, lat)." in sentence


def test_a_long_straight_segment_is_a_warning(tmp_path: Path) -> None:
    _, found = read(trail_file(tmp_path, line=walk((90, 200), (90, 700))))
    assert any("The line runs straight for 700 m without a vertex." in line for line in found)


def test_a_line_that_crosses_itself_is_told_and_allowed(tmp_path: Path) -> None:
    places = walk((90, 400), (0, 200), (225, 400), (270, 100))
    _, found = read(trail_file(tmp_path, line=places))
    assert any(line.startswith("note: The line meets itself at 1 places; the first one:") for line in found)
    _, found = read(trail_file(tmp_path, line=[*walk((90, 400), (0, 200), (270, 400)), walk()[0]]))
    assert not any("meets itself" in line for line in found)


def test_a_spike_of_height_is_an_error_unless_heights_are_left_out(tmp_path: Path) -> None:
    places = [(lon, lat, 412.0 if i == 2 else 150.0) for i, (lon, lat) in enumerate(walk(*[(90, 20)] * 10))]
    file = trail_file(tmp_path, line=places)
    (sentence,) = errors(file)
    assert "The height springs from 150 m to 412 m and back to 150 m." in sentence
    draft, found = read(file, without_heights=True)
    assert draft.line is not None
    assert not draft.line.has_z
    assert not any("springs" in line for line in found)


def test_a_line_without_heights_is_told(tmp_path: Path) -> None:
    _, found = read(trail_file(tmp_path, line=[vertex[:2] for vertex in EASTWARDS]))
    assert any("The line has no heights: no ascent, no height profile. Give a terrain model" in line for line in found)


@pytest.mark.parametrize("nothing", [0.0, -9999.0, -32768.0])
def test_what_stands_for_no_height_is_filled_from_its_neighbours(tmp_path: Path, nothing: float) -> None:
    places = [(lon, lat, nothing if i in {0, 3} else z) for i, (lon, lat, z) in enumerate(EASTWARDS)]
    draft, found = read(trail_file(tmp_path, line=places))
    assert draft.line is not None
    heights = [z for *_, z in draft.line.coords]
    assert heights == pytest.approx([152, *(z for *_, z in EASTWARDS[1:])])
    assert any("2 of 11 heights are missing and interpolated." in line for line in found)


def test_heights_near_the_sea_may_be_zero(tmp_path: Path) -> None:
    draft, _ = read(trail_file(tmp_path, line=[(lon, lat, i / 2) for i, (lon, lat, _) in enumerate(EASTWARDS)]))
    assert draft.line is not None
    assert [z for *_, z in draft.line.coords] == [i / 2 for i in range(11)]


def test_too_many_vertices_are_simplified_without_moving_anything_by_more_than_half_a_metre(tmp_path: Path) -> None:
    dense = LineString(EASTWARDS).segmentize(2e-6)
    assert len(dense.coords) > checks.SIMPLIFIED_FROM
    draft, found = read(trail_file(tmp_path, line=list(dense.coords)))
    assert draft.line is not None
    assert len(draft.line.coords) < 30
    assert draft.line.hausdorff_distance(dense) * 111_000 < 0.5
    assert any("vertices are simplified to" in line for line in found)


def test_more_vertices_than_a_trail_needs_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "SIMPLIFIED_FROM", 5)
    monkeypatch.setattr(checks, "_MAX_VERTICES", 5)
    zigzag = walk(*[(60, 100), (120, 100)] * 8)
    assert "The line still has 17 vertices. Expected at most 5." in refusal(trail_file(tmp_path, line=zigzag))


def test_points_with_swapped_axes_are_an_error(tmp_path: Path) -> None:
    (sentence,) = errors(geojson(tmp_path / "tafeln.geojson", (Point(52.05, 8.9), {"nr": 1})))
    assert "The layer tafeln has lon and lat swapped" in sentence


def test_a_trail_that_is_far_too_short_is_a_warning(tmp_path: Path) -> None:
    _, found = read(trail_file(tmp_path, line=walk((90, 20))))
    assert any("The trail is 0.02 km long. Expected 0.1 to 100 km." in line for line in found)


def test_repeated_parts_are_taken_once(tmp_path: Path) -> None:
    line = LineString(EASTWARDS)
    draft, found = read(geojson(tmp_path / "weg.geojson", (line, {}), (line, {})))
    assert draft.line == line
    assert any("1 part comes twice" in text for text in found)


def test_without_stations_points_are_left_out(tmp_path: Path) -> None:
    assert read(trail_file(tmp_path, [(station(300), {"nr": 1})]), without_stations=True)[0].stations == ()
