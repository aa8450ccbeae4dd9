"""Which column holds a station's number, name and code: files call them by many names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from geodata.text import decimals

Row = Mapping[str, object]

_NUMBER = ("number", "nr", "nummer", "no", "num", "stationsnr", "stationsnummer", "stationnr", "stationno",
           "stationnumber", "station", "tafelnr", "tafelnummer", "standortnr", "standortnummer", "punktnr", "poinr",
           "poinummer", "postennr", "pfostennr", "objektnr", "lfdnr", "laufnr", "laufendenummer", "lfdnummer",
           "ref")  # fmt: skip
_NUMBER_NAMES = {*_NUMBER, *(name[:10] for name in _NUMBER)}  # a Shapefile cuts names to ten characters
_NAME = ("name", "titel", "title", "bezeichnung", "bezeichng", "bez", "stationsname", "stationname",
         "stationsbezeichnung", "namede", "nameger", "titelde", "poiname", "poibezeichnung",
         "tafelname", "standortname", "objektname", "punktname", "station", "label",
         "beschriftung", "standort")  # fmt: skip
_LINE_NAME = ("wegname", "wegbezeichnung", "pfadname", "routenname", "routename", "trailname", "streckenname", "pfad",
              "route")  # fmt: skip
_CODE = ("code", "stationscode", "stationcode", "kennung", "qrcode")
_ALONG = ("alongm",)
_WHOLE = re.compile(
    r"(?:stations?(?:nummer|nr)?|nummer|nr|no|tafel|pfosten|punkt)?[\s.:#]*0*([1-9]\d{0,5})(?:[.,]0+)?\.?",
    re.IGNORECASE,
)
_BREAKING = [0xAD, 0x200B, 0x2060, 0xFEFF]
_DIRECTION = [0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
_NUMERIC = (int, float)
_OPENING = {"{", "["}
_UNSEEN = dict.fromkeys([*_BREAKING, *_DIRECTION])


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of columns, empty where there is none."""

    number: str = ""
    name: str = ""
    code: str = ""
    along_m: str = ""


def recognised(rows: Sequence[Row], *, of_line: bool = False) -> Columns:
    """The columns of these rows by their names; at least half of what is in a column of numbers must be numbers."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    number = _first(_NUMBER, [name for name in names if _is_number_name(name) and _holds_numbers(rows, name)])
    return Columns(
        number=number,
        name=_first((*_NAME, *_LINE_NAME) if of_line else _NAME, [name for name in names if name != number]),
        code=_first(_CODE, names),
        along_m=_first(_ALONG, names),
    )


def named_for_numbers(rows: Sequence[Row]) -> list[str]:
    """The columns that are called as columns of numbers are, whatever they hold."""
    return [name for name in dict.fromkeys(name for row in rows for name in row) if _is_number_name(name)]


def whole(value: object) -> int | None:
    """A positive whole number however it is written (4, 4.0, "04", "Nr. 4"), or None."""
    if isinstance(value, str):
        match = _WHOLE.fullmatch(value.strip())
        return int(match[1]) if match else None
    if isinstance(value, _NUMERIC) and not isinstance(value, bool):
        return int(value) if 0 < value < 1_000_000 and value == int(value) else None
    return None


def measure(value: object) -> float | None:
    """A number of metres, not below 0, or None."""
    metres = decimals.metres(str(value))
    return metres if metres is not None and metres >= 0 else None


def text(row: Row, column: str) -> str:
    """What is in a column, as one line without spaces around it; empty where it is no text and no number."""
    value = row.get(column, "")
    if isinstance(value, str):
        words = plain(value)
        return "" if words[:1] in _OPENING and _is_structure(words) else words
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, _NUMERIC) else ""


def plain(words: str) -> str:
    """One line: white space of any kind is a space, marks that nobody sees go, letters in NFC.

    Invisible are hints for breaking lines (soft hyphen, zero-width space) and the direction of writing: a sign would
    set them, a search would not find the word. The joiners inside emoji stay.
    """
    if not (words.isascii() and words.isprintable()):
        words = unicodedata.normalize("NFC", words).translate(_UNSEEN)
    return " ".join(words.split())


def names_of(rows: Sequence[Row]) -> list[str]:
    """The names of these rows, empty where one has none."""
    column = recognised(rows, of_line=True).name
    return [text(row, column) for row in rows]


def untold_names(rows: Iterable[Row], column: str) -> list[str]:
    """What is in the column of names and is no text: lists and objects, shortened."""
    values = [row[column] for row in rows if column in row]
    return [
        " ".join(str(value).split())
        for value in values
        if (
            value.lstrip()[:1] in _OPENING and _is_structure(value)
            if isinstance(value, str)
            else not isinstance(value, _NUMERIC)
        )
    ]


def unread_measures(rows: Iterable[Row], column: str) -> list[str]:
    """What is in the column of metres along the line and is no such number."""
    return [str(row[column]) for row in rows if column in row and measure(row[column]) is None]


def _is_structure(value: str) -> bool:
    """Whether a text is JSON of a list or an object: GDAL writes it so where a column holds texts as well."""
    try:
        decoded = msgspec.json.decode(value.encode(), type=dict[str, object] | list[object])
    except (msgspec.DecodeError, UnicodeError):
        return False
    return len(decoded) > (1 if isinstance(decoded, list) else 0)  # "[1]" may be a name


def _is_number_name(name: str) -> bool:
    return _fold(name) in _NUMBER_NAMES


def _holds_numbers(rows: Sequence[Row], column: str) -> bool:
    filled = [whole(row[column]) for row in rows if column in row]
    numbers = sum(1 for number in filled if number)
    return numbers > 0 and 2 * numbers >= len(filled)


def _first(spellings: Sequence[str], names: Sequence[str]) -> str:
    folded = {_fold(name): name for name in reversed(names)}
    for wanted in spellings:
        for candidate in (wanted, wanted[:10]):  # a Shapefile cuts names to ten characters
            if candidate in folded:
                return folded[candidate]
    return ""


def _fold(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold()).removeprefix("ogr_")
    return "".join(character for character in plain if character.isalnum())
