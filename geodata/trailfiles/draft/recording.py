"""Points of a recording that look like stations: some programs write each point of a track as an object of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

import shapely

from geodata.findings.trail_file import Findings
from geodata.messages.listing import listed
from geodata.messages.message import message
from geodata.trailfiles.draft.columns import Columns, text
from geodata.trailfiles.draft.layers import Feature

_FEWEST = 5
_SHARE = 0.9
_DECIMALS = 5  # of a degree: a metre
_TIME = re.compile(r"\d{4}-\d\d-\d\d|\d\d?\.\d\d?\.\d{4}|\d\d?:\d\d")


def without_recorded(
    points: Sequence[Feature], found: Columns, lines: Sequence[Feature], layers: Sequence[str], findings: Findings
) -> list[Feature]:
    """The points without those that a recording consists of, layer by layer; ``layers`` named by the user are kept."""
    kept: list[Feature] = []
    for layer, group in groupby(points, key=lambda one: one.layer):
        members = list(group)
        names = _recorded_names(members, found)
        if not names or layer in layers:
            kept += members
        elif _on(lines, members):
            findings.warn(
                message(
                    "Points of the layer {layer} are a recording's and become no stations, {count} of them: {names}.",
                    layer=layer, count=len(members), names=listed(names),
                ),
                hint=message("If they are stations, take them with {option[layer]:'{layer}'}.", layer=layer),
                reason="points-of-recording",
            )  # fmt: skip
        else:
            kept += members
            if any(names):
                _tell_likely(layer, names, findings)
    return kept


def _recorded_names(points: Sequence[Feature], found: Columns) -> list[str]:
    """The names where nearly all are times, or all are empty, and no number or code tells stations; else nothing."""
    if len(points) < _FEWEST or any(found.number in one.values or found.code in one.values for one in points[:_FEWEST]):
        return []
    if not any(_looks_recorded(text(one.values, found.name)) for one in points[:_FEWEST]):
        return []
    names = [text(one.values, found.name) for one in points]
    times = sum(1 for name in names if _TIME.search(name))
    return names if times >= _SHARE * len(names) or not any(names) else []


def _looks_recorded(name: str) -> bool:
    return not name or bool(_TIME.search(name))


def _on(lines: Sequence[Feature], points: Sequence[Feature]) -> bool:
    """Whether nearly all points are vertices of the lines."""
    vertices = {_rounded(place) for one in lines for place in shapely.get_coordinates(one.geometry).tolist()}
    places: list[list[float]] = shapely.get_coordinates([one.geometry for one in points]).tolist()
    return sum(1 for place in places if _rounded(place) in vertices) >= _SHARE * len(places)


def _rounded(place: Sequence[float]) -> tuple[float, ...]:
    return tuple(round(one, _DECIMALS) for one in place)


def _tell_likely(layer: str, names: Sequence[str], findings: Findings) -> None:
    findings.warn(
        message(
            "Points of the layer {layer} are named like those of a recording, {count} of them: {names}; each becomes a"
            " station.",
            layer=layer, count=len(names), names=listed(names),
        ),
        hint=message("If they are the trail, export them as a line; {option[without-stations]} leaves them out."),
        reason="points-like-recording",
    )  # fmt: skip
