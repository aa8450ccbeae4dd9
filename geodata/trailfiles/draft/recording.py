"""Points of a recording that look like stations: some programs write each point of a track as a separate object."""

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
    points: Sequence[Feature], recognised: Columns, lines: Sequence[Feature], layers: Sequence[str], findings: Findings
) -> list[Feature]:
    """The points without those that a recording consists of, layer by layer; ``layers`` named by the user are kept."""
    stations: list[Feature] = []
    for layer, group in groupby(points, key=lambda point: point.layer):
        members = list(group)
        names = _recorded_names(members, recognised)
        if not names or layer in layers:
            stations += members
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
            stations += members
            if any(names):
                _tell_likely(layer, names, findings)
    return stations


def _recorded_names(points: Sequence[Feature], recognised: Columns) -> list[str]:
    """The names where nearly all are times, or all are empty, and no number or code tells stations; else nothing."""
    if len(points) < _FEWEST or any(
        recognised.number in point.values or recognised.code in point.values for point in points[:_FEWEST]
    ):
        return []
    if not any(_looks_recorded(text(point.values, recognised.name)) for point in points[:_FEWEST]):
        return []
    names = [text(point.values, recognised.name) for point in points]
    times = sum(1 for name in names if _TIME.search(name))
    return names if times >= _SHARE * len(names) or not any(names) else []


def _looks_recorded(name: str) -> bool:
    return not name or bool(_TIME.search(name))


def _on(lines: Sequence[Feature], points: Sequence[Feature]) -> bool:
    """Whether nearly all points are vertices of the lines."""
    vertices = {_rounded(place) for line in lines for place in shapely.get_coordinates(line.geometry).tolist()}
    places: list[list[float]] = shapely.get_coordinates([point.geometry for point in points]).tolist()
    return sum(1 for place in places if _rounded(place) in vertices) >= _SHARE * len(places)


def _rounded(place: Sequence[float]) -> tuple[float, ...]:
    return tuple(round(number, _DECIMALS) for number in place)


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
