"""Altitudes in KML and GeoJSON that are none: above the ground, or of vertices that have none beside those that do.

GDAL hands all of them on as heights: it never applies KML's ``altitudeMode``, and a vertex without a third number in a
line with heights comes as 0. So they are marked as unknown in a copy, before GDAL reads it.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast
from xml.etree import ElementTree as ET

import msgspec

from geodata.importing.findings import Findings
from geodata.importing.source import Source
from geodata.message import message

_ABSOLUTE = "absolute"
_DEFAULT_MODE = "clampToGround"
_UNKNOWN = "nan"
_NO_DATA = -32768.0  # JSON has no NaN; heights.known() takes it for unknown
_NUMBER = rb"\s*-?\d[\d.eE+-]*\s*"
_FLAT = re.compile(rb"\[" + _NUMBER + rb"," + _NUMBER + rb"\]")
_DEEP = re.compile(rb"\[" + _NUMBER + rb"," + _NUMBER + rb"," + _NUMBER + rb"\]")
_AFTER_COMMA = re.compile(r"\s*,\s*")  # some hands write "8.9, 52.05, 120"
_HINT = (
    "Take heights from a terrain model (--dem). If they are above sea level all the same: --heights-above-sea, or "
    "export them as absolute."
)

ET.register_namespace("", "http://www.opengis.net/kml/2.2")
ET.register_namespace("gx", "http://www.google.com/kml/ext/2.2")  # GDAL knows Google's elements by this prefix only


@dataclass(slots=True)
class _Found:
    """Altitudes that are no heights: the modes and values of those above ground, the count of those that lack.

    With ``above_sea`` modes do not count.
    """

    above_sea: bool
    modes: set[str] = field(default_factory=set[str])
    above_ground: list[float] = field(default_factory=list[float])
    lacking: int = 0


@contextmanager
def settled(source: Source, findings: Findings, *, above_sea: bool) -> Generator[Source]:
    """The source itself, or for the length of the block a copy with such altitudes marked, which is told.

    With ``above_sea`` KML's modes do not count: all altitudes are taken as metres above sea level.
    """
    settle = {"kml": _kml, "geojson": _geojson}.get(source.format)
    found = _Found(above_sea=above_sea)
    content = settle(source.path, found) if settle else None
    if content is None or not (found.above_ground or found.lacking):
        yield source
        return
    _tell(found, findings)
    with tempfile.TemporaryDirectory(prefix="digitalpfad-import-") as folder:
        copy = Path(folder) / source.path.name
        copy.write_bytes(content)
        yield replace(source, path=copy)


def _tell(found: _Found, findings: Findings) -> None:
    if any(found.above_ground):  # zero on the ground is what drawing programs write, and says nothing
        findings.warn(
            message(
                "{count} altitudes, {lowest:g} to {highest:g} m, are no heights above sea level: the file says "
                "altitudeMode {modes}; left out.",
                count=len(found.above_ground),
                lowest=min(found.above_ground),
                highest=max(found.above_ground),
                modes=", ".join(sorted(found.modes)),
            ),
            mend=_HINT,
        )
    if found.lacking:
        findings.note(
            message(
                "{count} vertices have no altitude beside others that do: unknown, not 0 m.",
                count=found.lacking,
            )
        )


def _kml(file: Path, found: _Found) -> bytes | None:
    """The file with its altitudes settled; None where it cannot be read, which others tell."""
    try:
        root = ET.parse(file).getroot()  # noqa: S314 - without a DOCTYPE, which source.opened() refuses
    except (ET.ParseError, ValueError, LookupError):
        return None
    for element, mode in _placed(root, _DEFAULT_MODE):
        texts = [child for child in element if _local(child) in {"coordinates", "coord"} and child.text]
        if texts:
            _settle_kml(texts, _ABSOLUTE if found.above_sea else mode, found)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def _placed(element: ET.Element, inherited: str) -> Iterator[tuple[ET.Element, str]]:
    """Points, lines and tracks below with their modes: their own, Google's ``gx:altitudeMode``, a multi-track's."""
    own = next((child.text.strip() for child in element if _local(child) == "altitudeMode" and child.text), inherited)
    if _local(element) in {"Point", "LineString", "Track"}:
        yield element, own
        return
    for child in element:
        yield from _placed(child, own if _local(element) == "MultiTrack" else _DEFAULT_MODE)


def _settle_kml(texts: list[ET.Element], mode: str, found: _Found) -> None:
    """All positions of one geometry: one ``coordinates``, or the many ``coord`` of a track."""
    apart: list[tuple[ET.Element, str, list[list[str]]]] = []
    for element in texts:
        separator = "," if _local(element) == "coordinates" else " "
        text = element.text or ""
        tuples = [text] if separator == " " else _AFTER_COMMA.sub(",", text).split()
        positions = [one.split(separator) if separator == "," else one.split() for one in tuples]
        apart.append((element, separator, positions))
    numbers = [position for *_, positions in apart for position in positions]
    if not any(len(position) == 3 for position in numbers):
        return
    for position in numbers:
        if len(position) == 2:
            found.lacking += mode == _ABSOLUTE
            position.append(_UNKNOWN)
        elif len(position) == 3 and mode != _ABSOLUTE:
            found.modes.add(mode)
            found.above_ground.append(_number(position[2]))
            position[2] = _UNKNOWN
    for element, separator, positions in apart:
        element.text = " ".join(separator.join(position) for position in positions)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _geojson(file: Path, found: _Found) -> bytes | None:
    """The file where some positions of a geometry have two numbers beside others with three; None where not."""
    content = file.read_bytes()
    if not (_FLAT.search(content) and _DEEP.search(content)):
        return None
    document = msgspec.json.decode(content)
    for coordinates in _coordinates(document):
        positions = list(_positions(coordinates))
        flat = [one for one in positions if len(one) == 2]
        if len(flat) < len(positions):
            found.lacking += len(flat)
            for position in flat:
                position.append(_NO_DATA)
    return msgspec.json.encode(document) if found.lacking else None


def _coordinates(value: Any) -> Iterator[Any]:
    """Those of each geometry, wherever it stands; properties hold none."""
    if isinstance(value, list):
        for one in cast("list[Any]", value):
            yield from _coordinates(one)
    elif isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        yield from [members["coordinates"]] if isinstance(members.get("coordinates"), list) else []
        for name in ("features", "geometry", "geometries"):
            yield from _coordinates(members.get(name))


def _positions(coordinates: list[Any]) -> Iterator[list[Any]]:
    if coordinates and not isinstance(coordinates[0], list):
        yield coordinates
        return
    for one in coordinates:
        if isinstance(one, list):
            yield from _positions(cast("list[Any]", one))
