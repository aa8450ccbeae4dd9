"""KML for GDAL: the document alone, in UTF-8, for GDAL looks for <kml in the first bytes and knows few encodings."""

from __future__ import annotations

from pathlib import PurePosixPath
from xml.etree import ElementTree as ET

from geodata.trailfiles.formats import altitudes, kml_shapes
from geodata.trailfiles.formats.xml import document
from geodata.trailfiles.formats.xml.tree import local, size
from geodata.trailfiles.source import ImportFile, Source


def prepared(import_file: ImportFile) -> Source:
    """A clean copy."""
    root = document.read(import_file, "kml", _trim)
    _drop_links(root, import_file)
    kml_shapes.prepare(root, import_file.findings)
    altitudes.settle_kml(root, import_file.findings, above_sea=import_file.above_sea)
    return import_file.copy("kml", ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _trim(element: ET.Element) -> int:
    """Of a track the places are used, not when and in which direction a recorder was there."""
    if local(element) not in {"when", "angles"}:
        return 0
    before = size(element)
    element.clear()
    return before - size(element)


def _drop_links(root: ET.Element, import_file: ImportFile) -> None:
    """Links of a KMZ's document to files beside it, which are read anyway; what is left leads elsewhere."""
    if not import_file.beside:
        return
    for parent in root.iter():
        for child in list(parent):
            if local(child) == "NetworkLink" and _href(child) in import_file.beside:
                parent.remove(child)


def _href(link: ET.Element) -> PurePosixPath:
    return PurePosixPath(next((element.text or "" for element in link.iter() if local(element) == "href"), "").strip())
