"""Faults of XML that have one reading only, mended and told; and the others in our own words."""

from __future__ import annotations

import html.entities
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count
from xml.etree import ElementTree as ET
from xml.parsers.expat import errors

from geodata.findings.trail_file import Refused
from geodata.messages.message import Message, message
from geodata.trailfiles.bounds import MAX_PARTS, too_many
from geodata.trailfiles.source import EXPORT_AGAIN, ImportFile

LINE_END = re.compile(r"\r\n|\r|\n")
_PREFIXED_NAME = re.compile(r"</?([A-Za-z_][\w.-]*):[\w.-]+")
_PREFIXED_ATTRIBUTE = re.compile(r"""\s([A-Za-z_][\w.-]*):[\w.-]+\s*=\s*["']""")
_DECLARED = re.compile(r"""\sxmlns:([\w.-]+)\s*=\s*["']""")
_FIRST_NAME = re.compile(r"<[\w.:-]+")
_EXTENSIONS = re.compile(r"<((?:[\w.-]+:)?extensions)\b[^>]*(?<!/)>")
_REFERENCE = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|&(#?\w+;)?", re.DOTALL)
_MOST_UNENDED = 100
_OF_XML = {"amp;", "lt;", "gt;", "quot;", "apos;"}
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class XmlDocument:
    """A document on the way to being read; ``before`` is what stood before its root, for the counting of lines."""

    import_file: ImportFile
    text: str
    before: str

    def place(self, line: int, column: int) -> tuple[int, int]:
        """Line and column in the file, from 1; the parser counts lines from 1 and columns from 0, within ``text``."""
        lines = LINE_END.split(self.before)
        return line + len(lines) - 1, column + 1 + (len(lines[-1]) if line == 1 else 0)

    def place_at(self, offset: int) -> tuple[int, int]:
        """Line and column in the file, from 1, of an offset in ``text``."""
        line, begin = 1, 0
        for end in LINE_END.finditer(self.text, 0, offset):
            line, begin = line + 1, end.end()
        return self.place(line, offset - begin)

    def offset(self, line: int, column: int) -> int:
        """Where the place of the parser is in ``text``."""
        at = 0
        for end in LINE_END.finditer(self.text):
            if line == 1:
                break
            line, at = line - 1, end.end()
        return at + column


def mended(document: XmlDocument, error: ET.ParseError, tried: set[object]) -> XmlDocument | None:
    """The document without the fault, None where there is no single reading. Each mending is tried once."""
    for repair in _REPAIRS.get(error.code, ()):
        if repair not in tried:
            tried.add(repair)
            text = repair(document, document.offset(*error.position))
            if text not in {None, document.text}:
                return replace(document, text=text)
    return None


def _without_the_rest(document: XmlDocument, offset: int) -> str | None:
    rest = document.text[offset:].strip()
    if root := _FIRST_NAME.match(document.text):
        line, column = document.place_at(offset)
        if root[0] in rest:
            raise Refused(
                message(
                    "{name} holds two documents in a row; the second begins at line {line}, column {column}.",
                    name=document.import_file.name,
                    line=line,
                    column=column,
                ),
                "one document",
                "Cut them into two files and import the one of the trail.",
                reason="xml-two-documents",
            )
        document.import_file.findings.warn(
            message(
                "{name} continues after its end at line {line}, column {column}; this was not read: {rest}",
                name=document.import_file.name,
                line=line,
                column=column,
                rest=repr(rest[:_SHOWN]) + ("…" if len(rest) > _SHOWN else "."),
            ),
            reason="xml-text-after-end",
        )
    return document.text[:offset]


def _with_prefixes_declared(document: XmlDocument, _offset: int) -> str | None:
    text = document.text
    used = {*_PREFIXED_NAME.findall(text), *_PREFIXED_ATTRIBUTE.findall(text)}
    missing = sorted(used - {"xmlns", "xml"} - set(_DECLARED.findall(text)))
    root = _FIRST_NAME.match(text)
    if not missing or root is None:
        return None
    document.import_file.findings.note(
        message(
            "{name} uses names of another program without saying whose ({prefixes}): they are read as extensions.",
            name=document.import_file.name,
            prefixes=", ".join(f"{prefix}:" for prefix in missing),
        ),
        reason="xml-prefix-undeclared",
    )
    declared = "".join(f' xmlns:{prefix}="undeclared:{prefix}"' for prefix in missing)
    return text[: root.end()] + declared + text[root.end() :]


def _without_broken_extensions(document: XmlDocument, _offset: int) -> str | None:
    """GPX lets other programs add what they like in ``extensions``; one that is no XML costs nothing else."""
    broken: list[int] = []
    declared = "".join(f' xmlns:{prefix}="x"' for prefix in sorted(set(_DECLARED.findall(document.text))))

    pieces: list[str] = []
    at = 0
    for begin, end in _extensions(document.text):
        written = document.text[begin:end]
        try:
            ET.fromstring(f"<x{declared}>{written}</x>")  # noqa: S314 - there is no DOCTYPE, so no entities
        except ET.ParseError:
            broken.append(begin)
            written = "\n" * len(LINE_END.findall(written))
        pieces += [document.text[at:begin], written]
        at = end
    text = "".join([*pieces, document.text[at:]])
    if broken:
        line, column = document.place_at(broken[0])
        document.import_file.findings.warn(
            message(
                "{count} of the extensions in {name} are no well-formed XML and left out; the first stands at line "
                "{line}, column {column}.",
                count=len(broken),
                name=document.import_file.name,
                line=line,
                column=column,
            ),
            reason="xml-extensions-malformed",
        )
    return text


def _extensions(text: str) -> Iterator[tuple[int, int]]:
    """Where each begins and ends. A name whose end does not come any more is not looked for again."""
    unended: set[str] = set()
    match = _EXTENSIONS.search(text)
    while match and len(unended) < _MOST_UNENDED:
        end = None if match[1] in unended else re.compile(rf"</{re.escape(match[1])}\s*>").search(text, match.end())
        if end:
            yield match.start(), end.end()
        else:
            unended.add(match[1])
        match = _EXTENSIONS.search(text, end.end() if end else match.end())


def _with_references(document: XmlDocument, _offset: int) -> str | None:
    """A bare & is a sign, and &uuml; is HTML's name of a letter."""
    changed: list[str] = []
    matches = count(1)

    def read(match: re.Match[str]) -> str:
        if next(matches) > MAX_PARTS:
            raise too_many(document.import_file.name)
        reference = match[1]
        if match[0][0] == "<" or (reference and (reference[0] == "#" or reference in _OF_XML)):
            return match[0]
        changed.append(match[0])
        letter = html.entities.html5.get(reference, "") if reference else ""
        return letter or f"&amp;{reference or ''}"

    text = _REFERENCE.sub(read, document.text)
    if changed:
        document.import_file.findings.note(
            message(
                "{name} has {count} signs & that XML would write as &amp; ({signs}): they are read as they stand.",
                name=document.import_file.name,
                count=len(changed),
                signs=", ".join(sorted(set(changed))[:5]),
            ),
            reason="xml-ampersand",
        )
    return text


_Mending = Callable[[XmlDocument, int], str | None]


def _code(words: str) -> int:
    return errors.codes[words]


_TAGS: tuple[_Mending, ...] = (_without_broken_extensions, _with_references)
_REPAIRS: dict[int, tuple[_Mending, ...]] = {
    _code(errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT): (_without_the_rest,),
    _code(errors.XML_ERROR_UNBOUND_PREFIX): (_with_prefixes_declared,),
    _code(errors.XML_ERROR_INVALID_TOKEN): _TAGS,
    _code(errors.XML_ERROR_UNDEFINED_ENTITY): (_with_references,),
    _code(errors.XML_ERROR_TAG_MISMATCH): _TAGS[:1],
    _code(errors.XML_ERROR_DUPLICATE_ATTRIBUTE): _TAGS[:1],
}

EXPLAINED: dict[int, tuple[Message, Message]] = {
    _code(errors.XML_ERROR_NO_ELEMENTS): (message("the file ends before it is complete"), EXPORT_AGAIN),
    _code(errors.XML_ERROR_UNCLOSED_TOKEN): (message("the file ends within a tag"), EXPORT_AGAIN),
    _code(errors.XML_ERROR_UNCLOSED_CDATA_SECTION): (message("the file ends within a CDATA section"), EXPORT_AGAIN),
    _code(errors.XML_ERROR_INVALID_TOKEN): (
        message("a sign stands there that may not"),
        message("Write & as &amp; and < as &lt;, and remove invisible control characters."),
    ),
    _code(errors.XML_ERROR_TAG_MISMATCH): (
        message("a tag is closed that is not the one opened last"),
        message("Close the tags in the order in which they stand within each other, or export the file once more."),
    ),
    _code(errors.XML_ERROR_DUPLICATE_ATTRIBUTE): (
        message("an attribute stands twice in one tag"),
        message("Remove one of the two."),
    ),
    _code(errors.XML_ERROR_UNDEFINED_ENTITY): (
        message("a name between & and ; that XML does not know"),
        message("Write the letter itself."),
    ),
    _code(errors.XML_ERROR_UNBOUND_PREFIX): (
        message("a prefix that is declared nowhere"),
        message('Declare it in the first tag, such as xmlns:ql="…".'),
    ),
    _code(errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT): (
        message("the file continues after its end"),
        message("Cut it there."),
    ),
}
