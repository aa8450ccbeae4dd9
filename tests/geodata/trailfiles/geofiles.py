"""Small geodata files as other software writes them: GDAL through pyogrio, and by hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import geopandas
import pytest
from pyproj import Geod
from shapely import LineString, Point
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from geodata.findings.trail_file import Findings, Refused
from geodata.trailfiles.draft import draft
from geodata.trailfiles.draft.records import Draft, ReadOptions

FILES = Path(__file__).parents[1] / "files"
GEOD = Geod(ellps="GRS80")
START = (8.9, 52.05)
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


def walk(*legs: tuple[float, float], start: tuple[float, float] = START) -> list[tuple[float, float]]:
    """Places reached by walking (azimuth, metres) after one another."""
    places = [start]
    for azimuth, metres in legs:
        lon, lat, _ = GEOD.fwd(*places[-1], azimuth, metres)
        places.append((lon, lat))
    return places


EASTWARDS = [(lon, lat, 150.0 + 2 * i) for i, (lon, lat) in enumerate(walk(*[(90, 200)] * 10))]


TRACK = "".join(f'<trkpt lat="{lat}" lon="{lon}"><ele>{z}</ele></trkpt>' for lon, lat, z in EASTWARDS)
GPX = f"<gpx version='1.1'>\n<trk><name>Weg</name><trkseg>{TRACK}</trkseg></trk>\n</gpx>"
"""A GPX of one track, as text."""


def station(along_m: float, off_m: float = 5) -> Point:
    """A point beside the line that runs east from START."""
    lon, lat, _ = GEOD.fwd(*START, 90, along_m)
    lon, lat, _ = GEOD.fwd(lon, lat, 0, off_m)
    return Point(lon, lat)


def geojson(file: Path, *features: tuple[BaseGeometry, dict[str, Any]]) -> Path:
    """A FeatureCollection."""
    collection = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": values, "geometry": mapping(one)} for one, values in features],
    }
    file.write_text(json.dumps(collection))
    return file


def trail_file(
    folder: Path, stations: Sequence[tuple[Point, dict[str, Any]]] = (), line: Sequence[Any] = EASTWARDS
) -> Path:
    """One line named Waldweg, and these stations."""
    return geojson(folder / "waldweg.geojson", (LineString(line), {"name": "Waldweg"}), *stations)


def layers(
    file: Path, driver: str, crs: str | None, **frames: tuple[Sequence[BaseGeometry], list[dict[str, Any]]]
) -> Path:
    """Written by GDAL; coordinates are given as lon, lat and put into ``crs``, None for a Shapefile without .prj."""
    for name, (geometries, values) in frames.items():
        frame: Any = geopandas.GeoDataFrame(values, geometry=geometries, crs="OGC:CRS84").to_crs(crs or "EPSG:25832")
        frame.to_file(file, layer=name, driver=driver)
    if crs is None:
        file.with_suffix(".prj").unlink()
    return file


def refusal(file: Path, **how: Any) -> str:
    """The sentence with which the file is refused."""
    with pytest.raises(Refused) as caught:
        read(file, **how)
    return str(caught.value)


def read(file: Path, **how: Any) -> tuple[Draft, list[str]]:
    """The file's trail, and what was found as lines of text."""
    findings = Findings()
    read_draft = draft.read(file, ReadOptions(**how), findings)
    return read_draft, [f"{one.severity}: {one}" for one in findings.found]
