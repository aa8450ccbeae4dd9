"""The area of a closure from a GeoJSON file as GIS programs write it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import shapely
from pyproj import CRS
from pyproj.exceptions import ProjError
from shapely import MultiPolygon, Polygon
from shapely.errors import ShapelyError

from geodata.errors import InvalidInput
from geodata.findings.trail_file import Findings, Refused
from geodata.messages.message import counted, followed_by, message, phrase
from geodata.security import bounded_file
from geodata.trailfiles.systems import conversion
from geodata.trailfiles.systems.known_systems import mistake

Area = Polygon | MultiPolygon

_AREA = message("{option[area]}")
_EXPECTED = "a GeoJSON file with polygons, lon and lat in degrees"
_AS_POLYGON = message(
    "Draw the area as a polygon in your GIS, or close a stretch with {option[from-station]} and {option[to-station]}."
)
_NOTHING: dict[str, Any] = {"type": "", "coordinates": []}
EXPORT = "Export it in EPSG:4326, lon before lat."
_MAX_BYTES = 2 * 2**20  # twenty thousand corners; as objects of Python fifty times as much


@dataclass(slots=True)
class _AreaParts:
    """What a file holds: polygons as rings of positions, how many other things, and rings that had to be closed."""

    polygons: list[list[Any]] = field(default_factory=list[list[Any]])
    lines: int = 0
    others: int = 0
    closed: int = 0


def read(file: Path, crs: str, findings: Findings) -> Area:
    """The polygons of ``file`` as one area in lon, lat; says what was left out, closed or converted.

    ``crs`` overrules what the file says. Raises InvalidInput.
    """
    document = _document(file)
    parts = _AreaParts()
    for geometry in _geometries(document):
        _sort(geometry, parts)
    if not parts.polygons:
        what = message("a file with {lines} lines and {others} other objects", lines=parts.lines, others=parts.others)
        raise InvalidInput(
            _AREA,
            file.name,
            _EXPECTED,
            message("It is {what}. {hint}", what=what, hint=phrase(_AS_POLYGON)),
        )
    area = _one(parts, file, findings)
    if others := parts.lines + parts.others:
        findings.note(
            counted(
                "{count} object of {file} is no area: left out.",
                "{count} objects of {file} are no areas: left out.",
                count=others,
                file=file.name,
            ),
            reason="no-area",
        )
    return _in_degrees(area, _system(document, crs, file), file, findings)


def _document(file: Path) -> Any:
    try:
        content = bounded_file.at_most(file, _MAX_BYTES)
        if len(content) > _MAX_BYTES:
            expected = message("at most {most} MB", most=_MAX_BYTES // 2**20)
            raise InvalidInput(_AREA, file.name, expected, "Leave out what is no area.")
        return json.loads(content.decode("utf-8-sig"))
    except OSError as error:
        raise InvalidInput(_AREA, str(file), _EXPECTED, f"{error.strerror}.") from error
    except json.JSONDecodeError as error:
        hint = message("From line {line}, column {column} on it is no JSON.", line=error.lineno, column=error.colno)
        raise InvalidInput(_AREA, file.name, _EXPECTED, hint) from error
    except UnicodeDecodeError as error:
        raise InvalidInput(_AREA, file.name, "text in UTF-8", "Save it anew as UTF-8.") from error
    except (ValueError, RecursionError) as error:
        hint = message("It is no JSON: {error}.", error=error)
        raise InvalidInput(_AREA, file.name, _EXPECTED, hint) from error


def _geometries(value: Any) -> Iterator[dict[str, Any]]:
    """Geometries of collections, features and geometry collections, however deep; None where a feature has none."""
    if not isinstance(value, dict):
        return
    members = cast("dict[str, Any]", value)
    inner = [members.get("geometry") or _NOTHING] if members.get("type") == "Feature" else []
    for name in ("features", "geometries"):
        listed = members.get(name)
        inner += cast("list[Any]", listed) if isinstance(listed, list) else []
    if "coordinates" in members:
        yield members
    for member in inner:
        yield from _geometries(member)


def _sort(geometry: dict[str, Any], parts: _AreaParts) -> None:
    kind, coordinates = geometry.get("type"), geometry["coordinates"]
    if kind == "Polygon":
        parts.polygons.append(coordinates)
    elif kind == "MultiPolygon":
        parts.polygons.extend(coordinates)
    elif kind in ("LineString", "MultiLineString"):  # a list or object is in no set
        parts.lines += 1
    else:
        parts.others += 1


def _one(parts: _AreaParts, file: Path, findings: Findings) -> Area:
    """All polygons together; a ring whose last position is not its first is closed, one that crosses itself refused."""
    polygons = [_polygon(rings, parts, file) for rings in parts.polygons]
    if parts.closed:
        closed = counted(
            "{count} outline of {file} ends before its start.",
            "{count} outlines of {file} end before their start.",
            count=parts.closed,
            file=file.name,
        )
        findings.note(followed_by(closed, "They are closed."), reason="ring-closed")
    if len(polygons) > 1:
        findings.note(
            message("{count} areas of {file} are taken together.", count=len(polygons), file=file.name),
            reason="areas-joined",
        )
    return cast("Area", shapely.union_all(polygons))


def _polygon(rings: Any, parts: _AreaParts, file: Path) -> Polygon:
    try:
        flat = [[(float(position[0]), float(position[1])) for position in ring] for ring in rings]
        for position in (position for ring in flat for position in ring if not all(map(math.isfinite, position))):
            held = message("It holds the position {position}.", position=list(position))
            raise InvalidInput(_AREA, file.name, "numbers for lon and lat", held)
        parts.closed += sum(ring[0] != ring[-1] for ring in flat)
        polygon = Polygon(flat[0], flat[1:])
    except (TypeError, ValueError, IndexError, ShapelyError) as error:
        held = message("It holds the polygon {rings:.60}.", rings=repr(rings))
        raise InvalidInput(_AREA, file.name, _EXPECTED, held) from error
    if not polygon.is_valid or polygon.is_empty:
        place = shapely.is_valid_reason(polygon).partition("[")[2].rstrip("]")
        hint = message("It does at {place}: draw it anew there.", place=place) if place else "Draw it anew."
        raise InvalidInput(_AREA, file.name, "an outline that does not cross itself", hint)
    return polygon


def _in_degrees(area: Area, system: CRS | None, file: Path, findings: Findings) -> Area:
    """The area in lon, lat, converted where it is in another system."""
    places = lonlats = shapely.get_coordinates(area)
    plane = conversion.horizontal(system) if system else conversion.CRS84
    what = message("the area {file}", file=file.name)
    try:
        rough = conversion.roughly(plane, places)
        lonlats = conversion.chosen(plane, rough, what, findings).to_lonlat(places)
    except (ProjError, Refused) as error:
        why = error.sentence if isinstance(error, Refused) else str(error)
        raise InvalidInput(_AREA, file.name, _EXPECTED, why) from error
    for (x, y), (lon, lat) in zip(places.tolist(), lonlats.tolist(), strict=True):
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):
            hint = mistake(x, y, plane)
            exported = hint is None or message("{option[swap-axes]}") in hint
            coordinates = message("{x:.10g}, {y:.10g}", x=x, y=y)
            raise InvalidInput(_AREA, coordinates, _EXPECTED, EXPORT if exported else hint or "")
    if lonlats is not places:
        findings.note(
            message("{file} is converted from {system}.", file=file.name, system=conversion.named(plane)),
            reason="area-converted",
        )
    return shapely.set_coordinates(area, lonlats)


def _system(document: Any, crs: str, file: Path) -> CRS | None:
    """The one given, else that of the ``crs`` member of GeoJSON before RFC 7946."""
    member = cast("dict[str, Any]", document).get("crs") if isinstance(document, dict) else None
    if not crs and not member:
        return None
    try:
        return CRS(crs or cast("dict[str, Any]", member)["properties"]["name"])
    except (ProjError, KeyError, TypeError) as error:
        field, value = (message("{option[crs]}"), crs) if crs else (_AREA, f"{file.name} with the crs {member!r:.80}")
        raise InvalidInput(field, value, "a coordinate system", "Write it as EPSG:25832.") from error
