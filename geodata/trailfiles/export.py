"""A trail as a file for GIS and phones: GeoJSON, GPX 1.1, GeoPackage; the importer reads each back without loss."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import geopandas
from shapely import Point
from shapely.geometry import mapping

from geodata.findings.trail_file import Refused
from geodata.geometry.line import TrailGeometry
from geodata.messages.message import message, phrase
from geodata.model.station import Station
from geodata.model.trail import Trail

_GPX = "http://www.topografix.com/GPX/1/1"
_OWN = "urn:digitalpfad:trail"
_GEOPANDAS: Any = geopandas  # half typed

Record = Mapping[str, str | int | float | bool]


def write(file: Path, trail: Trail, stations: Sequence[Station], base_url: str = "") -> None:
    """Write ``file``, whole or not at all, in the format of its suffix; retired stations are left out.

    ``base_url`` is the beginning of the stations' addresses, for the links in GPX. Raises Refused for other suffixes.
    """
    live = sorted((station for station in stations if station.retired_at is None), key=lambda station: station.number)
    suffix = file.suffix.lower()
    try:
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=".digitalpfad-export-") as folder:
            part = Path(folder) / f"part{suffix}"
            if suffix in {".geojson", ".json"}:
                _geojson(part, trail, live)
            elif suffix == ".gpx":
                _gpx(part, trail, live, base_url.rstrip("/"))
            elif suffix == ".gpkg":
                _geopackage(part, trail, live)
            else:
                raise Refused(
                    message("{name} ends in {ending}.", name=file.name, ending=suffix or phrase("nothing")),
                    ".geojson, .gpx or .gpkg",
                    reason="suffix-unknown",
                )
            part.replace(file)
    except OSError as error:
        sentence = message("{file} cannot be written: {reason}.", file=file, reason=error.strerror)
        raise Refused(sentence, "a folder that exists and takes files", reason="file-not-written") from error


def _trail_record(trail: Trail) -> Record:
    return {
        "slug": trail.slug,
        "name": trail.name() or trail.slug,
        "municipality": trail.municipality,
        "licence": trail.licence,
        "attribution": trail.attribution,
        "surveyed": trail.surveyed,
        **({"direction": trail.direction.value} if trail.direction else {}),
        "length_m": round(TrailGeometry(trail.line).length_m, 1),
    }


def _station_record(station: Station) -> Record:
    return {
        "code": station.code,
        "number": station.number,
        "name": station.title(),
        "along_m": station.along_m,
    }


def _point(station: Station) -> Point:
    return Point(*_lon_lat_height(station))


def _lon_lat_height(station: Station) -> tuple[float, ...]:
    place = (station.lon, station.lat)
    return place if station.height is None else (*place, station.height)


def _geojson(file: Path, trail: Trail, stations: Sequence[Station]) -> None:
    features = [
        (trail.line, _trail_record(trail)),
        *((_point(station), _station_record(station)) for station in stations),
    ]
    collection = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": record, "geometry": mapping(geometry)} for geometry, record in features
        ],
    }
    file.write_text(json.dumps(collection, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _geopackage(file: Path, trail: Trail, stations: Sequence[Station]) -> None:
    """Layers ``trail`` and ``stations``; phones and GIS expect EPSG:4326, which GeoPackage stores as lon, lat."""
    layers = {
        "trail": ([_trail_record(trail)], [trail.line]),
        "stations": ([_station_record(station) for station in stations], [_point(station) for station in stations]),
    }
    for layer, (records, geometries) in layers.items():
        if records:
            frame = _GEOPANDAS.GeoDataFrame(records, geometry=geometries, crs="EPSG:4326")
            frame.to_file(file, layer=layer, driver="GPKG")


def _gpx(file: Path, trail: Trail, stations: Sequence[Station], base_url: str) -> None:
    """GDAL writes one layer per GPX file; apps want track and waypoints in one."""
    ET.register_namespace("", _GPX)
    ET.register_namespace("digitalpfad", _OWN)
    root = ET.Element(_name("gpx"), {"version": "1.1", "creator": "Digitalpfad"})
    for station in stations:
        point = _gpx_point(root, "wpt", _lon_lat_height(station))
        record = _station_record(station)
        _text(point, "name", record["name"])
        _text(point, "desc", f"Station {station.number}")
        if base_url:
            ET.SubElement(point, _name("link"), {"href": f"{base_url}/s/{station.code}"})
        _text(point, "type", "Station")
        _extensions(point, {name: record[name] for name in ("code", "number", "along_m")})
    track = ET.SubElement(root, _name("trk"))
    record = _trail_record(trail)
    _text(track, "name", record["name"])
    _extensions(track, {name: value for name, value in record.items() if name not in {"name", "length_m"}})
    segment = ET.SubElement(track, _name("trkseg"))
    for vertex in trail.line.coords:
        _gpx_point(segment, "trkpt", vertex)
    ET.indent(root, " ")
    ET.ElementTree(root).write(file, encoding="utf-8", xml_declaration=True)


def _gpx_point(parent: ET.Element, name: str, place: Sequence[float]) -> ET.Element:
    lon, lat, *height = place
    point = ET.SubElement(parent, _name(name), {"lat": _decimal(lat), "lon": _decimal(lon)})
    for metres in height:
        _text(point, "ele", _decimal(metres))
    return point


def _decimal(value: float) -> str:
    """XML's decimal knows no exponent; twelve places are less than a thousandth of a millimetre."""
    return f"{value:.12f}".rstrip("0").rstrip(".")


def _extensions(parent: ET.Element, record: Record) -> None:
    extensions = ET.SubElement(parent, _name("extensions"))
    for name, value in record.items():
        ET.SubElement(extensions, f"{{{_OWN}}}{name}").text = str(value)


def _text(parent: ET.Element, name: str, value: object) -> None:
    ET.SubElement(parent, _name(name)).text = str(value)


def _name(local: str) -> str:
    return f"{{{_GPX}}}{local}"
