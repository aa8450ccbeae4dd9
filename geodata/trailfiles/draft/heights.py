"""Heights of a line: what counts as unknown, what is filled in, and where they come from."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

from geodata.findings.trail_file import Findings
from geodata.messages.message import message
from geodata.trailfiles.draft.assembly import Vertex, distance_m

_LOWEST_M, _HIGHEST_M = -450.0, 9000.0  # shore of the Dead Sea, Mount Everest: beyond lie "no data" values
_ZERO_FROM_M = 20.0
_MEND = message("Give a terrain model with {option[dem]}.")

HeightAt = Callable[[Sequence[Vertex]], list[float]]
"""Heights of places in metres above sea level, NaN where unknown."""


def complete(line: Sequence[Vertex], terrain: HeightAt | None, findings: Findings) -> list[Vertex]:
    """The line with a height at every vertex, or with none at all; says where they come from."""
    heights = terrain(line) if terrain else with_unknown_as_nan(line)
    missing = [i for i, height in enumerate(heights) if math.isnan(height)]
    if len(missing) == len(line):
        findings.warn(
            "The line has no heights: no ascent, no height profile.",
            hint=_MEND if not terrain else "",
            reason="no-heights",
        )
        return [(lon, lat, math.nan) for lon, lat, _ in line]
    if missing and terrain:
        findings.error(
            message(
                "{missing} of {all} vertices have no height in the terrain model.", missing=len(missing), all=len(line)
            ),
            "a model of the whole trail",
            message("Add the missing tile with a further {option[dem]}."),
            line[missing[0]][:2],
            reason="terrain-missing",
        )
    elif missing:
        place = line[missing[0]][:2]
        interpolated = message(
            "{missing} of {all} heights are missing and interpolated.", missing=len(missing), all=len(line)
        )
        findings.warn(interpolated, hint=_MEND, place=place, reason="heights-interpolated")
    return [(lon, lat, height) for (lon, lat, _), height in zip(line, _filled(line, heights), strict=True)]


def with_unknown_as_nan(line: Sequence[Vertex]) -> list[float]:
    """The heights with NaN for what files write where they know none: 0 amid hills, -9999, -32768."""
    heights = [height if _LOWEST_M <= height <= _HIGHEST_M else math.nan for *_, height in line]
    real = [abs(height) for height in heights if height and not math.isnan(height)]
    if not real or min(real) > _ZERO_FROM_M:
        return [height or math.nan for height in heights]
    return heights


def _filled(line: Sequence[Vertex], heights: Sequence[float]) -> list[float]:
    """Straight lines between known heights, over the ground; level before the first and after the last."""
    alongs = [0.0]
    for a, b in pairwise(line):
        alongs.append(alongs[-1] + distance_m(a, b))
    known_heights = [(along, height) for along, height in zip(alongs, heights, strict=True) if not math.isnan(height)]
    filled: list[float] = []
    before = 0
    for along, height in zip(alongs, heights, strict=True):
        while before + 1 < len(known_heights) and known_heights[before + 1][0] <= along:
            before += 1
        filled.append(_between(known_heights, before, along) if math.isnan(height) else height)
    return filled


def _between(known_heights: Sequence[tuple[float, float]], before: int, along: float) -> float:
    (start, low), (end, high) = known_heights[before], known_heights[min(before + 1, len(known_heights) - 1)]
    if along <= start or end <= start:
        return low
    return low + (high - low) * (along - start) / (end - start)
