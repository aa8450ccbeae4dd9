"""Which lines of a file are the trail, and in which pieces they go to be joined."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import shapely
from shapely import LineString, MultiLineString
from shapely.geometry.base import BaseGeometry

from geodata.findings.trail_file import Findings, Refused
from geodata.geometry.map_frame import METRES_PER_DEGREE
from geodata.messages.listing import listed
from geodata.messages.message import message, phrase
from geodata.trailfiles.draft import assembly
from geodata.trailfiles.draft.columns import names_of
from geodata.trailfiles.draft.layers import Feature

_MANY = 10  # lines to choose from are named more often than what is only told
_PAUSE_M = 100.0
_SAME_WAY_M, _SAME_LENGTH = 20.0, 0.1


def name_of(feature: Feature) -> str:
    """The name of a line, empty where it has none."""
    return names_of([feature.values])[0]


def chosen(lines: Sequence[Feature], wanted: Sequence[str], layers: Sequence[str], findings: Findings) -> list[Feature]:
    """The lines named ``wanted``, else all, provided that they are one trail. Raises Refused."""
    selected = list(lines)
    if {"tracks", "routes"} <= {feature.layer for feature in selected} and not layers:
        routes = [feature for feature in selected if feature.layer == "routes"]
        selected = [feature for feature in selected if feature.layer != "routes"]
        findings.note(
            message("The file holds tracks and routes: the tracks are taken. {option[layer]:routes} takes the others.")
            if not any(names_of([feature.values for feature in routes]))
            else message(
                "The file holds tracks and routes: the tracks are taken. {option[layer]:routes} takes the others:"
                " {names}.",
                names=listed(names_of([feature.values for feature in routes])),
            ),
            reason="tracks-and-routes",
        )
    names = sorted({name_of(feature) for feature in selected} - {""})
    if wanted:
        return _named(selected, wanted, names, findings)
    if len(names) > 1:
        raise Refused(
            message("The file holds {count} lines with their own names: {names}.", count=len(names),
                    names=listed(names, quoted=False, most=_MANY)),
            phrase("one trail"),
            message("Choose it with {option[line]:'{name}'}; give {option[line]} several times for a trail"
                    " of several parts.",
                    name=names[0]), reason="several-lines",
        )  # fmt: skip
    return selected


def _named(lines: Sequence[Feature], wanted: Sequence[str], names: Sequence[str], findings: Findings) -> list[Feature]:
    folded = {name.casefold() for name in wanted}
    selected = [feature for feature in lines if name_of(feature).casefold() in folded]
    if not selected:
        raise Refused(
            message("No line is named {names}.", names=" | ".join(wanted)),
            message("one of {names}", names=listed(names, quoted=False, most=_MANY) or "–"),
            reason="line-unknown",
        )
    others = [name_of(feature) for feature in lines if name_of(feature).casefold() not in folded]
    if others:
        findings.note(
            message("Other lines are left out, {count} of them: {names}.", count=len(others), names=listed(others)),
            reason="lines-left-out",
        )
    return selected


def without_doubles(lines: Sequence[Feature], findings: Findings) -> list[Feature]:
    """The first of several lines that run the same way, in either direction: a walk recorded there and back, or twice.

    Lines of which only some repeat others are left as they are: a side branch is drawn there and back so.
    """
    ways = _ways(lines)
    plain = [_plane(MultiLineString([line for feature in way for line in _lines(feature.geometry)])) for way in ways]
    if len(ways) < 2 or not all(_same_way(plain[0], other) for other in plain[1:]):
        return list(lines)
    if all(plain[0].equals(other) and _starts(plain[0]) == _starts(other) for other in plain[1:]):
        return list(lines)  # the same vertices: assembly takes them once
    turned = sum(1 for other in plain[1:] if _runs_against(plain[0], other))
    findings.warn(
        message(
            "The same way comes {count} times, {turned} of them the other way round: {names}. It is taken once.",
            count=len(ways), turned=turned, names=listed(name_of(way[0]) for way in ways),
        ),
        hint=message("If it is walked there and back, say {option[there-and-back]}."), reason="way-twice",
    )  # fmt: skip
    return ways[0]


def _ways(lines: Sequence[Feature]) -> list[list[Feature]]:
    """The lines of one recording together, each other line alone."""
    ways: list[list[Feature]] = []
    for feature in lines:
        before = ways[-1][-1] if ways else None
        if before and feature.recording >= 0 and (feature.layer, feature.recording) == (before.layer, before.recording):
            ways[-1].append(feature)
        else:
            ways.append([feature])
    return ways


def _plane(line: MultiLineString) -> BaseGeometry:
    """In metres, near enough to compare lines; vertices that change nothing go, so that it does not take long."""
    lat = math.radians(line.bounds[1])
    moved: BaseGeometry = shapely.transform(line, lambda xy: xy * [math.cos(lat), 1.0] * METRES_PER_DEGREE)
    return moved.simplify(1.0)


def _same_way(a: BaseGeometry, b: BaseGeometry) -> bool:
    long, short = max(a.length, b.length), min(a.length, b.length)
    if long == 0 or short < (1 - _SAME_LENGTH) * long:
        return False
    return a.segmentize(_SAME_WAY_M).hausdorff_distance(b.segmentize(_SAME_WAY_M)) <= _SAME_WAY_M


def _starts(line: BaseGeometry) -> list[float]:
    return shapely.get_coordinates(line)[0].tolist()


def _runs_against(a: BaseGeometry, b: BaseGeometry) -> bool:
    """Whether b begins nearer to a's end than to its start; on a loop, whether its first leg runs the other way."""
    first = shapely.get_coordinates(a)
    second = shapely.get_coordinates(b)
    if math.dist(first[0], first[-1]) > _SAME_WAY_M:
        return math.dist(second[0], first[-1]) < math.dist(second[0], first[0])
    return bool(shapely.is_ccw(shapely.LinearRing(first)) != shapely.is_ccw(shapely.LinearRing(second)))


def parts(
    lines: Sequence[Feature], tolerance_m: float | None, default_m: float, findings: Findings
) -> list[list[assembly.Vertex]]:
    """The pieces that are to be joined. ``tolerance_m`` is what the user allows; None: a recording may pause."""
    joined: list[list[assembly.Vertex]] = []
    for way in _ways(lines):
        pieces = [assembly.vertices(line) for feature in way for line in _lines(feature.geometry)]
        joined += _bridged(pieces, default_m, findings) if len(way) > 1 and tolerance_m is None else pieces
    return joined


def _lines(geometry: BaseGeometry) -> list[LineString]:
    lines: list[LineString] = shapely.get_parts(geometry).tolist()
    return lines


def _bridged(
    pieces: Sequence[list[assembly.Vertex]], tolerance_m: float, findings: Findings
) -> list[list[assembly.Vertex]]:
    """Segments of one recording, which GPX defines as logically connected in order, over pauses of up to 100 m."""
    bridged = [list(pieces[0])]
    for before, after in pairwise(pieces):
        gap_m = assembly.distance_m(before[-1], after[0])
        if tolerance_m < gap_m <= _PAUSE_M:
            findings.warn(
                message("The recording pauses for {gap_m:.0f} m, which become a straight line.", gap_m=gap_m),
                hint=message("Draw the way between in a GIS; {option[join-within]:15} refuses it."),
                place=before[-1][:2],
                reason="recording-pauses",
            )
            bridged[-1] += after
        else:
            bridged.append(list(after))
    return bridged
