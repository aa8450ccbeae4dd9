"""What a file says of one trail: its line, its stations, its own properties, checked before anything is compared."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import shapely
from shapely import LineString, Point
from shapely.geometry.base import BaseGeometry

from geodata.errors import InvalidInput
from geodata.importing import altitudes, assembly, checks, columns, heights, layers, reprojection, source, terrain
from geodata.importing.findings import Findings, LonLat, Refused
from geodata.importing.layers import Feature
from geodata.importing.reprojection import Systems
from geodata.importing.vertical import HowHigh

JOIN_WITHIN_M = 15.0
PROPERTIES = ("slug", "licence", "attribution", "municipality", "surveyed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How to read the file; the defaults suit a file that holds one trail and says all of itself."""

    crs: str = ""
    layers: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    join_within_m: float = JOIN_WITHIN_M
    reverse: bool = False
    swap_axes: bool = False
    dem: tuple[Path, ...] = ()
    dem_crs: str = ""
    geoid: Path | None = None
    heights_above_sea: bool = False
    without_heights: bool = False
    without_stations: bool = False

    @property
    def high(self) -> HowHigh:
        """What is said of heights."""
        return HowHigh(geoid=self.geoid, above_sea=self.heights_above_sea)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A station as the file has it; ``number``, ``code`` and ``along_m`` may be unknown."""

    lon: float
    lat: float
    height: float | None = None
    number: int | None = None
    name: str = ""
    code: str = ""
    along_m: float | None = None

    @property
    def title(self) -> str:
        """How a sentence calls it."""
        return " ".join(filter(None, [f"Station {self.number}" if self.number else "The station", self.name]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A file's trail. ``line`` is None where the file holds stations only; ``columns`` says what was taken for what."""

    file: str
    line: LineString | None
    name: str = ""
    properties: dict[str, str] = field(default_factory=dict[str, str])
    sightings: tuple[Sighting, ...] = ()
    columns: str = ""


def read(file: Path, how: Reading, findings: Findings) -> Draft:
    """Read and check ``file``; what it finds goes to ``findings``, what ends it is raised as Refused."""
    with source.opened(file) as found, altitudes.settled(found, findings, above_sea=how.heights_above_sea) as opened:
        systems = Systems(crs=_crs(how.crs), swap_axes=how.swap_axes, heights=how.high, source=opened)
        features = layers.read(opened, systems, how.layers, findings)
    if how.swap_axes and opened.format == "gpx":
        features = [Feature(one.layer, _swapped(one.geometry), one.values) for one in features]
    lines = _lines(features, how, findings)
    points = [] if how.without_stations else [one for one in features if one.geometry.geom_type.endswith("Point")]
    if not lines and not points:
        raise Refused(f"{file.name} holds neither lines nor points.", "a line, points for the stations, or both")
    others = sum(one.geometry.geom_type.endswith("Polygon") for one in features)
    if others:
        findings.note(f"{others} areas are ignored: a trail is a line, stations are points.")
    recognised = columns.recognised([point.values for point in points])
    for point in points[:1]:
        places: list[LonLat] = shapely.get_coordinates([one.geometry for one in points]).tolist()
        checks.on_earth(f"The layer {point.layer}", places, findings)
    return Draft(
        file=file.name,
        line=_line(lines, how, findings) if lines else None,
        name=_name(lines[0]) if lines else "",
        properties=_properties(lines[0].values) if lines else {},
        sightings=tuple(sighting for point in points for sighting in _sightings(point, recognised)),
        columns=str(recognised) if points else "",
    )


def _crs(given: str) -> str:
    """The same where pyproj knows it: a wrong option is no fault of the file."""
    if given and not reprojection.is_crs(given):
        raise InvalidInput("--crs", given, "a coordinate system", "Write it as EPSG:25832.")
    return given


def _swapped(geometry: BaseGeometry) -> BaseGeometry:
    turned: BaseGeometry = shapely.transform(
        geometry, lambda xyz: xyz[:, [1, 0, 2][: xyz.shape[1]]], include_z=geometry.has_z
    )
    return turned


def _properties(values: Mapping[str, object]) -> dict[str, str]:
    found = {name: columns.text(values, name) for name in PROPERTIES if name in values}
    if "surveyed" in found:  # formats without truth values write 0, 0.0 or False
        found["surveyed"] = str(found["surveyed"].casefold() not in {"false", "0", "0.0"})
    return found


def _name(feature: Feature) -> str:
    return columns.text(feature.values, columns.recognised([feature.values]).name)


def _lines(features: Sequence[Feature], how: Reading, findings: Findings) -> list[Feature]:
    """The features that make up the line: those asked for, else all, provided that they are one trail."""
    lines = [one for one in features if one.geometry.geom_type in {"LineString", "MultiLineString"}]
    lines += [one for one in features if one.geometry.geom_type == "GeometryCollection"]
    if {"tracks", "routes"} <= {one.layer for one in lines} and not how.layers:
        lines = [one for one in lines if one.layer != "routes"]
        findings.note("The file holds tracks and routes: the tracks are taken. --layer routes takes the others.")
    names = sorted({_name(one) for one in lines} - {""})
    wanted = {name.casefold() for name in how.lines}
    if wanted:
        lines = [one for one in lines if _name(one).casefold() in wanted]
        if not lines:
            raise Refused(f"No line is named {' or '.join(how.lines)}.", f"one of {', '.join(names) or 'no names'}")
    elif len(names) > 1:
        raise Refused(
            f"The file holds {len(names)} lines with names of their own: {_listed(names)}.",
            "one trail",
            f"Choose it with --line '{names[0]}'; give --line several times for a trail of several parts.",
        )
    return lines


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")


def _line(lines: Sequence[Feature], how: Reading, findings: Findings) -> LineString:
    parts = [part for one in lines for part in _parts(one.geometry)]
    checks.on_earth("The line", [(lon, lat) for part in parts for lon, lat, _ in part], findings)
    line = checks.without_repeated_vertices(assembly.join(parts, how.join_within_m, findings))
    line = line[::-1] if how.reverse else line
    if how.without_heights:
        line = [(lon, lat, math.nan) for lon, lat, _ in line]
    else:
        at = partial(terrain.heights, how.dem, how.dem_crs, how=how.high, findings=findings) if how.dem else None
        line = heights.complete(line, at, findings)
    line = checks.simplified(line, findings)
    checks.plausible(line, findings)
    flat = any(math.isnan(height) for *_, height in line)
    return LineString([vertex[:2] for vertex in line] if flat else line)


def _parts(geometry: BaseGeometry) -> list[list[assembly.Vertex]]:
    """All lines inside a geometry, however deep."""
    if isinstance(geometry, LineString):
        return [assembly.vertices(geometry)]
    parts: list[BaseGeometry] = shapely.get_parts(geometry).tolist()
    return [line for part in parts if not isinstance(part, Point) and part != geometry for line in _parts(part)]


def _sightings(point: Feature, found: columns.Columns) -> list[Sighting]:
    number, name = columns.number_and_name(point.values, found)
    along_m = columns.measure(point.values.get(found.along_m))
    return [
        Sighting(
            lon=lon,
            lat=lat,
            height=z if z and -450 <= z <= 9000 else None,
            number=number,
            name=name,
            code=columns.text(point.values, found.code),
            along_m=along_m,
        )
        for lon, lat, z in shapely.get_coordinates(point.geometry, include_z=True).tolist()
    ]
