"""KML for GDAL: the document alone, in UTF-8, for GDAL looks for <kml in the first bytes and knows few encodings."""

from __future__ import annotations

from pathlib import PurePosixPath
from xml.etree import ElementTree as ET

from geodata.trailfiles.formats import altitudes, kml_shapes, xml
from geodata.trailfiles.formats.xml_tree import local, size
from geodata.trailfiles.source import Given, Source


def prepared(given: Given) -> Source:
    """A clean copy."""
    root = xml.read(given, "kml", _trim)
    _drop_links(root, given)
    kml_shapes.prepare(root, given.findings)
    altitudes.settle_kml(root, given.findings, above_sea=given.above_sea)
    return given.copy("kml", ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _trim(element: ET.Element) -> int:
    """Of a track the places are used, not when and in which direction a recorder was there."""
    if local(element) not in {"when", "angles"}:
        return 0
    before = size(element)
    element.clear()
    return before - size(element)


def _drop_links(root: ET.Element, given: Given) -> None:
    """Links of a KMZ's document to files beside it, which are read anyway; what is left leads elsewhere."""
    if not given.beside:
        return
    for parent in root.iter():
        for child in list(parent):
            if local(child) == "NetworkLink" and _href(child) in given.beside:
                parent.remove(child)


def _href(link: ET.Element) -> PurePosixPath:
    return PurePosixPath(next((element.text or "" for element in link.iter() if local(element) == "href"), "").strip())
