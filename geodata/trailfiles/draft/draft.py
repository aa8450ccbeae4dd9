"""What a file says of one trail: its line, its stations, its own properties, checked before anything is compared."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import shapely
from shapely import LineString, Point

from geodata.errors import InvalidInput
from geodata.findings.finding import LonLat
from geodata.findings.trail_file import Findings, Refused
from geodata.geometry.line import TrailGeometry
from geodata.messages.listing import listed, shortened
from geodata.messages.message import Message, message, phrase
from geodata.model.section import Section
from geodata.trailfiles import bounds, reader_warnings
from geodata.trailfiles.draft import (
    assembly,
    checks,
    columns,
    facts,
    heights,
    layers,
    lines,
    shapes,
    spelling,
    stations,
    terrain,
)
from geodata.trailfiles.draft.assembly import Vertex
from geodata.trailfiles.draft.facts import SortedPoints
from geodata.trailfiles.draft.layers import Feature
from geodata.trailfiles.draft.records import JOIN_WITHIN_M, Draft, ParsedStation, ReadOptions
from geodata.trailfiles.draft.shapes import Shapes
from geodata.trailfiles.formats import opening
from geodata.trailfiles.formats.opening import Said
from geodata.trailfiles.source import composed
from geodata.trailfiles.systems import reprojection
from geodata.trailfiles.systems.reprojection import Systems

PROPERTIES = ("slug", "licence", "attribution", "municipality", "surveyed", "direction")


def read(file: Path, how: ReadOptions, findings: Findings) -> Draft:
    """Read and check ``file``; what it finds goes to ``findings``, what ends it is raised as Refused."""
    try:
        with reader_warnings.as_findings(findings):
            return _DraftReader(file, how, findings).draft()
    except RecursionError as error:
        raise bounds.too_deep(composed(file.name)) from error
    except MemoryError as error:
        raise bounds.too_many(composed(file.name)) from error


@dataclass(frozen=True, slots=True)
class _DraftReader:
    """One reading of one file: what is asked of it and where its findings go; each step takes what others gave."""

    file: Path
    how: ReadOptions
    findings: Findings

    def draft(self) -> Draft:
        objects = self._objects()
        lines_of_trail, stretches = facts.without_section_lines(objects.lines)
        trail_lines = self._trail_lines(lines_of_trail) if lines_of_trail else []
        line = self._line(trail_lines) if trail_lines else None
        points = self._points(objects.points, trail_lines)
        parsed, origins = self._stations(points.stations, trail_lines)
        draft = Draft(
            file=composed(self.file.name),
            line=line,
            name=lines.name_of(trail_lines[0]) if trail_lines else "",
            properties=_properties(trail_lines[0].values) if trail_lines else {},
            stations=tuple(parsed),
            columns=origins,
            places=tuple(points.places),
            sections=self._sections(trail_lines, stretches, line),
        )
        spelling.check(draft, self.findings)
        return draft

    def _objects(self) -> Shapes:
        """The lines and points of the layers that are asked for. Raises Refused without any."""
        options = Said(encoding=self.how.encoding, above_sea=self.how.heights_above_sea)
        with opening.opened(self.file, self.findings, options, self.how.layers) as sources:
            systems = Systems(crs=_known_crs(self.how.crs), swap_axes=self.how.swap_axes, heights=self.how.high)
            features = layers.read(self.file.name, sources, systems, self.how.layers, self.findings)
        objects = shapes.sorted_out(_without(features, self.how.leave_out, self.findings))
        shapes.tell_areas(objects, self.findings)
        if not objects.lines and not objects.points:
            raise Refused(
                message("{name} holds neither lines nor points.", name=self.file.name),
                phrase("a line, points for the stations, or both"),
                reason="no-geometry",
            )
        return objects

    def _trail_lines(self, candidates: Sequence[Feature]) -> list[Feature]:
        """The lines that are the trail; of a way that comes several times one."""
        chosen = lines.chosen(candidates, self.how.lines, self.how.layers, self.findings)
        for line in chosen:  # before they are compared in metres, which only places on Earth can be
            places: list[LonLat] = shapely.get_coordinates(line.geometry).tolist()
            checks.on_earth("The line", places, self.findings)
        return chosen if self.how.there_and_back else lines.without_doubles(chosen, self.findings)

    def _line(self, trail_lines: Sequence[Feature]) -> LineString:
        """One line, joined, turned, with heights where all are known, no finer than anyone needs."""
        vertices = self._with_heights(self._joined(trail_lines))
        vertices = checks.simplified(vertices, self.findings)  # after the heights: they decide what may go
        checks.plausible(vertices, self.findings)
        flat = any(math.isnan(height) for *_, height in vertices)
        return LineString([vertex[:2] for vertex in vertices] if flat else vertices)

    def _joined(self, trail_lines: Sequence[Feature]) -> list[Vertex]:
        allowed_m = self.how.join_within_m
        parts = lines.parts(trail_lines, allowed_m, JOIN_WITHIN_M, self.findings)
        within_m = JOIN_WITHIN_M if allowed_m is None else allowed_m
        vertices = checks.without_repeated_vertices(assembly.join(parts, within_m, self.findings))
        return vertices[::-1] if self.how.reverse else vertices

    def _with_heights(self, vertices: list[Vertex]) -> list[Vertex]:
        if self.how.without_heights:
            return [(lon, lat, math.nan) for lon, lat, _ in vertices]
        models = self.how.dem
        at = partial(terrain.heights, models, self.how.dem_crs, how=self.how.high, findings=self.findings)
        return heights.complete(vertices, at if models else None, self.findings)

    def _points(self, points: Sequence[Feature], trail_lines: Sequence[Feature]) -> SortedPoints:
        """Stations and places. Points of an object of several, or of the line's own object, are no places."""
        of_lines = {id(feature.values) for feature in trail_lines}
        single = [p for p in points if isinstance(p.geometry, Point) and id(p.values) not in of_lines]
        if self.how.points_are_stations or not single:
            return SortedPoints(list(points))
        found = facts.sort_points(single, self.findings)
        stays = {id(point) for point in found.stations} | {id(point) for point in points} - {id(p) for p in single}
        return SortedPoints([point for point in points if id(point) in stays], found.places)

    def _sections(
        self, trail_lines: Sequence[Feature], stretches: Sequence[Feature], line: LineString | None
    ) -> tuple[Section, ...]:
        if line is None:
            return ()
        return facts.read_sections(
            trail_lines, stretches, TrailGeometry(line), reverse=self.how.reverse, findings=self.findings
        )

    def _stations(
        self, points: Sequence[Feature], trail_lines: Sequence[Feature]
    ) -> tuple[list[ParsedStation], Message]:
        if self.how.without_stations:
            return [], phrase("")
        return stations.read(points, trail_lines, self.how, self.findings)


def _without(features: Sequence[Feature], names: Sequence[str], findings: Findings) -> list[Feature]:
    """All but the objects of these names. Raises Refused where none has one."""
    if not names:
        return list(features)
    feature_names = columns.names_of([feature.values for feature in features])
    unwanted = {name.casefold() for name in names}
    left_out = [name for name in feature_names if name.casefold() in unwanted]
    for name in names:
        if name.casefold() not in {other.casefold() for other in left_out}:
            raise Refused(
                message("Nothing is named {name}.", name=shortened(name)),
                message("one of {names}", names=listed(dict.fromkeys(filter(None, feature_names)))),
                reason="name-unknown",
            )
    findings.note(
        message(
            "Left out by {option[leave-out]}, {count} of them: {names}.", count=len(left_out), names=listed(left_out)
        ),
        reason="left-out",
    )
    return [feature for feature, name in zip(features, feature_names, strict=True) if name.casefold() not in unwanted]


def _known_crs(crs: str) -> str:
    """The system as it was given. Raises InvalidInput where pyproj knows none such: that is no fault of the file."""
    if crs and not reprojection.is_crs(crs):
        raise InvalidInput(message("{option[crs]}"), crs, "a coordinate system", "Write it as EPSG:25832.")
    return crs


def _properties(values: Mapping[str, object]) -> dict[str, str]:
    properties = {name: columns.text(values, name) for name in PROPERTIES if name in values}
    if "surveyed" in properties:  # formats without truth values write 0, 0.0 or False
        properties["surveyed"] = str(properties["surveyed"].casefold() not in {"false", "0", "0.0"})
    return properties
