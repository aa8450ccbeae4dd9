"""GPX and KML by hand: encodings, declarations, prefixes, decimal commas, folders, collections, tracks."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import escape

from tests.geodata.trailfiles.oddfiles.town import AREA, LINE, NOWHERE, Odd, Post, Town

_KML = 'xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"'
_GPX = 'xmlns="http://www.topografix.com/GPX/1/1"'
Vertex = tuple[float, float, float | None]


def write_gpx(folder: Path, town: Town, odd: Odd) -> Path:
    """Waypoints, and the line as a track, a track of several segments, or a route."""
    points = "".join(_waypoint(post, odd) for post in town.posts)
    made = odd.one_of("gpx line", "trk", "segments", "rte")
    own = odd.one_of(
        "gpx extension", "", "<extensions><ns3:hr>80</ns3:hr></extensions>", "<extensions><a b='1'/></extensions>"
    )
    number = _comma(odd)
    vertices = [_gpx_point("rtept" if made == "rte" else "trkpt", vertex, number, odd) for vertex in town.line]
    if made == "rte":
        line = f"<rte><name>{LINE}</name>{own}{''.join(vertices)}</rte>"
    else:
        parts = [vertices] if made == "trk" else [vertices[:5], vertices[4:]]
        segments = "".join(f"<trkseg>{''.join(part)}</trkseg>" for part in parts)
        line = f"<trk><name>{LINE}</name>{own}{segments}</trk>"
    empty = odd.one_of("gpx empty parts", "", "<rte></rte>", "<trk><name>Leer</name><trkseg/></trk>")
    head = odd.one_of("gpx head", f'version="1.1" creator="x" {_GPX}', 'version="1.1"', 'version="1.2" creator=""')
    body = f"<gpx {head}>{points}{line}{empty}</gpx>"
    return _written(folder / "trail.gpx", body, odd)


def _comma(odd: Odd) -> str:
    return odd.one_of("decimal mark", ".", ",")


def _decimal(value: float, mark: str) -> str:
    return f"{value:.7f}".replace(".", mark)


def _gpx_point(tag: str, vertex: Vertex, mark: str, odd: Odd) -> str:
    lon, lat, height = vertex
    ele = "" if height is None else f"<ele>{_decimal(height, mark)}</ele>"
    return f'<{tag} lat="{_decimal(lat, mark)}" lon="{_decimal(lon, mark)}">{ele}</{tag}>'


def _waypoint(post: Post, odd: Odd) -> str:
    ele = "" if post.height is None else f"<ele>{post.height}</ele>"
    return f'<wpt lat="{post.lat:.7f}" lon="{post.lon:.7f}">{ele}<name>{escape(post.name)}</name></wpt>'


def write_kml(folder: Path, town: Town, odd: Odd) -> Path:
    """Placemarks, perhaps in folders or in a KMZ; the line as a LineString, a collection or a track."""
    marks = [_placemark(post.name, _kml_point(post), post.number) for post in town.posts]
    line = _kml_line(town, odd)
    if town.area:
        marks.append(_placemark(AREA, _kml_area(town, odd)))
    if town.nowhere:
        marks.append(f"<Placemark><name>{NOWHERE}</name></Placemark>")
    stations = "".join(marks)
    if odd.one_of("kml folders", False, True):
        stations = f"<Folder><name>Stationen\nam Weg</name>{stations}</Folder>"
    comment = odd.one_of("kml comment", "", f"<!-- {'x' * 3000} -->")
    body = f"{comment}<kml {_KML}><Document>{stations}{line}</Document></kml>"
    file = _written(folder / "trail.kml", body, odd)
    if not odd.one_of("kmz", False, True):
        return file
    with zipfile.ZipFile(folder / "trail.kmz", "w") as archive:
        archive.write(file, "doc.kml")
        archive.writestr("__MACOSX/._doc.kml", b"\0\5\26\7")
    return folder / "trail.kmz"


def _kml_line(town: Town, odd: Odd) -> str:
    kind = odd.one_of("kml line", "LineString", "MultiGeometry", "gx:Track", "Track")
    mode = "<altitudeMode>absolute</altitudeMode>"
    if kind in {"gx:Track", "Track"}:
        coord = "gx:coord" if kind == "gx:Track" else "coord"
        places = "".join(
            f"<{coord}>{' '.join(map(str, filter(lambda v: v is not None, v)))}</{coord}>" for v in town.line
        )
        whens = "".join(f"<when>2026-05-01T10:{i:02}:00Z</when>" for i in range(len(town.line)))
        return _placemark(LINE, f"<{kind}>{mode}{whens}{places}</{kind}>")
    separator = odd.one_of("kml separator", " ", "\n  ")
    line = f"<LineString>{mode}<coordinates>{_coordinates(town.line, separator)}</coordinates></LineString>"
    return _placemark(LINE, line if kind == "LineString" else f"<MultiGeometry>{line}</MultiGeometry>")


def _coordinates(vertices: Iterable[Vertex], separator: str = " ") -> str:
    return separator.join(",".join(f"{value:.7f}" for value in vertex if value is not None) for vertex in vertices)


def _kml_point(post: Post) -> str:
    place = _coordinates([(post.lon, post.lat, post.height)])
    return f"<Point><altitudeMode>absolute</altitudeMode><coordinates>{place}</coordinates></Point>"


def _kml_area(town: Town, odd: Odd) -> str:
    (lon, lat, _), *_ = town.line
    ring = [(lon, lat, None), (lon + 0.01, lat, None), (lon + 0.01, lat + 0.01, None), (lon, lat, None)]
    edge = (
        f"<outerBoundaryIs><LinearRing><coordinates>{_coordinates(ring)}</coordinates></LinearRing></outerBoundaryIs>"
    )
    area = f"<Polygon>{edge}</Polygon>"
    return area if odd.one_of("area with label", False, True) is False else f"<MultiGeometry>{area}</MultiGeometry>"


def _placemark(name: str, geometry: str, number: str = "") -> str:
    data = f'<ExtendedData><Data name="Nr"><value>{number}</value></Data></ExtendedData>' if number else ""
    return f"<Placemark><name>{escape(name)}</name>{data}{geometry}</Placemark>"


def _written(file: Path, body: str, odd: Odd) -> Path:
    """With a declaration that is right, missing or wrong, in an encoding that people's programs use."""
    encoding, declared, start = odd.one_of(
        "encoding",
        ("utf-8", "UTF-8", ""),
        ("utf-8", "", ""),
        ("utf-8-sig", "UTF-8", ""),
        ("utf-8", "UTF-8", "\n"),
        ("cp1252", "windows-1252", ""),
        ("iso-8859-1", "ISO-8859-1", ""),
        ("utf-16", "UTF-16", ""),
        ("utf-8", "UTF-16", ""),
    )
    declaration = f'<?xml version="1.0" encoding="{declared}"?>\n' if declared else ""
    end = odd.one_of("after the end", "", "\n", "\n\0", "\nPowered by")
    file.write_bytes(f"{start}{declaration}{body}{end}".encode(encoding))
    return file
