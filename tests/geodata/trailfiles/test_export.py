"""Export and import again: nothing is lost; what GDAL and the schema of GPX see."""

from __future__ import annotations

import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from xml.etree import ElementTree as ET

import pyogrio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString

from geodata.bundle.folder import bundled
from geodata.export.records import TrailExport
from geodata.findings.trail_file import Refused
from geodata.model.content import StationContent
from geodata.model.station import Station
from geodata.model.trail import Trail, TrailContent
from geodata.trailfiles import export
from geodata.trailfiles.draft import columns
from geodata.vocabulary.codes import new_code
from tests.geodata.trailfiles.geofiles import EASTWARDS, read, walk

FORMATS = ["geojson", "gpx", "gpkg"]
NAMES = st.text(st.characters(blacklist_categories=["C", "Z"]), min_size=1, max_size=20).map(columns.plain)
HEIGHTS = st.floats(1, 3000)


@st.composite
def trails(draw: st.DrawFn) -> tuple[Trail, list[Station]]:
    """A trail of 2 to 20 legs with up to 5 stations at its vertices."""
    legs = draw(st.lists(st.tuples(st.floats(0, 360), st.floats(60, 300)), min_size=2, max_size=20))
    places = walk(*legs, start=(draw(st.floats(6, 15)), draw(st.floats(47, 55))))
    vertices = [(lon, lat, 100 + draw(st.floats(0, 20))) for lon, lat in places] if draw(st.booleans()) else places
    trail = Trail(
        slug=draw(st.from_regex(r"[a-z0-9][a-z0-9-]{0,62}", fullmatch=True)),
        municipality="kalletal",
        line=LineString(vertices),
        licence="dl-de/zero-2-0",
        attribution=draw(NAMES),
        surveyed=draw(st.booleans()),
        contents={"de": TrailContent(variant="de", name=draw(NAMES))},
    )
    random = Random(draw(st.integers(0, 2**32)))
    numbers = draw(st.lists(st.integers(1, 999), unique=True, max_size=5))
    return trail, [
        Station(
            code=new_code(random), trail=trail.slug, number=number, lon=lon, lat=lat,
            height=draw(st.none() | HEIGHTS), along_m=draw(st.floats(0, 1000)),
            contents={"de": StationContent(variant="de", title=draw(NAMES), lead="", body="")},
        )
        for number, (lon, lat) in zip(sorted(numbers), places * 2, strict=False)
    ]  # fmt: skip


@pytest.mark.parametrize("suffix", FORMATS)
@given(trails())
@settings(deadline=None, max_examples=15)
def test_what_is_exported_is_imported_without_loss(suffix: str, given: tuple[Trail, list[Station]]) -> None:
    trail, stations = given
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"trail.{suffix}"
        export.write(file, TrailExport.of(trail, stations))
        draft, found = read(file)
    assert not [line for line in found if line.startswith("error")]
    assert draft.line is not None
    assert draft.line.has_z == trail.line.has_z
    for after, before in zip(draft.line.coords, trail.line.coords, strict=True):
        assert after == pytest.approx(before, abs=1e-7, rel=0)
    assert draft.name == trail.contents["de"].name
    assert draft.properties == {
        "slug": trail.slug, "municipality": "kalletal", "licence": trail.licence,
        "attribution": trail.attribution, "surveyed": str(trail.surveyed),
    }  # fmt: skip
    assert [(one.code, one.number, one.name) for one in draft.stations] == [
        (one.code, one.number, one.contents["de"].title) for one in stations
    ]
    for after, before in zip(draft.stations, stations, strict=True):
        assert (after.lon, after.lat) == pytest.approx((before.lon, before.lat), abs=1e-7, rel=0)
        assert (after.height is None) == (before.height is None)
        assert abs((after.height or 0) - (before.height or 0)) < 1e-7
        assert after.along_m == pytest.approx(before.along_m, abs=1e-6)


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("code", ["012342", "1E2345", "000000"])
def test_a_code_that_looks_like_a_number_keeps_its_zeros(tmp_path: Path, suffix: str, code: str) -> None:
    trail = Trail(slug="007", municipality="1e3", line=LineString(EASTWARDS), licence="CC0-1.0")
    lon, lat, _ = EASTWARDS[2]
    export.write(
        tmp_path / f"a.{suffix}", TrailExport.of(trail, [Station(code=code, trail="007", number=1, lon=lon, lat=lat)])
    )
    draft, _ = read(tmp_path / f"a.{suffix}")
    assert [one.code for one in draft.stations] == [code]
    assert (draft.properties["slug"], draft.properties["municipality"]) == ("007", "1e3")


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_demonstration_trail_opens_in_gdal_with_line_and_points(tmp_path: Path, suffix: str) -> None:
    demo = bundled()
    file = tmp_path / f"stadtwald.{suffix}"
    export.write(file, TrailExport.of(demo.trail, demo.stations))
    counts = {
        name: pyogrio.read_info(file, layer=name, force_feature_count=True)["features"]
        for name, _ in pyogrio.list_layers(file)
    }
    expected = {"geojson": {"stadtwald": 11}, "gpkg": {"trail": 1, "stations": 10}}
    gpx = {"waypoints": 10, "routes": 0, "tracks": 1, "route_points": 0, "track_points": len(demo.trail.line.coords)}
    assert counts == expected.get(suffix, gpx)


def test_gpx_names_stations_and_links_to_them(tmp_path: Path) -> None:
    demo = bundled()
    export.write(tmp_path / "a.gpx", TrailExport.of(demo.trail, demo.stations), "https://pfad.example.org/")
    root = ET.parse(tmp_path / "a.gpx").getroot()
    space = {"gpx": "http://www.topografix.com/GPX/1/1"}
    point = root.find("gpx:wpt", space)
    assert point is not None
    assert [child.tag.rpartition("}")[2] for child in point] == ["ele", "name", "desc", "link", "type", "extensions"]
    link = point.find("gpx:link", space)
    assert link is not None
    assert link.get("href") == "https://pfad.example.org/s/K7YNX0"
    assert [child.tag.rpartition("}")[2] for child in root] == ["wpt"] * 10 + ["trk"]


def test_geojson_is_lon_lat_height_in_a_feature_collection(tmp_path: Path) -> None:
    demo = bundled()
    export.write(tmp_path / "a.geojson", TrailExport.of(demo.trail, demo.stations))
    collection = json.loads((tmp_path / "a.geojson").read_text())
    line, *points = collection["features"]
    assert line["geometry"]["coordinates"][0] == list(demo.trail.line.coords[0])
    assert points[3]["properties"]["name"] == demo.stations[3].contents["de"].title


def test_retired_stations_stay_at_home(tmp_path: Path) -> None:
    demo = bundled()
    gone = [Station(code=one.code, trail=one.trail, number=one.number, lon=one.lon, lat=one.lat,
                    retired_at=datetime(2026, 1, 1, tzinfo=UTC)) for one in demo.stations]  # fmt: skip
    export.write(tmp_path / "a.gpkg", TrailExport.of(demo.trail, gone))
    assert read(tmp_path / "a.gpkg")[0].stations == ()


def test_an_unknown_suffix_or_folder_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    trail = Trail(slug="a", municipality="b", line=LineString(EASTWARDS), licence="CC0-1.0")
    with pytest.raises(Refused, match=r"a.shp ends in .shp. Expected .geojson, .gpx or .gpkg"):
        export.write(tmp_path / "a.shp", TrailExport.of(trail, []))
    with pytest.raises(Refused, match=r"cannot be written: No such file or directory"):
        export.write(tmp_path / "nowhere" / "a.gpx", TrailExport.of(trail, []))
    assert list(tmp_path.iterdir()) == []
