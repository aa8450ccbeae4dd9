"""XML as a tree, made while counting: how deep it is, and how many of its parts are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias, cast
from xml.etree import ElementTree as ET

from geodata.trailfiles import bounds
from geodata.trailfiles.source import ImportFile

Trim: TypeAlias = Callable[[ET.Element], int]
"""Takes out of an element that is complete what nobody uses; returns how many parts (see size) went."""

_Events = Iterable[tuple[str, ET.Element]]
_PIECE = 1 << 16


def local(element: ET.Element) -> str:
    """The element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def size(element: ET.Element) -> int:
    """How many parts an element is: itself, all within it, and their attributes; what the bound counts."""
    return sum(1 + len(part.attrib) for part in element.iter())


def trimmed_nowhere(_element: ET.Element) -> int:
    """Leave all as it is."""
    return 0


def parsed(import_file: ImportFile, content: bytes, trim: Trim) -> ET.Element:
    """The root of ``content``, UTF-8 without a DOCTYPE, so without entities. Raises Refused, and ParseError."""
    if content.count(b"=") > bounds.MAX_PARTS:  # the parser collects all attributes of an element first
        raise bounds.too_many(import_file.name)
    parser: ET.XMLPullParser[ET.Element] = ET.XMLPullParser(("start", "end"))
    root: ET.Element | None = None
    depth = parts = 0
    for at in [*range(0, len(content), _PIECE), None]:
        if at is None:
            parser.close()
        else:
            parser.feed(content[at : at + _PIECE])
        for event, element in cast("_Events", parser.read_events()):
            if event == "start":
                root = element if root is None else root
                depth += 1
                parts += 1 + len(element.attrib)
                _check(import_file, depth, parts)
            else:
                depth -= 1
                parts -= trim(element)
    return cast("ET.Element", root)


def _check(import_file: ImportFile, depth: int, parts: int) -> None:
    if depth > bounds.MAX_DEPTH:
        raise bounds.too_deep(import_file.name)
    if parts > bounds.MAX_PARTS:
        raise bounds.too_many(import_file.name)
