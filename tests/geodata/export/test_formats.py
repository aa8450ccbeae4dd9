"""A trail with its facts as a file: opened by GDAL, and read back by the importer as the same trail."""

from __future__ import annotations

from pathlib import Path

import pyogrio
import pytest

from geodata.bundle.folder import bundled
from geodata.export import geojson, geopackage, gpx
from geodata.export.records import TrailExport
from geodata.findings.trail_file import Findings
from geodata.geometry.line import TrailGeometry
from geodata.trailfiles.draft import draft
from geodata.trailfiles.draft.records import Draft, ReadOptions
from geodata.trailfiles.plan import facts
from geodata.trailfiles.plan.facts import StoredFacts

DEMO = bundled()
EXPORT = TrailExport.of(DEMO.trail, DEMO.stations, DEMO.places, DEMO.sections)
GEOMETRY = TrailGeometry(DEMO.trail.line)


def written(folder: Path, suffix: str) -> Path:
    file = folder / f"stadtwald.{suffix}"
    file.write_bytes({"gpx": gpx.write, "gpkg": geopackage.write, "geojson": geojson.write}[suffix](EXPORT))
    return file


def read(file: Path, how: ReadOptions | None = None) -> tuple[Draft, Findings]:
    findings = Findings()
    return draft.read(file, how or ReadOptions(), findings), findings


@pytest.mark.parametrize("suffix", ["gpx", "gpkg", "geojson"])
def test_places_and_stretches_come_back_as_they_were(tmp_path: Path, suffix: str) -> None:
    parsed, findings = read(written(tmp_path, suffix))
    plan = facts.make(parsed, DEMO.trail, None, GEOMETRY, StoredFacts(), findings)
    assert len(parsed.stations) == len(DEMO.stations)
    assert plan.sections == DEMO.sections
    assert [(p.kind, p.name, p.note, p.wheelchair) for p in plan.places] == [
        (p.kind, p.name, p.note, p.wheelchair) for p in DEMO.places
    ]
    again = facts.make(parsed, DEMO.trail, DEMO.trail, GEOMETRY, StoredFacts(DEMO.places, DEMO.sections), findings)
    assert not again.places_change
    assert not again.sections_change
    assert parsed.properties["direction"] == "clockwise"


def test_gdal_opens_each_layer_of_the_geopackage_with_its_columns(tmp_path: Path) -> None:
    file = written(tmp_path, "gpkg")
    assert {name: kind for name, kind in pyogrio.list_layers(file)} == {  # noqa: C416 - an array of arrays
        "trail": "LineString Z",
        "stations": "Point Z",
        "places": "Point",
        "sections": "LineString Z",
    }
    for layer, count in (("trail", 1), ("stations", 10), ("places", 22), ("sections", 14)):
        info = pyogrio.read_info(file, layer=layer, force_feature_count=True)
        assert (info["features"], info["crs"]) == (count, "EPSG:4326")
    sections = pyogrio.read_dataframe(file, layer="sections")
    assert sections.geometry.iloc[0].coords[0][:2] == pytest.approx(DEMO.trail.line.coords[0][:2], abs=1e-6)
    assert sections["steps"].max() == 24


def test_the_same_trail_is_the_same_geopackage_byte_for_byte() -> None:
    assert geopackage.write(EXPORT) == geopackage.write(EXPORT)


def test_the_files_say_that_the_demonstration_is_invented(tmp_path: Path) -> None:
    for suffix in ("gpx", "gpkg", "geojson"):
        parsed, _ = read(written(tmp_path, suffix))
        assert parsed.properties["surveyed"] == "False"
        assert all("kein echter" in p.note for p in parsed.places if p.kind == "rescue_point")


def test_every_point_can_be_taken_for_a_station(tmp_path: Path) -> None:
    parsed, _ = read(written(tmp_path, "geojson"), ReadOptions(points_are_stations=True))
    assert parsed.places == ()
    assert len(parsed.stations) == 32
