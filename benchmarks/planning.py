"""Reading what towns hand in: long tracks, many stations and many texts to a plan, and a plan into the database."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import geopandas
import pyogrio
from pyproj import Geod
from shapely import LineString, Point

from benchmarks.rows import Row, Scale
from benchmarks.world import World
from geodata.actions import import_trail
from geodata.content import folder as content_folder
from geodata.findings.content import TextFindings
from geodata.findings.trail_file import Findings
from geodata.store.database import Database
from geodata.trailfiles.draft import draft
from geodata.trailfiles.draft.records import ReadOptions
from geodata.trailfiles.plan.plan import Target

_TRACK_POINTS, _STATIONS, _TEXTS = 50_000, 10_000, 500
_PYOGRIO: Any = pyogrio


def run(world: World, scale: Scale) -> Iterator[Row]:
    """Of each the best of a few turns; every reference reads the same bytes and makes nothing of them."""
    share = 1.0 if scale.whole else 0.02
    turns = 3 if scale.whole else 1
    track = _gpx(world.folder / "track.gpx", int(_TRACK_POINTS * share))
    yield Row(
        "planning",
        f"a GPX of {int(_TRACK_POINTS * share)} points",
        _best_s(turns, lambda: _drafted(track)),
        "s",
        _best_s(turns, lambda: _PYOGRIO.read_dataframe(track, layer="track_points")),
        "s of pyogrio alone",
    )
    stations = int(_STATIONS * share)
    places = _shapefile(world.folder / "stationen.shp", stations)
    yield Row(
        "planning",
        f"a Shapefile of {stations} stations",
        _best_s(turns, lambda: _drafted(places)),
        "s",
        _best_s(turns, lambda: _PYOGRIO.read_dataframe(places)),
        "s of pyogrio alone",
    )
    texts = _texts(world.folder / "texts", int(_TEXTS * share))
    took_s = _best_s(turns, lambda: content_folder.read(texts, TextFindings()))
    yield Row("planning", f"a folder of {int(_TEXTS * share)} texts", took_s, "s")
    yield from _imported(world, stations)


def _imported(world: World, stations: int) -> Iterator[Row]:
    """A long trail with all its stations: planned, written, and written again with all of them moved."""
    file, moved = world.folder / "weg.gpkg", world.folder / "moved.gpkg"
    _geopackage(file, stations, 0.0)
    _geopackage(moved, stations, 1e-5)
    with Database(world.database(0), pool_size=1, name="benchmark") as database:
        planned_s = _best_s(1, lambda: _carried_out(database, file, dry_run=True))
        written_s = _best_s(1, lambda: _carried_out(database, file))
        again_s = _best_s(1, lambda: _carried_out(database, moved))
    what, reference = f"trail import of {stations} stations", "s to plan it"
    yield Row("planning", what, written_s, "s", planned_s, reference, goal=3, better="less")
    yield Row("planning", f"{what} that all moved", again_s, "s", planned_s, reference, goal=4, better="less")


def _drafted(file: Path) -> None:
    draft.read(file, ReadOptions(), Findings())


def _carried_out(database: Database, file: Path, *, dry_run: bool = False) -> None:
    findings = Findings()
    target = Target(trail="weg", municipality="Kalletal", licence="CC0-1.0")
    plan = import_trail.carry_out(
        database, draft.read(file, ReadOptions(), findings), target, datetime.now(UTC), findings, dry_run=dry_run
    )
    if plan.refused:
        raise AssertionError(f"The import is refused: {findings.found}")


def _best_s(turns: int, work: Callable[[], object]) -> float:
    took_s: list[float] = []
    for _ in range(turns):
        began = time.perf_counter()
        work()
        took_s.append(time.perf_counter() - began)
    return min(took_s)


def _line(count: int) -> list[tuple[float, float, float]]:
    """A winding way with a vertex every 15 m."""
    geod = Geod(ellps="GRS80")
    lon, lat = 8.9, 52.05
    line: list[tuple[float, float, float]] = []
    for i in range(count):
        line.append((round(lon, 7), round(lat, 7), round(150 + 20 * math.sin(i / 200), 1)))
        lon, lat, _ = geod.fwd(lon, lat, 80 + 70 * math.sin(i / 40), 9)
    return line


def _gpx(file: Path, count: int) -> Path:
    points = "".join(f'<trkpt lat="{lat}" lon="{lon}"><ele>{ele}</ele></trkpt>' for lon, lat, ele in _line(count))
    head = '<gpx version="1.1" creator="benchmark" xmlns="http://www.topografix.com/GPX/1/1">'
    file.write_text(f"{head}<trk><name>Waldweg</name><trkseg>{points}</trkseg></trk></gpx>")
    return file


def _frame(count: int, aside: float = 0.0) -> Any:
    names = {"nr": list(range(1, count + 1)), "name": [f"Am Försterweg {i}" for i in range(1, count + 1)]}
    shapes = [Point(lon + aside, lat, ele) for lon, lat, ele in _line(count)]
    return geopandas.GeoDataFrame(names, geometry=shapes, crs="OGC:CRS84")


def _shapefile(file: Path, count: int) -> Path:
    _frame(count).to_crs("EPSG:25832").to_file(file)
    return file


def _geopackage(file: Path, count: int, aside: float) -> None:
    line: Any = geopandas.GeoDataFrame({"name": ["Waldweg"]}, geometry=[LineString(_line(count))], crs="OGC:CRS84")
    line.to_file(file, layer="weg", driver="GPKG")
    _frame(count, aside).to_file(file, layer="stationen", driver="GPKG")


def _texts(folder: Path, count: int) -> Path:
    for i in range(1, count + 1):
        (folder / f"{i:02}-station").mkdir(parents=True)
        text = f"---\ntitle: Station {i}\nlead: Am Weg.\n---\n\n" + "Hier steht ein Satz über den Wald.\n\n" * 20
        (folder / f"{i:02}-station" / "de.md").write_text(text, encoding="utf-8")
    return folder
