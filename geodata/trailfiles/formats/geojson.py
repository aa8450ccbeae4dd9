"""GeoJSON in any Unicode encoding, as one document or a sequence of them, and JSON's faults in our own words."""

from __future__ import annotations

import json
import re
from typing import Any, cast

import msgspec

from geodata.findings.trail_file import Refused
from geodata.messages.message import message
from geodata.trailfiles import bounds
from geodata.trailfiles.formats import altitudes, encoding
from geodata.trailfiles.formats.unreadable import UNEXPLAINED
from geodata.trailfiles.source import EXPORT_AGAIN, MAX_READ_BYTES, ImportFile, Source, check_size

_TYPES = (
    "FeatureCollection",
    "Feature",
    "LineString",
    "MultiLineString",
    "Point",
    "MultiPoint",
    "GeometryCollection",
)
_BETWEEN = re.compile(r"[\s\x1e]*")  # RFC 8142: each document begins with the record separator, 0x1E
_NUMBERS = re.compile(r'"(?:[^"\\]|\\.)*"|-?Infinity|NaN')
_NO_HEIGHT = re.compile(r"(\[\s*-?[\d.eE+-]+\s*,\s*-?[\d.eE+-]+\s*,\s*)null(?=\s*\])")
_MOST = {"[": bounds.MAX_VERTICES, "{": bounds.MAX_VERTICES, ",": bounds.MAX_PARTS}
"""Each place begins with a bracket, each object with a brace, and a comma stands before each further value."""

_AROUND = 20
_EXPLAINED = {
    "Expecting property name": (
        message("a name in double quotes should stand there"),
        message("Names need double quotes, and no comma follows the last entry."),
    ),
    "Expecting ','": (message("a comma should stand there"), EXPORT_AGAIN),
    "Expecting ':'": (message("a colon should stand there"), EXPORT_AGAIN),
    "Expecting value": (
        message("a value should stand there"),
        message("JSON knows no comments, and no comma follows the last entry."),
    ),
    "Invalid control": (message("a text has a line break or tab in it"), message("Write it as \\n or \\t.")),
    "Invalid \\escape": (message("a backslash stands before a letter that needs none"), message("Write \\\\ for it.")),
    "Unterminated": (message("the quotes of a text are not closed"), EXPORT_AGAIN),
}


class _Typed(msgspec.Struct):
    type: str = ""


def prepared(import_file: ImportFile) -> Source:
    """A copy in UTF-8 as one document."""
    check_size(import_file, import_file.file.stat().st_size, MAX_READ_BYTES)
    try:
        return _copied(import_file)
    except ValueError as error:  # a whole number of more digits than Python reads
        sentence = message("{name} holds a number with thousands of digits.", name=import_file.name)
        raise Refused(sentence, "GeoJSON (RFC 7946)", EXPORT_AGAIN, reason="number-too-long") from error


def _copied(import_file: ImportFile) -> Source:
    text = encoding.decoded(import_file, import_file.file.read_bytes())
    if any(text.count(sign) > most for sign, most in _MOST.items()):
        raise bounds.too_many(import_file.name)
    text = _NO_HEIGHT.sub(r"\1NaN", text) if "null" in text else text  # GDAL drops the whole geometry for a null
    content = text.encode(errors="surrogatepass")
    try:
        kind = msgspec.json.decode(content, type=_Typed).type
    except (msgspec.DecodeError, RecursionError):
        kind, content = _tolerated(import_file, text)
    if kind not in _TYPES:
        raise Refused(
            message("{name} has the type {kind}.", name=import_file.name, kind=repr(kind)),
            message("one of {types}", types=", ".join(_TYPES)),
            "Save it again as GeoJSON.",
            reason="geojson-type",
        )
    return import_file.copy("geojson", altitudes.settled_geojson(content, import_file.findings))


def _tolerated(import_file: ImportFile, text: str) -> tuple[str, bytes]:
    """Type and content of what is JSON but for numbers that it does not know, or several documents in a row."""
    text = _with_known_numbers(import_file, text)
    documents = _documents(import_file, text)
    if len(documents) == 1:
        return _type(documents[0][0]), text.encode()
    import_file.findings.note(
        message(
            "{name} holds {count} GeoJSON documents in a row: all are read.",
            name=import_file.name,
            count=len(documents),
        ),
        reason="several-documents",
    )
    features: list[str] = []
    for value, written in documents:
        kind = _type(value)
        if kind == "FeatureCollection":
            held = value.get("features")
            features.extend(
                json.dumps(feature) for feature in (cast("list[Any]", held) if isinstance(held, list) else ())
            )
        elif kind == "Feature":
            features.append(written)
        elif kind in _TYPES:
            features.append(f'{{"type": "Feature", "properties": {{}}, "geometry": {written}}}')
        else:
            return kind, b""
    return "FeatureCollection", f'{{"type": "FeatureCollection", "features": [{",".join(features)}]}}'.encode()


def _type(value: Any) -> str:
    kind = cast("dict[str, Any]", value).get("type") if isinstance(value, dict) else ""
    return kind if isinstance(kind, str) else ""


def _with_known_numbers(import_file: ImportFile, text: str) -> str:
    """NaN and Infinity, which some programs write for a missing value, as the NaN that GDAL knows."""
    count = 0

    def read(match: re.Match[str]) -> str:
        nonlocal count
        if match[0][0] == '"':
            return match[0]
        count += 1
        return "NaN"

    text = _NUMBERS.sub(read, text)
    if count:
        sentence = "{name} has {count} numbers that JSON does not know (NaN, Infinity): they are read as missing."
        import_file.findings.note(message(sentence, name=import_file.name, count=count), reason="numbers-missing")
    return text


def _documents(import_file: ImportFile, text: str) -> list[tuple[Any, str]]:
    """Each with the text that it was written as."""
    decoder = json.JSONDecoder()
    documents: list[tuple[Any, str]] = []
    at = _after(text, 0)
    try:
        while at < len(text):
            value, end = decoder.raw_decode(text, at)
            documents.append((value, text[at:end]))
            at = _after(text, end)
    except json.JSONDecodeError as error:
        raise _refused(import_file, text, error) from error
    if not documents:
        raise Refused(
            message("{name} is empty.", name=import_file.name), "GeoJSON (RFC 7946)", EXPORT_AGAIN, reason="file-empty"
        )
    return documents


def _after(text: str, at: int) -> int:
    match = _BETWEEN.match(text, at)
    return match.end() if match else at


def _refused(import_file: ImportFile, text: str, error: json.JSONDecodeError) -> Refused:
    reason, hint = next(
        (explanation for words, explanation in _EXPLAINED.items() if error.msg.startswith(words)), UNEXPLAINED
    )
    if error.pos >= len(text.rstrip()):
        reason, hint = message("the file ends before it is complete"), EXPORT_AGAIN
    sentence = message(
        "{name} is no JSON at line {line}, column {column}, near {shown}: {reason}.",
        name=import_file.name,
        line=error.lineno,
        column=error.colno,
        shown=repr(text[max(error.pos - _AROUND, 0) : error.pos + _AROUND]),
        reason=reason,
    )
    return Refused(sentence, "GeoJSON (RFC 7946)", hint, reason="json-malformed")
