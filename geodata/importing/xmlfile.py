"""XML as people's tools write it: decoded, without what stands before its root, mended where it is plain how."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from geodata.importing import encoding, xmlmending
from geodata.importing.findings import Refused
from geodata.importing.source import Given
from geodata.importing.xmlmending import LINE_END, Document
from geodata.message import Message, message, phrase

_ROUNDS = 6
_ENCODING = re.compile(r"""^\s*<\?xml\s[^>]*?encoding\s*=\s*["']([^"']+)["']""")
_PROLOG = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_ROOT = re.compile(r"<([\w.-]+:)?([\w.-]+)")
_DOCTYPE = re.compile(r"<!DOCTYPE\s*([\w:.-]*)")
_AROUND = 20


@dataclass(frozen=True, slots=True)
class Xml:
    """``text`` is a document in UTF-8 that begins with its root; ``root`` is the same, parsed."""

    text: str
    root: ET.Element

    @property
    def content(self) -> bytes:
        """As the bytes of a file."""
        return b'<?xml version="1.0" encoding="UTF-8"?>\n' + self.text.encode()


def read(given: Given, name: str) -> Xml:
    """The document, whose root must be ``name``, such as gpx. Raises Refused."""
    data = given.file.read_bytes()
    declared = _ENCODING.match(data[:300].lstrip(b"\xef\xbb\xbf").decode("ascii", "replace"))
    text = encoding.decoded(given, data, declared[1] if declared else "").lstrip("\ufeff")
    text = text.rstrip("\0")  # loggers fill the last block of their card with it
    prolog = _PROLOG.match(text)
    start = prolog.end() if prolog else 0
    _check_root(given, text, start, name)
    return _parsed(Document(given, text[start:], before=text[:start]), name)


def local(element: ET.Element) -> str:
    """The element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def _check_root(given: Given, text: str, start: int, name: str) -> None:
    """Entities can blow a small file up or name other files; a DOCTYPE may define them and only stands here."""
    if doctype := _DOCTYPE.match(text, start):
        raise Refused(
            message("It has a DOCTYPE ({name}), which may define entities.", name=doctype[1]),
            "plain XML",
            "Remove the DOCTYPE line.",
        )
    root = _ROOT.match(text, start)
    if root is None:
        shown = text[start : start + _AROUND].strip()
        said = message("{name} begins with {start}.", name=given.name, start=repr(shown)) if shown else _nothing(given)
        raise Refused(said, name.upper(), "Check the file's name and format.")
    if root[2] != name:
        raise Refused(
            message("{name} begins with <{root}>.", name=given.name, root=root[2]),
            f"<{name}>",
            "Check the file's name and format.",
        )


def _nothing(given: Given) -> Message:
    return message("{name} is empty.", name=given.name)


def _parsed(document: Document, name: str) -> Xml:
    tried: set[object] = set()
    for _ in range(_ROUNDS):
        try:
            return Xml(document.text, ET.fromstring(document.text))  # noqa: S314 - there is no DOCTYPE, so no entities
        except ET.ParseError as error:
            mended = xmlmending.mended(document, error, tried)
            if mended is None:
                raise _refused(document, error, name) from error
            document = mended
    raise Refused(
        message("{name} is no well-formed XML.", name=document.given.name), name.upper(), "Export it once more."
    )


def _refused(document: Document, error: ET.ParseError, name: str) -> Refused:
    line, column = error.position
    lines = LINE_END.split(document.text)
    shown = lines[line - 1][max(column - _AROUND, 0) : column + _AROUND] if line <= len(lines) else ""
    reason, hint = xmlmending.EXPLAINED.get(error.code, xmlmending.UNEXPLAINED)
    at_line, at_column = document.place(line, column)
    sentence = message(
        "{name} is no well-formed XML at line {line}, column {column}, near {shown}: {reason}.",
        name=document.given.name,
        line=at_line,
        column=at_column,
        shown=repr(shown),
        reason=phrase(reason),
    )
    return Refused(sentence, name.upper(), hint)
