"""GeoJSON by hand, Shapefiles and GeoPackages by GDAL and then made odd: missing parts, other cases, zips, WAL."""

from __future__ import annotations

import json
import shutil
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import geopandas
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from tests.geodata.trailfiles.oddfiles.town import AREA, LINE, NOWHERE, Odd, Post, Town


def write_geojson(folder: Path, town: Town, odd: Odd) -> Path:
    """A collection, or one feature a line; properties with lists and objects; collections as geometry."""
    line: dict[str, Any] = {"type": "LineString", "coordinates": [_filled(*vertex) for vertex in town.line]}
    if odd.one_of("geojson line", "LineString", "GeometryCollection") == "GeometryCollection":
        line = {"type": "GeometryCollection", "geometries": [line]}
    more = odd.one_of("geojson properties", {}, {"times": [1, 2, 3]}, {"desc": {"de": "Wald"}}, {"tags": []})
    features = [_feature({"name": LINE, **more}, line)]
    for post in town.posts:
        number = {} if not post.number else {"nr": _number(post.number, odd)}
        point = {"type": "Point", "coordinates": _filled(post.lon, post.lat, post.height)}
        features.append(_feature({"name": post.name, **number, **more}, point))
    if town.area:
        ring = [[8.9, 52.05], [8.91, 52.05], [8.91, 52.06], [8.9, 52.05]]
        features.append(_feature({"name": AREA}, {"type": "Polygon", "coordinates": [ring]}))
    if town.nowhere:
        features.append(_feature({"name": NOWHERE}, None))
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    layout = odd.one_of("geojson layout", "collection", "lines", "sequence")
    if layout != "collection":
        mark = "\x1e" if layout == "sequence" else ""
        text = "".join(f"{mark}{json.dumps(one, ensure_ascii=False)}\n" for one in features)
    file = folder / "trail.geojson"
    file.write_bytes(text.encode(odd.one_of("encoding", "utf-8", "utf-8-sig", "utf-16")))
    return file


def _number(text: str, odd: Odd) -> object:
    return int(text) if text.isdigit() and odd.one_of("numbers as text", False, True) is False else text


def _filled(*values: float | None) -> list[float]:
    return [value for value in values if value is not None]


def _feature(properties: dict[str, Any], geometry: object) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def write_geopackage(folder: Path, town: Town, odd: Odd) -> Path:
    """One layer of lines and one of points, perhaps one of areas; perhaps still in the mode of its last editor."""
    file = folder / "trail.gpkg"
    crs = odd.one_of("crs", "OGC:CRS84", "EPSG:25832", "EPSG:3857")
    _layer(file, "wege", [_line(town)], [{"name": LINE}], crs, driver="GPKG")
    _layer(file, "punkte", [_point(post) for post in town.posts], _rows(town), crs, driver="GPKG")
    if town.area:
        area = Polygon([(8.9, 52.05), (8.91, 52.05), (8.91, 52.06)])
        _layer(file, "flaechen", [area], [{"name": AREA}], crs, driver="GPKG")
    if odd.one_of("journal", "delete", "wal") == "wal":
        with sqlite3.connect(file) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
        connection.close()
    return file


def write_shapefile(folder: Path, town: Town, odd: Odd) -> Path:
    """A zip with the line and the stations, as different programs pack it."""
    encoding = odd.one_of("dbf encoding", "utf-8", "cp1252")
    inner = folder / "inner"
    inner.mkdir()
    _layer(inner / "weg.shp", "weg", [_line(town)], [{"name": LINE}], "EPSG:25832", encoding=encoding)
    points = [_point(post) for post in town.posts]
    _layer(inner / "stationen.shp", "stationen", points, _rows(town), "EPSG:25832", encoding=encoding)
    for name in ("weg", "stationen"):
        if odd.one_of("cpg", "there", "missing") == "missing":
            (inner / f"{name}.cpg").unlink(missing_ok=True)
    gone = odd.one_of("missing part", "", "stationen.dbf", "stationen.shx", "weg.prj", "weg.dbf")
    if gone:
        (inner / gone).unlink()
    case = odd.one_of("case", str, str.upper, str.title)
    with zipfile.ZipFile(folder / "trail.zip", "w") as archive:
        below = odd.one_of("folder in the zip", "", "Export 2026/")
        for part in sorted(inner.iterdir()):
            archive.write(part, f"{below}{case(part.stem)}{case(part.suffix) if case is str.upper else part.suffix}")
        if odd.one_of("Finder's files", False, True):
            archive.writestr(f"__MACOSX/{below}._weg.shp", b"\0\5\26\7")
            archive.writestr(f"{below}._weg.shp", b"\0\5\26\7")
    shutil.rmtree(inner)
    return folder / "trail.zip"


def _rows(town: Town) -> list[dict[str, Any]]:
    return [{"name": post.name, **({"nr": post.number} if post.number else {})} for post in town.posts]


def _line(town: Town) -> LineString:
    return LineString([_filled(*vertex) for vertex in town.line])


def _point(post: Post) -> Point:
    return Point(_filled(post.lon, post.lat, post.height))


def _layer(
    file: Path, layer: str, shapes: list[Any], rows: list[dict[str, Any]], crs: str, *, driver: str = "ESRI Shapefile",
    encoding: str = "utf-8",
) -> None:  # fmt: skip
    geometries: list[BaseGeometry] = shapes
    frame: Any = geopandas.GeoDataFrame(rows, geometry=geometries, crs="OGC:CRS84").to_crs(crs)
    frame.to_file(file, layer=layer, driver=driver, encoding=encoding)
