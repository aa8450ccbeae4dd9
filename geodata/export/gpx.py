"""A trail as GPX 1.1: a track, and waypoints of stations and places with the symbols that devices know."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as ET

from geodata.export import records
from geodata.export.records import Record, TrailExport, lon_lat_height
from geodata.model.place import Place, PlaceKind
from geodata.model.station import Station

MEDIA_TYPE = "application/gpx+xml"
_GPX = "http://www.topografix.com/GPX/1/1"
_OWN = "urn:digitalpfad:trail"
_SYMBOLS: Mapping[PlaceKind, str] = {
    PlaceKind.TOILET: "Restroom",
    PlaceKind.BENCH: "Picnic Area",
    PlaceKind.BUS_STOP: "Ground Transportation",
    PlaceKind.PARKING: "Parking Area",
    PlaceKind.RESCUE_POINT: "First Aid",
    PlaceKind.ROAD_ACCESS: "Car",
    PlaceKind.SHELTER: "Lodge",
    PlaceKind.DRINKING_WATER: "Drinking Water",
    PlaceKind.FOOD: "Restaurant",
}
"""Names of Garmin's symbols, which other apps know too."""


def write(export: TrailExport, base_url: str = "") -> bytes:
    """The file. ``base_url``: the beginning of the stations' addresses, for their links."""
    ET.register_namespace("", _GPX)
    ET.register_namespace("digitalpfad", _OWN)
    root = ET.Element(_name("gpx"), {"version": "1.1", "creator": "Digitalpfad"})
    for station in export.stations:
        _station(root, station, base_url.rstrip("/"))
    for place in export.places:
        _place(root, place)
    _track(root, export)
    ET.indent(root, " ")
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def _station(root: ET.Element, station: Station, base_url: str) -> None:
    point = _point(root, "wpt", lon_lat_height(station))
    record = records.of_station(station)
    _text(point, "name", record["name"])
    _text(point, "desc", f"Station {station.number}")
    if base_url:
        ET.SubElement(point, _name("link"), {"href": f"{base_url}/s/{station.code}"})
    _text(point, "type", "Station")
    _extensions(point, {name: record[name] for name in ("code", "number", "along_m")})


def _place(root: ET.Element, place: Place) -> None:
    point = _point(root, "wpt", (place.lon, place.lat))
    record = records.of_place(place)
    _text(point, "name", record["name"])
    if place.note:
        _text(point, "desc", place.note)
    _text(point, "sym", _SYMBOLS[place.kind])
    _text(point, "type", place.kind.value)
    _extensions(point, {name: value for name, value in record.items() if name not in {"name", "note", "off_m"}})


def _track(root: ET.Element, export: TrailExport) -> None:
    """The line; a GPX has no place for stretches, so they go as one text, as JSON: GDAL drops line ends."""
    track = ET.SubElement(root, _name("trk"))
    record = records.of_trail(export.trail)
    _text(track, "name", record["name"])
    own = {name: value for name, value in record.items() if name not in {"name", "length_m"}}
    if export.sections:
        own["sections"] = json.dumps([records.of_section(section) for section in export.sections], ensure_ascii=False)
    _extensions(track, own)
    segment = ET.SubElement(track, _name("trkseg"))
    for vertex in export.trail.line.coords:
        _point(segment, "trkpt", vertex)


def _point(parent: ET.Element, name: str, place: Sequence[float]) -> ET.Element:
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
