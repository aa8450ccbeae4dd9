"""XML as people's tools write it: decoded, without what stands before its root, mended where it is plain how."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from geodata.findings.trail_file import Refused
from geodata.messages.message import Message, message, phrase
from geodata.trailfiles.formats import encoding
from geodata.trailfiles.formats.unreadable import UNEXPLAINED
from geodata.trailfiles.formats.xml import repair, tree
from geodata.trailfiles.formats.xml.repair import LINE_END, XmlDocument
from geodata.trailfiles.formats.xml.tree import Trim, trimmed_nowhere
from geodata.trailfiles.source import MAX_READ_BYTES, ImportFile, check_size

_ROUNDS = 6
_ENCODING = re.compile(r"""^\s*<\?xml\s[^>]*?encoding\s*=\s*["']([^"']+)["']""")
_PROLOG = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)  # *+ notes no way back
_ROOT = re.compile(r"<([\w.-]+:)?([\w.-]+)")
_DOCTYPE = re.compile(r"<!DOCTYPE\s*([\w:.-]*)")
_AROUND = 20


def read(import_file: ImportFile, name: str, trim: Trim = trimmed_nowhere) -> ET.Element:
    """The root, which must be ``name``, such as gpx; ``trim`` takes out what is not used. Raises Refused."""
    before, content = _split(import_file, name)
    try:
        return tree.parsed(import_file, content, trim)
    except ET.ParseError as error:
        return _mended(XmlDocument(import_file, content.decode(), before), error, name, trim)


def _split(import_file: ImportFile, name: str) -> tuple[str, bytes]:
    """What stands before the root, and the rest in UTF-8: as text, one rare letter makes all four times as long."""
    text = _text(import_file)
    prolog = _PROLOG.match(text)
    start = prolog.end() if prolog else 0
    _check_root(import_file, text, start, name)
    content = text.encode(errors="replace")
    before = text[:start].encode(errors="replace")
    return text[:start], content[len(before) :]


def _text(import_file: ImportFile) -> str:
    check_size(import_file, import_file.file.stat().st_size, MAX_READ_BYTES)
    data = import_file.file.read_bytes()
    declared = _ENCODING.match(data[:300].lstrip(b"\xef\xbb\xbf").decode("ascii", "replace"))
    text = encoding.decoded(import_file, data, declared[1] if declared else "").lstrip("\ufeff")
    return text.rstrip("\0")  # loggers fill the last block of their card with it


def _check_root(import_file: ImportFile, text: str, start: int, name: str) -> None:
    """Entities can blow a small file up or name other files; a DOCTYPE may define them and only stands here."""
    if doctype := _DOCTYPE.match(text, start):
        raise Refused(
            message(
                "{name} has a DOCTYPE ({root}), which may define entities.", name=import_file.name, root=doctype[1]
            ),
            "plain XML",
            "Remove the DOCTYPE line.",
            reason="xml-doctype",
        )
    root = _ROOT.match(text, start)
    if root is None:
        beginning = text[start : start + _AROUND].strip()
        sentence = (
            message("{name} begins with {start}.", name=import_file.name, start=repr(beginning))
            if beginning
            else _nothing(import_file)
        )
        raise Refused(sentence, name.upper(), "Check the file's name and format.", reason="xml-without-root")
    if root[2] != name:
        raise Refused(
            message("{name} begins with <{root}>.", name=import_file.name, root=root[2]),
            f"<{name}>",
            "Check the file's name and format.",
            reason="xml-other-root",
        )


def _nothing(import_file: ImportFile) -> Message:
    return message("{name} is empty.", name=import_file.name)


def _mended(document: XmlDocument, error: ET.ParseError, name: str, trim: Trim) -> ET.Element:
    tried: set[object] = set()
    for _ in range(_ROUNDS):
        mended = repair.mended(document, error, tried)
        if mended is None:
            raise _refused(document, error, name) from error
        document = mended
        try:
            return tree.parsed(document.import_file, document.text.encode(), trim)
        except ET.ParseError as another:
            error = another
    raise Refused(
        message("{name} is no well-formed XML.", name=document.import_file.name),
        name.upper(),
        "Export it once more.",
        reason="xml-malformed",
    )


def _refused(document: XmlDocument, error: ET.ParseError, name: str) -> Refused:
    line, column = error.position
    at = document.offset(line, column)
    begin = max(at - column, at - _AROUND)
    excerpt = LINE_END.split(document.text[begin : at + _AROUND], maxsplit=1)[0]
    reason, hint = repair.EXPLAINED.get(error.code, UNEXPLAINED)
    at_line, at_column = document.place(line, column)
    sentence = message(
        "{name} is no well-formed XML at line {line}, column {column}, near {shown}: {reason}.",
        name=document.import_file.name,
        line=at_line,
        column=at_column,
        shown=repr(excerpt),
        reason=phrase(reason),
    )
    return Refused(sentence, name.upper(), hint, reason="xml-malformed")
