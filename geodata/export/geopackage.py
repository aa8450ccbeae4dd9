"""A trail as an OGC GeoPackage 1.3 with the layers trail, stations, places and sections, written with sqlite3 alone.

The usual writer, GDAL by way of geopandas, is no part of the web process: it takes 100 MB and two seconds to load. What
is written here is the standard's minimum: tables of requirement class "features", no extension, no spatial index.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from shapely import Point
from shapely.geometry.base import BaseGeometry

from geodata.export import records
from geodata.export.records import Record, TrailExport, lon_lat_height

MEDIA_TYPE = "application/geopackage+sqlite3"
_CRS84 = 4326  # stored as lon, lat in every GeoPackage
_WRITTEN = "2026-01-01T00:00:00.000Z"
"""Required, and always the same: the same trail is the same file, byte for byte."""

_SYSTEMS = (
    ("Undefined Cartesian", -1, "NONE", -1, "undefined", None),
    ("Undefined geographic", 0, "NONE", 0, "undefined", None),
    (
        "WGS 84",
        _CRS84,
        "EPSG",
        _CRS84,
        (
            'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],'
            'AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,'
            'AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]'
        ),
        "longitude, latitude",
    ),
)
_SCHEMA = """
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
    organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
    description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
    min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
    CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL,
    geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
    CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name),
    CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
    CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
"""


@dataclass(frozen=True, slots=True)
class _Layer:
    """A table of features; ``columns`` in order with the type of each, ``z`` 0: no heights, 1: all, 2: some."""

    name: str
    geometry_type: str
    columns: dict[str, str]
    rows: Sequence[tuple[BaseGeometry, Record]]


_PLACE = {
    "kind": "TEXT", "name": "TEXT", "note": "TEXT", "wheelchair": "TEXT", "along_m": "DOUBLE", "off_m": "DOUBLE",
}  # fmt: skip
_SECTION = {
    "from_m": "DOUBLE", "to_m": "DOUBLE", "surface": "TEXT", "steps": "INTEGER", "wheelchair": "TEXT", "pram": "TEXT",
    "width_cm": "INTEGER", "note": "TEXT",
}  # fmt: skip
_STATION = {"code": "TEXT", "number": "INTEGER", "name": "TEXT", "along_m": "DOUBLE"}
_TRAIL = {
    "slug": "TEXT", "name": "TEXT", "municipality": "TEXT", "licence": "TEXT", "attribution": "TEXT",
    "surveyed": "BOOLEAN", "direction": "TEXT", "length_m": "DOUBLE",
}  # fmt: skip


def write(export: TrailExport) -> bytes:
    """The file; layers without a row are left out."""
    stations = [(_point(lon_lat_height(station)), records.of_station(station)) for station in export.stations]
    places = [(_point((place.lon, place.lat)), records.of_place(place)) for place in export.places]
    stretches = list(zip(export.section_lines(), map(records.of_section, export.sections), strict=True))
    layers = (
        _Layer("trail", "LINESTRING", _TRAIL, [(export.trail.line, records.of_trail(export.trail))]),
        _Layer("stations", "POINT", _STATION, stations),
        _Layer("places", "POINT", _PLACE, places),
        _Layer("sections", "LINESTRING", _SECTION, stretches),
    )
    connection = sqlite3.connect(":memory:")
    try:
        connection.executescript("PRAGMA application_id = 0x47504B47; PRAGMA user_version = 10300;" + _SCHEMA)
        connection.executemany("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)", _SYSTEMS)
        for layer in layers:
            if layer.rows:
                _add(connection, layer)
        connection.commit()
        return connection.serialize()
    finally:
        connection.close()


def _add(connection: sqlite3.Connection, layer: _Layer) -> None:
    """Names of tables and columns are this module's own: nothing from outside becomes SQL."""
    columns = ", ".join(f'"{name}" {kind}' for name, kind in layer.columns.items())
    connection.execute(
        f'CREATE TABLE "{layer.name}" (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,'
        f" geom {layer.geometry_type}, {columns})"
    )
    geometries = [geometry for geometry, _ in layer.rows]
    west, south, east, north = zip(*(geometry.bounds for geometry in geometries), strict=True)
    bounds = (min(west), min(south), max(east), max(north))
    connection.execute(
        "INSERT INTO gpkg_contents VALUES (?, 'features', ?, '', ?, ?, ?, ?, ?, ?)",
        [layer.name, layer.name, _WRITTEN, *bounds, _CRS84],
    )
    with_heights = [geometry.has_z for geometry in geometries]
    z = 1 if all(with_heights) else 2 if any(with_heights) else 0
    connection.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, ?, 0)",
        [layer.name, layer.geometry_type, _CRS84, z],
    )
    marks = ", ".join("?" * (len(layer.columns) + 1))
    names = ", ".join(f'"{name}"' for name in layer.columns)
    rows: list[list[Any]] = [
        [_blob(geometry), *(record.get(name) for name in layer.columns)] for geometry, record in layer.rows
    ]
    connection.executemany(f'INSERT INTO "{layer.name}" (geom, {names}) VALUES ({marks})', rows)  # noqa: S608 - names of ours


def _blob(geometry: BaseGeometry) -> bytes:
    """StandardGeoPackageBinary: magic, version 0, flags (little endian; an envelope for lines), system, WKB."""
    is_point = isinstance(geometry, Point)
    west, south, east, north = geometry.bounds
    envelope = b"" if is_point else struct.pack("<4d", west, east, south, north)
    flags = 0b0000_0001 if is_point else 0b0000_0011
    wkb: bytes = shapely.to_wkb(geometry, byte_order=1, flavor="iso")
    return b"GP" + struct.pack("<BBi", 0, flags, _CRS84) + envelope + wkb


def _point(place: Sequence[float]) -> Point:
    return Point(*place)
