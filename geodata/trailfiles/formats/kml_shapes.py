"""A KML as GDAL reads it: tracks become lines, coordinates are put in order, and what it cannot read is told.

GDAL passes over the tracks of KML 2.3 (OGC 12-007r2, 9.6), shapes that are no line, point or area, overlays and links.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from geodata.findings.trail_file import Findings, Refused
from geodata.messages.listing import listed
from geodata.messages.message import message, phrase
from geodata.trailfiles import bounds
from geodata.trailfiles.formats.xml.tree import local

_NAMESPACE = "http://www.opengis.net/kml/2.2"
_GOOGLE = "http://www.google.com/kml/ext/2.2"
_OVERLAYS = {"GroundOverlay", "ScreenOverlay", "PhotoOverlay", "Tour"}
_MOST_COMMAS = 3 * bounds.MAX_VERTICES  # two between three numbers, and decimal commas in some
_TUPLE = re.compile(r"[^\s,]+(?:,[^\s,]+){1,2}")
_COMMAS = re.compile(r"([+-]?\d+),(\d+),([+-]?\d+),(\d+)(?:,([+-]?\d+)(?:,(\d+))?)?")


def prepare(root: ET.Element, findings: Findings) -> None:
    """Change the tree so that GDAL reads all that it can; what is left out goes to ``findings``. Raises Refused."""
    _plain(root, _namespace(root))
    root.set("xmlns", _NAMESPACE)
    for placemark in root.iter("Placemark"):
        name = _name(placemark)
        _tracks_to_lines(placemark, name, findings)
        _rings_to_lines(placemark)
        for coordinates in placemark.iter("coordinates"):
            if (coordinates.text or "").count(",") > _MOST_COMMAS:
                raise bounds.too_many(name or "KML")
            coordinates.text = _in_order(coordinates.text or "", name, findings)
    _tell_unread(root, findings)
    _tell_links(root, findings)


def _plain(element: ET.Element, home: str) -> None:
    """Names without prefixes; elements that belong neither to KML nor to Google's extension go."""
    element.tag = local(element)
    for child in list(element):
        if _namespace(child) in {home, "{" + _GOOGLE, ""}:
            _plain(child, home)
        else:
            element.remove(child)


def _namespace(element: ET.Element) -> str:
    return str(element.tag).rpartition("}")[0]


def _name(element: ET.Element) -> str:
    return " ".join((element.findtext("name") or "").split())


def _tracks_to_lines(placemark: ET.Element, name: str, findings: Findings) -> None:
    """Track and MultiTrack, also Google's, as LineString and MultiGeometry; times are dropped, heights stay."""
    for track in list(placemark.iter("Track")):
        written = [coord.text for coord in track.iter("coord") if coord.text and coord.text.strip()]
        if len(written) > bounds.MAX_VERTICES:
            raise bounds.too_many(name or "KML")
        places = [coord.split() for coord in written]
        mode = track.find("altitudeMode")
        track.clear()
        track.tag = "LineString"
        if mode is not None:
            track.append(mode)
        coordinates = ET.SubElement(track, "coordinates")
        wrong = next((place for place in places if not 2 <= len(place) <= 3), None)
        if wrong:
            raise Refused(
                message("The track {name} has the place {place}.", name=repr(name), place=repr(" ".join(wrong))),
                phrase("lon, lat and height, with spaces between them"),
                reason="track-malformed",
            )
        coordinates.text = " ".join(",".join(part.replace(",", ".") for part in place) for place in places)
        if any("," in part for place in places for part in place):
            _note_commas(name, findings)
    for tracks in list(placemark.iter("MultiTrack")):
        tracks.tag = "MultiGeometry"
        mode = tracks.find("altitudeMode")
        for line in tracks.iter("LineString"):
            if mode is not None and line.find("altitudeMode") is None:
                line.insert(0, mode)


def _rings_to_lines(placemark: ET.Element) -> None:
    """A ring that bounds no area is a closed line; GDAL makes a geometry of it that shapely cannot read."""
    bounds = {
        id(ring)
        for bound in ("outerBoundaryIs", "innerBoundaryIs")
        for bounding in placemark.iter(bound)
        for ring in bounding
    }
    for ring in placemark.iter("LinearRing"):
        if id(ring) not in bounds:
            ring.tag = "LineString"


def _in_order(text: str, name: str, findings: Findings) -> str:
    """Coordinates as "lon,lat[,height]" with spaces between them, however they were written. Raises Refused."""
    words = text.split()
    if all(_TUPLE.fullmatch(word) for word in words) and "." in text:
        return text
    close = re.sub(r"\s*,\s*", ",", text).split()
    trimmed = [word.strip(",") for word in words if word.strip(",")]
    for places in (close, trimmed):
        if all(_TUPLE.fullmatch(place) for place in places):
            return " ".join(places)
    with_commas = [_COMMAS.fullmatch(place) for place in close]
    if all(with_commas):
        _note_commas(name, findings)
        return " ".join(_pointed(match.groups()) for match in with_commas if match)
    wrong = next(place for place in close if not _TUPLE.fullmatch(place))
    raise Refused(
        message("{name} has the coordinates {text}.", name=repr(name), text=repr(wrong[:60])),
        phrase("lon,lat,height with dots as decimal points and a space before the next place"),
        phrase("Correct them, or export the file once more with an English number format."),
        reason="coordinates-malformed",
    )


def _pointed(parts: Sequence[str | None]) -> str:
    lon, lon_part, lat, lat_part, height, height_part = parts
    place = f"{lon}.{lon_part},{lat}.{lat_part}"
    return place if height is None else f"{place},{height}.{height_part or 0}"


def _note_commas(name: str, findings: Findings) -> None:
    findings.note(
        message("Decimal commas in the coordinates of {name} are read as points.", name=repr(name)),
        reason="decimal-commas",
    )


def _tell_unread(root: ET.Element, findings: Findings) -> None:
    """Count what is no line, point or area, by its kind, and take it out of the tree."""
    unread: dict[str, list[str]] = {}
    for parent, child in [(element, child) for element in root.iter() for child in element]:
        models = list(child.iter("Model")) if child.tag == "Placemark" else []
        if child.tag in _OVERLAYS:
            unread.setdefault(child.tag, []).append(_name(child))
            parent.remove(child)
        elif models:
            unread.setdefault("Model", []).append(_name(child))
            if not any(next(child.iter(tag), None) is not None for tag in ("Point", "LineString", "Polygon")):
                parent.remove(child)
    for kind, names in unread.items():
        findings.warn(
            message(
                "Objects of the kind {kind} are not read, {count} of them: {names}.",
                kind=kind, count=len(names), names=listed(names),
            ),
            hint=phrase("If the trail needs them, draw them as lines or points and export them again."),
            reason="kind-not-read",
        )  # fmt: skip


def _tell_links(root: ET.Element, findings: Findings) -> None:
    links = [(element.findtext(".//href") or "").strip() for element in root.iter("NetworkLink")]
    if not links:
        return
    hint = phrase("Open it in Google Earth and save the content as KMZ.")
    if next(root.iter("Placemark"), None) is None:
        raise Refused(
            message("The file holds only links to other files, {count} of them: {links}.", count=len(links),
                    links=listed(links)),
            phrase("lines and points"),
            hint, reason="links-only",
        )  # fmt: skip
    sentence = message("Links to other files are not followed, {count} of them: {links}.", count=len(links),
                       links=listed(links))  # fmt: skip
    findings.warn(sentence, hint=hint, reason="links-not-followed")
