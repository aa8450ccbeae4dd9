"""What the objects of a file are made of: lines, points, areas. What becomes neither line nor station is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import shapely
from shapely import LineString, MultiLineString, MultiPoint, Point
from shapely.geometry.base import BaseGeometry

from geodata.findings.trail_file import Findings
from geodata.messages.listing import listed, shortened
from geodata.messages.message import message, phrase
from geodata.trailfiles.draft.assembly import distance_m
from geodata.trailfiles.draft.columns import Columns, names_of
from geodata.trailfiles.draft.layers import Feature


@dataclass(slots=True)
class Shapes:
    """The objects by what they are made of; one of several kinds is in several lists, with the same ``values``."""

    lines: list[Feature] = field(default_factory=list[Feature])
    points: list[Feature] = field(default_factory=list[Feature])
    areas: list[Feature] = field(default_factory=list[Feature])


def sorted_out(features: Sequence[Feature]) -> Shapes:
    """The lines, points and areas inside all objects, however deep they lie in collections."""
    shapes = Shapes()
    for feature in features:
        if isinstance(feature.geometry, Point):
            shapes.points.append(feature)
            continue
        parts = list(_simple(feature.geometry))
        lines = [part for part in parts if isinstance(part, LineString)]
        points = [part for part in parts if isinstance(part, Point)]
        if lines:
            shapes.lines.append(replace(feature, geometry=lines[0] if len(lines) == 1 else MultiLineString(lines)))
        if points:
            shapes.points.append(replace(feature, geometry=points[0] if len(points) == 1 else MultiPoint(points)))
        if len(lines) + len(points) < len(parts):
            shapes.areas.append(feature)
    return shapes


def _simple(geometry: BaseGeometry) -> Iterator[BaseGeometry]:
    """The parts that are no collections."""
    if not hasattr(geometry, "geoms"):
        yield geometry
        return
    parts: list[BaseGeometry] = shapely.get_parts(geometry).tolist()
    for part in parts:
        if not part.is_empty:
            yield from _simple(part)


def tell_areas(shapes: Shapes, findings: Findings) -> None:
    """Areas are left out; the label that a map program puts into one becomes a station, which may not be meant."""
    if not shapes.areas:
        return
    points = {id(feature.values) for feature in shapes.points}
    labels = names_of([feature.values for feature in shapes.areas if id(feature.values) in points])
    findings.note(
        message(
            "Areas are left out, {count} of them: {names}. A trail is a line, stations are points.",
            count=len(shapes.areas), names=listed(names_of([feature.values for feature in shapes.areas])),
        ),
        reason="areas-left-out",
    )  # fmt: skip
    if labels:
        findings.warn(
            message("Points of areas become stations, {count} of them: {names}.", count=len(labels),
                    names=listed(labels)),
            hint=message("If they are only the labels of the areas, leave them out with {option[leave-out]:NAME}."),
            reason="points-of-areas",
        )  # fmt: skip


def single_points(
    points: Sequence[Feature], recognised: Columns, lines: Sequence[Feature], findings: Findings
) -> list[Feature]:
    """One point for each station: those inside the taken ``lines`` have no name of their own.

    An object of several points is one station, at the first of them; where it is the only object with points and has
    neither number nor code, or says nothing of itself, each point is a station.
    """
    alone = len(points) == 1 and not (recognised.number or recognised.code)
    of_lines = {id(feature.values) for feature in lines}
    single: list[Feature] = []
    for feature in points:
        own = feature
        if id(feature.values) in of_lines:
            own = replace(feature, values={})
            _tell_inside(feature, findings)
        if isinstance(own.geometry, Point):
            single.append(own)
        else:
            single.extend(_of_several(own, findings, alone=alone))
    return single


def _tell_inside(feature: Feature, findings: Findings) -> None:
    findings.note(
        message(
            "Points inside the object {name} become stations without names, {count} of them.",
            name=shortened(names_of([feature.values])[0]), count=len(shapely.get_coordinates(feature.geometry)),
        ),
        reason="points-inside-object",
    )  # fmt: skip


def _of_several(feature: Feature, findings: Findings, *, alone: bool) -> list[Feature]:
    points: list[Point] = shapely.get_parts(feature.geometry).tolist()
    name = shortened(names_of([feature.values])[0])
    if alone or not feature.values:
        if feature.values:
            findings.warn(
                message("The object {name} has {count} points: each becomes a station, without a name.", name=name,
                        count=len(points)), reason="several-points",
            )  # fmt: skip
        return [Feature(feature.layer, point) for point in points]
    first = points[0]
    farthest_m = max(distance_m((first.x, first.y), (other.x, other.y)) for other in points[1:])
    findings.warn(
        message(
            "The object {name} has {count} points, up to {apart_m:.0f} m apart: it becomes one station, at the first.",
            name=name, count=len(points), apart_m=farthest_m,
        ),
        phrase("one point for each station"),
        phrase("For several stations, split it into single points in a GIS."),
        (first.x, first.y), reason="points-far-apart",
    )  # fmt: skip
    return [replace(feature, geometry=first)]
