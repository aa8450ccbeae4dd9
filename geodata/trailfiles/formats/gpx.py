"""GPX for GDAL, which knows plain names only: prefixes go, foreign elements stay inside ``extensions`` alone."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

from geodata.trailfiles.formats import gpx_points
from geodata.trailfiles.formats.xml import document
from geodata.trailfiles.formats.xml.tree import local, size
from geodata.trailfiles.source import AS_TEXT, ImportFile, Source

_OF_RECEIVERS = frozenset({"time", "magvar", "geoidheight", "hdop", "vdop", "pdop", "ageofdgpsdata", "sat", "dgpsid"})
"""What receivers say beside place and height: nothing of it is used, and GDAL complains of odd values."""

_VERSIONS = ("1.0", "1.1")
_is_plain = re.compile(r"[^&<>\"\s]*").fullmatch


def prepared(import_file: ImportFile) -> Source:
    """A copy of what is used of it."""
    root = document.read(import_file, "gpx", _trim)
    gpx_points.prepare(root, import_file.findings)
    version = root.get("version", "")
    root.attrib = {"version": version if version in _VERSIONS else "1.1", "creator": root.get("creator", "")}
    return import_file.copy("gpx", serialized(root).encode())


def _trim(element: ET.Element) -> int:
    """Of a track's point only place and height are used; receivers write ten times as much beside them."""
    if local(element) != "trkpt":
        return 0
    went = 0
    for child in element[:]:
        if local(child) != "ele":
            went += size(child)
            element.remove(child)
    return went


def serialized(root: ET.Element) -> str:
    """The tree as GDAL reads it, in half the time of ElementTree's own writer: there are many points."""
    out = ['<?xml version="1.0" encoding="UTF-8"?>\n']
    home = root.tag.rpartition("}")[0]
    _write(root, f"{home}}}" if home else "", out)
    return "".join(out)


def _write(element: ET.Element, home: str, out: list[str]) -> None:
    """``home`` is the namespace of GPX, with braces."""
    tag, start = element.tag[len(home) :], len(home)
    out.append(f"<{tag}{_attributes(element)}>{_text(element)}")
    for child in element:
        name = child.tag[start:]
        if not child.tag.startswith(home) or "}" in name or name in _OF_RECEIVERS:
            continue
        if name == "extensions":
            _write_foreign(child, out)
        elif len(child):
            _write(child, home, out)
        else:
            out.append(f"<{name}{_attributes(child)}>{_text(child)}</{name}>")
    out.append(f"</{tag}>")


def _attributes(element: ET.Element) -> str:
    if not element.attrib:
        return ""
    return "".join(
        f' {key}="{value}"' if _is_plain(value) else f" {key}={quoteattr(value)}"
        for key, value in element.attrib.items()
        if key[0] != "{"
    )


def _text(element: ET.Element) -> str:
    text = element.text
    return "" if not text else text if _is_plain(text) else escape(text)


def _write_foreign(element: ET.Element, out: list[str]) -> None:
    """Elements of whatever namespace, their values marked as text."""
    tag, text = local(element), (element.text or "").strip()
    out.append(f"<{tag}>{AS_TEXT + escape(text) if text and tag != 'extensions' else ''}")
    for child in element:
        _write_foreign(child, out)
    out.append(f"</{tag}>")
