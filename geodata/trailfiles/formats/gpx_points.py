"""A GPX as GDAL reads it: Garmin's shape points become part of the route, numbers with a comma are read.

Garmin's programs write the way between two points of a route into an extension of the first one
(http://www8.garmin.com/xmlschemas/GpxExtensionsv3.xsd, element rpt); without it the route is a straight line.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from geodata.findings.trail_file import Findings, Refused
from geodata.messages.listing import listed
from geodata.messages.message import counted, message, phrase
from geodata.text import decimals
from geodata.trailfiles.formats.xml.tree import local

_POINTS = {"trkpt": "track", "rtept": "route", "wpt": "waypoint"}


def prepare(root: ET.Element, findings: Findings) -> None:
    """Change the tree as it came, prefixes and all; what was done goes to ``findings``. Raises Refused."""
    home = str(root.tag).rpartition("}")[0]
    home = f"{home}}}" if home else ""
    _shape_points(root, home, findings)
    _numbers(root, home, findings)


def _shape_points(root: ET.Element, home: str, findings: Findings) -> None:
    count = 0
    for route in root.iter(f"{home}rte"):
        for i, point in reversed(list(enumerate(route))):
            shape = [part for part in point.iter() if local(part) == "rpt"]
            for part in reversed(shape):
                route.insert(i + 1, ET.Element(f"{home}rtept", {key: part.get(key, "") for key in ("lat", "lon")}))
            count += len(shape)
    if count:
        findings.note(
            counted(
                "{count} shape point of Garmin's route extension is part of the line.",
                "{count} shape points of Garmin's route extension are part of the line.",
                count=count,
            ),
            reason="shape-points-taken",
        )


def _numbers(root: ET.Element, home: str, findings: Findings) -> None:
    """Coordinates and heights as GDAL reads them; a height that is none goes, and is counted."""
    commas = 0
    wrong: list[str] = []
    height = f"{home}ele"
    for point in _points(root, home):
        for axis in ("lat", "lon"):
            text = point.get(axis)
            if text is None or "," in text or not _is_plain(text):
                point.set(axis, _coordinate(point, axis, text))
                commas += 1
        ele = point.find(height)
        if ele is not None and not _is_plain(ele.text):
            value = decimals.metres(ele.text or "")
            if value is None:
                wrong.append((ele.text or "").strip())
                point.remove(ele)
            else:
                ele.text = f"{value}"
                commas += 1
    if commas:
        findings.note(
            counted(
                "{count} number with a decimal comma or a unit is read.",
                "{count} numbers with a decimal comma or a unit are read.",
                count=commas,
            ),
            reason="numbers-repaired",
        )
    if wrong:
        values = listed(dict.fromkeys(wrong))
        findings.note(
            message("Heights that are no numbers count as missing, {count} of them: {values}.", count=len(wrong),
                    values=values), reason="heights-not-numbers"
        )  # fmt: skip


def _points(root: ET.Element, home: str) -> Iterator[ET.Element]:
    for name in _POINTS:
        yield from root.iter(home + name)


def _is_plain(text: str | None) -> bool:
    """Whether GDAL reads it as it is. Speed counts: there are tens of thousands in a file."""
    try:
        return -1e9 < float(text or "") < 1e9
    except ValueError:
        return False


def _coordinate(point: ET.Element, axis: str, text: str | None) -> str:
    value = decimals.number(text or "")
    if value is None:
        kind = _POINTS[local(point)]
        other = "lon" if axis == "lat" else "lat"
        raise Refused(
            message(
                "A point of the {kind} has {axis} {text}, with {other} {beside}.",
                kind=phrase(kind), axis=axis, text=repr(text or ""), other=other, beside=repr(point.get(other, "")),
            ),
            phrase("a number of degrees, such as 52.05"),
            phrase("Correct or remove it, or export the file once more."), reason="point-without-place",
        )  # fmt: skip
    return f"{value}"
