"""Altitudes in KML and GeoJSON that are none: above the ground, or of vertices that have none beside those that do.

GDAL hands all of them on as heights: it never applies KML's ``altitudeMode``, and a vertex without a third number in a
line with heights comes as 0. So they are marked as unknown before GDAL reads the copy.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast
from xml.etree import ElementTree as ET

from geodata.findings.trail_file import Findings
from geodata.messages.message import message

_ABSOLUTE = "absolute"
_DEFAULT_MODE = "clampToGround"
_UNKNOWN = "nan"
_FLAT = re.compile(rb"\[[^\[\],]+,[^\[\],]+\]")
_DEEP = re.compile(rb"\[[^\[\],]+,[^\[\],]+,[^\[\],]+\]")
_HINT = message(
    "Take heights from a terrain model ({option[dem]}). If they are above sea level all the same:"
    " {option[heights-above-sea]}, or export them as absolute."
)


@dataclass(slots=True)
class _Heights:
    """Altitudes that are no heights: the modes and values of those above ground, the count of those that lack.

    With ``above_sea`` modes do not count.
    """

    above_sea: bool = False
    modes: set[str] = field(default_factory=set[str])
    above_ground: list[float] = field(default_factory=list[float])
    lacking: int = 0


def settle_kml(root: ET.Element, findings: Findings, *, above_sea: bool) -> None:
    """Mark such altitudes as unknown in a document with plain names, as kmlshapes.prepare() leaves it, and tell them.

    With ``above_sea`` KML's modes do not count: all altitudes are taken as metres above sea level.
    """
    heights = _Heights(above_sea=above_sea)
    for element in root.iter():
        if element.tag in {"Point", "LineString"}:
            children = {child.tag: child for child in element}
            mode = children["altitudeMode"].text if "altitudeMode" in children else None
            if "coordinates" in children:
                _settle_coordinates(children["coordinates"], (mode or "").strip() or _DEFAULT_MODE, heights)
    _tell(heights, findings)


def settled_geojson(content: bytes, findings: Findings) -> bytes:
    """The document, where some positions of a geometry have two numbers beside others with three, with NaN for those.

    How many there are is told.
    """
    if not (_DEEP.search(content) and _FLAT.search(content)):
        return content
    document, heights = json.loads(content), _Heights()
    for coordinates in _coordinates(document):
        positions = list(_positions(coordinates))
        flat = [position for position in positions if len(position) == 2]
        if len(flat) < len(positions):
            heights.lacking += len(flat)
            for position in flat:
                position.append(math.nan)
    _tell(heights, findings)
    return json.dumps(document).encode() if heights.lacking else content


def _tell(heights: _Heights, findings: Findings) -> None:
    if any(heights.above_ground):  # zero on the ground is what drawing programs write, and says nothing
        findings.warn(
            message(
                "{count} altitudes, {lowest:g} to {highest:g} m, are no heights above sea level: the file says "
                "altitudeMode {modes}; left out.",
                count=len(heights.above_ground),
                lowest=min(heights.above_ground),
                highest=max(heights.above_ground),
                modes=", ".join(sorted(heights.modes)),
            ),
            hint=_HINT,
            reason="altitudes-not-above-sea",
        )
    if heights.lacking:
        findings.note(
            message(
                "{count} vertices have no altitude while others do: unknown, not 0 m.",
                count=heights.lacking,
            ),
            reason="altitudes-missing",
        )


def _settle_coordinates(coordinates: ET.Element, mode: str, heights: _Heights) -> None:
    """The positions of one geometry; all have two numbers or three, without blanks."""
    text = coordinates.text or ""
    words, commas, heights_count = text.split(), text.count(","), heights.above_sea or mode == _ABSOLUTE
    if commas == len(words) or (heights_count and commas == 2 * len(words)):
        return  # none has an altitude, or all have a height
    positions = [word.split(",") for word in words]
    for position in positions:
        if len(position) == 2:
            heights.lacking += heights_count
            position.append(_UNKNOWN)
        elif not heights_count:
            heights.modes.add(mode)
            heights.above_ground.append(_number(position[2]))
            position[2] = _UNKNOWN
    coordinates.text = " ".join(",".join(position) for position in positions)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _coordinates(value: Any) -> Iterator[Any]:
    """The coordinates of each geometry in decoded GeoJSON, wherever it is; properties hold none."""
    if isinstance(value, list):
        for member in cast("list[Any]", value):
            yield from _coordinates(member)
    elif isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        yield from [members["coordinates"]] if isinstance(members.get("coordinates"), list) else []
        for name in ("features", "geometry", "geometries"):
            yield from _coordinates(members.get(name))


def _positions(coordinates: list[Any]) -> Iterator[list[Any]]:
    if coordinates and not isinstance(coordinates[0], list):
        yield coordinates
        return
    for member in coordinates:
        if isinstance(member, list):
            yield from _positions(cast("list[Any]", member))
