"""Whether a line can be a trail: on Earth, lon before lat, no jumps, no spikes, not more vertices than anyone needs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely import LineString, STRtree

from geodata.findings.finding import LonLat
from geodata.findings.trail_file import Findings, Refused
from geodata.geometry.line import utm_epsg
from geodata.messages.message import message, phrase
from geodata.trailfiles.draft.assembly import Vertex, distance_m
from geodata.trailfiles.systems import conversion
from geodata.trailfiles.systems.known_systems import EUROPE, inside, mistake

SIMPLIFIED_FROM = 10_000
_MAX_VERTICES = 50_000
_SIMPLIFY_M = 0.5
_JUMP_M, _LONG_M = 2000.0, 500.0
_SPIKE_M = 25.0
_SHORTEST_M, _LONGEST_M = 100.0, 100_000.0


def on_earth(what: str, places: Sequence[LonLat], findings: Findings) -> None:
    """Refuse what is no lon, lat; hint at swapped axes and places outside Europe. ``what`` has these places."""
    for lon, lat in places:
        if -180 <= lon <= 180 and -90 <= lat <= 90:
            continue
        if not (math.isfinite(lon) and math.isfinite(lat)):
            raise Refused(
                message("{what} has coordinates that lie nowhere on Earth.", what=phrase(what)),
                "lon and lat in degrees",
                conversion.NAME_IT,
                reason="nowhere-on-earth",
            )
        raise Refused(
            message("{what} has the coordinates {x:.10g}, {y:.10g}.", what=phrase(what), x=lon, y=lat),
            "lon and lat in degrees",
            mistake(lon, lat, None) or "",
            reason="not-in-degrees",
        )
    lon, lat = places[len(places) // 2]
    if not inside(lon, lat, EUROPE):
        _outside_europe(what, lon, lat, findings)


def _outside_europe(what: str, lon: float, lat: float, findings: Findings) -> None:
    if inside(lat, lon, EUROPE):
        findings.error(
            message(
                "{what} has lon and lat swapped: {lon:.6f}, {lat:.6f} lies far off Europe, the other way round inside.",
                what=phrase(what),
                lon=lon,
                lat=lat,
            ),
            "lon before lat",
            message("Export it with the right order of axes, or turn them with {option[swap-axes]}."),
            (lon, lat),
            reason="lon-lat-swapped",
        )
    else:
        findings.warn(
            message("{what} lies outside Europe.", what=phrase(what)),
            hint=message("Check the coordinate system ({option[crs]})."),
            place=(lon, lat),
            reason="outside-europe",
        )


def without_repeated_vertices(line: Sequence[Vertex]) -> list[Vertex]:
    """The line without vertices that stand where the one before stands. Raises Refused when nothing is left."""
    vertices = [line[0], *(after for before, after in pairwise(line) if after[:2] != before[:2])]
    if len(vertices) < 2:
        raise Refused(
            "The line has no length.", "at least two different points", place=line[0][:2], reason="line-without-length"
        )
    return vertices


def simplified(line: list[Vertex], findings: Findings) -> list[Vertex]:
    """The line itself, or with fewer vertices where it has too many; no place or height moves by more than 0.5 m."""
    if len(line) <= SIMPLIFIED_FROM:
        return line
    fewer = _douglas_peucker(line)
    findings.note(
        message(
            "{before} vertices are simplified to {after}; nothing moves by more than {limit} m.",
            before=len(line),
            after=len(fewer),
            limit=_SIMPLIFY_M,
        ),
        reason="line-simplified",
    )
    if len(fewer) > _MAX_VERTICES:
        hint = "Simplify the line in a GIS, or import its stages as separate trails."
        still = message("The line still has {count} vertices.", count=len(fewer))
        raise Refused(still, message("at most {count}", count=_MAX_VERTICES), hint, reason="too-many-vertices")
    return fewer


def _douglas_peucker(line: Sequence[Vertex]) -> list[Vertex]:
    """Kept are the vertices further than 0.5 m, across or up, from the chord of their kept neighbours."""
    points = np.array([(x, y, 0.0 if math.isnan(z) else z) for (x, y), (*_, z) in zip(_plane(line), line, strict=True)])
    keep = {0, len(points) - 1}
    todo = [(0, len(points) - 1)]
    while todo:
        first, last = todo.pop()
        if last - first < 2:
            continue
        offs = _off_chord(points[first + 1 : last], points[first], points[last])
        farthest = int(np.argmax(offs))
        if offs[farthest] > _SIMPLIFY_M:
            worst = first + 1 + farthest
            keep.add(worst)
            todo += [(first, worst), (worst, last)]
    return [line[i] for i in sorted(keep)]


def _off_chord(points: NDArray[np.float64], a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far each of ``points`` (n, 3) is from the straight line between a and b, in their unit."""
    chord = b - a
    square = float(chord @ chord)
    share = np.clip((points - a) @ chord / square, 0.0, 1.0) if square else np.zeros(len(points))
    return np.linalg.norm(points - (a + share[:, None] * chord), axis=1)


def plausible(line: Sequence[Vertex], findings: Findings) -> None:
    """Jumps and long straight segments, length, self-crossings, spikes of height."""
    steps = [distance_m(a, b) for a, b in pairwise(line)]
    _jumps(line, steps, findings)
    length = sum(steps)
    if not _SHORTEST_M <= length <= _LONGEST_M:
        long = message("The trail is {km:.2f} km long.", km=length / 1000)
        findings.warn(long, "0.1 to 100 km", "Check the coordinate system.", reason="length-unusual")
    crossings = _crossings(line)
    if crossings:
        meets = message("The line meets itself at {count} places; the first one:", count=len(crossings))
        findings.note(meets, crossings[0], reason="line-meets-itself")
    _spikes(line, steps, findings)


def _jumps(line: Sequence[Vertex], steps: Sequence[float], findings: Findings) -> None:
    for i, step in enumerate(steps):
        if step > _JUMP_M:
            findings.error(
                message(
                    "The line jumps by {km:.1f} km, to {lon:.6f}, {lat:.6f}.",
                    km=step / 1000,
                    lon=line[i + 1][0],
                    lat=line[i + 1][1],
                ),
                message("at most {km:.0f} km between two vertices", km=_JUMP_M / 1000),
                "Remove the stray points or draw the way between them.",
                line[i][:2],
                reason="line-jumps",
            )
        elif step > _LONG_M:
            straight = message("The line runs straight for {step:.0f} m without a vertex.", step=step)
            findings.warn(straight, place=line[i][:2], reason="line-straight")


def _crossings(line: Sequence[Vertex]) -> list[LonLat]:
    """Where segments that are no neighbours touch, in walking order."""
    segments = [LineString([a[:2], b[:2]]) for a, b in pairwise(line)]
    last = len(segments) - 1
    closed = line[0][:2] == line[-1][:2]
    pairs: list[tuple[int, int]] = STRtree(segments).query(segments, predicate="intersects").T.tolist()
    crossings: list[LonLat] = []
    for i, j in sorted(pairs):
        if i + 1 < j and not (closed and i == 0 and j == last):
            lon, lat = shapely.get_coordinates(shapely.intersection(segments[i], segments[j]))[0].tolist()
            crossings.append((round(lon, 7), round(lat, 7)))
    return list(dict.fromkeys(crossings))


def _spikes(line: Sequence[Vertex], steps: Sequence[float], findings: Findings) -> None:
    """Vertices that stick out of both neighbours, up or down, steeper than the steepest path."""
    for i in range(1, len(line) - 1):
        before, here, after = (line[k][2] for k in (i - 1, i, i + 1))
        up, down = here - before, here - after
        out = min(abs(up), abs(down))
        if up * down > 0 and out > _SPIKE_M and abs(up) > steps[i - 1] and abs(down) > steps[i]:
            findings.error(
                message(
                    "The height springs from {before:.0f} m to {here:.0f} m and back to {after:.0f} m.",
                    before=before,
                    here=here,
                    after=after,
                ),
                message("less than {limit:.0f} m up and down at one vertex", limit=_SPIKE_M),
                message(
                    "Correct it, take heights from a terrain model ({option[dem]}), or leave them out"
                    " ({option[without-heights]})."
                ),
                line[i][:2],
                reason="height-spike",
            )


def _plane(line: Sequence[Vertex]) -> list[tuple[float, float]]:
    to_utm = Transformer.from_crs("OGC:CRS84", f"EPSG:{utm_epsg(line[0][0], line[0][1])}", always_xy=True)
    return [to_utm.transform(lon, lat) for lon, lat, _ in line]
