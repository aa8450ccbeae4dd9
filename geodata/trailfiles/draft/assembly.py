"""One line out of the parts a file holds: in the file's order where that fits, else any way that walks each once."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from shapely import LineString

from geodata.findings.trail_file import Findings, Refused
from geodata.geometry.line import GEOD
from geodata.messages.message import counted, message, phrase

_MAX_PARTS = 300

Vertex = tuple[float, float, float]
"""Lon, lat, height; NaN where the height is unknown."""


@dataclass(frozen=True, slots=True)
class _Step:
    """A part, walked in its own direction or against it."""

    part: int
    forwards: bool


def vertices(line: LineString) -> list[Vertex]:
    """The vertices of a line with or without heights."""
    return [(x, y, z[0] if z else math.nan) for x, y, *z in line.coords]


def distance_m(a: Sequence[float], b: Sequence[float]) -> float:
    """Metres on the ellipsoid between two places given as lon, lat."""
    return GEOD.inv(a[0], a[1], b[0], b[1])[2]


def join(parts: Sequence[Sequence[Vertex]], tolerance_m: float, findings: Findings) -> list[Vertex]:
    """All parts as one line; ends within ``tolerance_m`` meet. Raises Refused with the place of the gap or fork."""
    parts = _without_repetitions(parts, findings)
    if len(parts) > _MAX_PARTS:
        hint = message("Merge the parts in a GIS, or choose the trail with {option[line]} or {option[layer]}.")
        came = message("The line comes in {count} parts.", count=len(parts))
        raise Refused(came, message("at most {most}", most=_MAX_PARTS), hint, reason="line-in-pieces")
    steps = _in_file_order(parts, tolerance_m) or _once_each(parts, tolerance_m)
    walked = [parts[step.part] if step.forwards else parts[step.part][::-1] for step in steps]
    _tell_joints(walked, sum(not step.forwards for step in steps), findings)
    return _chained(walked)


def _chained(parts: Iterable[Sequence[Vertex]]) -> list[Vertex]:
    """The vertices of all parts in a row; one that two parts share comes once."""
    line: list[Vertex] = []
    for part in parts:
        line.extend(part[1:] if line and line[-1][:2] == part[0][:2] else part)
    return line


def _tell_joints(parts: Sequence[Sequence[Vertex]], turned: int, findings: Findings) -> None:
    """Say how many parts are joined, and where the widest gap between two of them is."""
    if len(parts) > 1:
        widest, place = max((distance_m(before[-1], after[0]), before[-1][:2]) for before, after in pairwise(parts))
        findings.note(
            message(
                "{count} parts are joined, {turned} of them turned round; the widest gap is {widest:.1f} m.",
                count=len(parts),
                turned=turned,
                widest=widest,
            ),
            place,
            reason="parts-joined",
        )


def _without_repetitions(parts: Sequence[Sequence[Vertex]], findings: Findings) -> list[Sequence[Vertex]]:
    # reversed twice: of equal parts the first stays, in its place
    different = list({tuple(v[:2] for v in part): part for part in reversed(parts)}.values())[::-1]
    if len(different) < len(parts):
        twice = len(parts) - len(different)
        findings.note(
            counted(
                "{count} part comes twice with the same vertices and is taken once.",
                "{count} parts come twice with the same vertices and are taken once.",
                count=twice,
            ),
            reason="part-twice",
        )
    return different


def _in_file_order(parts: Sequence[Sequence[Vertex]], tolerance_m: float) -> list[_Step]:
    """The parts as they come, or nothing where one does not begin at the end of the one before."""
    if all(distance_m(before[-1], after[0]) <= tolerance_m for before, after in pairwise(parts)):
        return [_Step(i, forwards=True) for i in range(len(parts))]
    return []


def _once_each(parts: Sequence[Sequence[Vertex]], tolerance_m: float) -> list[_Step]:
    """An Eulerian path: every part once, turned round where needed, mostly in the direction it was drawn."""
    graph = _Graph.of(parts, tolerance_m)
    graph.refuse_gap()  # first: of parts that do not hang together the gap is the news, not the loose ends
    steps = _walk(graph.edges, graph.start())
    length_m = [sum(distance_m(a, b) for a, b in pairwise(part)) for part in parts]
    if sum(length_m[step.part] * (1 if step.forwards else -1) for step in steps) < 0:
        return [_Step(step.part, not step.forwards) for step in reversed(steps)]
    return steps


@dataclass(frozen=True, slots=True)
class _Graph:
    """The parts as edges. ``ends``: first and last vertex of each part; ``nodes``: for each end where it meets others.

    A node goes by the number of the first end that belongs to it.
    """

    ends: list[Vertex]
    nodes: list[int]
    edges: list[tuple[int, int]]

    @classmethod
    def of(cls, parts: Sequence[Sequence[Vertex]], tolerance_m: float) -> _Graph:
        """Ends within the tolerance of each other, also by way of others, are one node."""
        ends = [part[i] for part in parts for i in (0, -1)]
        nodes = list(range(len(ends)))
        for i, j in combinations(range(len(ends)), 2):
            if nodes[i] != nodes[j] and distance_m(ends[i], ends[j]) <= tolerance_m:
                low, high = sorted((nodes[i], nodes[j]))
                nodes = [low if node == high else node for node in nodes]
        return cls(ends, nodes, list(zip(nodes[::2], nodes[1::2], strict=True)))

    def refuse_gap(self) -> None:
        """Raise Refused, with the narrowest gap, where the parts do not hang together."""
        reached = {self.edges[0][0]}
        while new := {node for edge in self.edges if reached & {*edge} for node in edge} - reached:
            reached |= new
        inside = [end for end, node in zip(self.ends, self.nodes, strict=True) if node in reached]
        outside = [end for end, node in zip(self.ends, self.nodes, strict=True) if node not in reached]
        if outside:
            gap, a, b = min((distance_m(a, b), a, b) for a in inside for b in outside)
            raise Refused(
                message("The line has a gap of {gap:.0f} m, to {lon:.6f}, {lat:.6f}.", gap=gap, lon=b[0], lat=b[1]),
                "parts whose ends meet",
                message(
                    "Close it in a GIS, allow it with {option[join-within]:{metres}}, or choose parts with"
                    " {option[line]} or {option[layer]}.",
                    metres=math.ceil(gap),
                ),
                a[:2],
                reason="line-gap",
            )

    def start(self) -> int:
        """The node where a way that walks each part once begins. Raises Refused at a fork, where there is none."""
        degrees = Counter(node for edge in self.edges for node in edge)
        odd = [node for node in degrees if degrees[node] % 2]
        if len(odd) > 2:  # Euler: a way has two ends, a loop none
            raise self._fork(max(odd, key=lambda node: degrees[node]), degrees)
        if not odd:
            return self.edges[0][0]
        return next((first for first, _ in self.edges if first in odd), odd[0])

    def _fork(self, node: int, degrees: Counter[int]) -> Refused:
        count = degrees[node]
        meet = message("{count} parts meet here: no single way walks all of them once.", count=count)
        loose = phrase(
            "The parts have more than two loose ends, one of them here: no single way walks all of them once."
        )
        return Refused(
            meet if count > 1 else loose,
            "one line without side branches",
            message(
                "Remove the side branch, draw it there and back, or choose parts with {option[line]}"
                " or {option[layer]}."
            ),
            self.ends[self.nodes.index(node)][:2],
            reason="line-forks",
        )


def _walk(edges: Sequence[tuple[int, int]], start: int) -> list[_Step]:
    """Hierholzer's path from ``start``; at each node parts in their own direction first, then in the file's order."""
    choices: dict[int, list[tuple[_Step, int]]] = {node: [] for edge in edges for node in edge}
    for forwards in (False, True):
        for i, edge in reversed(list(enumerate(edges))):
            here, there = edge if forwards else edge[::-1]
            choices[here].append((_Step(i, forwards), there))
    used: set[int] = set()
    stack: list[tuple[int, _Step | None]] = [(start, None)]
    walk: list[_Step] = []
    while stack:
        node, came_by = stack[-1]
        while choices[node] and choices[node][-1][0].part in used:
            choices[node].pop()
        if choices[node]:
            step, there = choices[node].pop()
            used.add(step.part)
            stack.append((there, step))
        else:
            stack.pop()
            walk.extend([came_by] if came_by else [])
    return walk[::-1]
