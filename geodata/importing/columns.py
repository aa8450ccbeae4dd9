"""Which column holds a station's number, name and code: files call them by many names."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Row = Mapping[str, object]

_NUMBER = ("number", "nr", "nummer", "no", "num", "stationsnr", "stationsnummer", "stationnr", "stationno",
           "stationnumber", "station", "lfdnr", "ref")  # fmt: skip
_NAME = ("name", "titel", "title", "bezeichnung", "bez", "stationsname", "stationname", "station", "label",
         "beschriftung")  # fmt: skip
_CODE = ("code", "stationscode", "stationcode", "kennung", "qrcode")
_ALONG = ("alongm",)
_LEADING_NUMBER = re.compile(
    r"\s*(?:station|stat\.?|st\.|nr\.?|tafel|pfosten|punkt)?\s*(\d{1,3})\b[\s.:)\-–—]*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of columns, empty where there is none."""

    number: str = ""
    name: str = ""
    code: str = ""
    along_m: str = ""

    def __str__(self) -> str:
        """How the plan says it."""
        number = f"number from {self.number!r}" if self.number else "number from the beginning of the name"
        name = f"name from {self.name!r}" if self.name else "no name"
        return f"{number}, {name}, {f'code from {self.code!r}' if self.code else 'no code'}"


def recognised(rows: Sequence[Row]) -> Columns:
    """The columns of these rows by their names; a column of numbers must hold whole numbers only."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    number = _first(_NUMBER, [name for name in names if all(whole(row.get(name)) for row in rows if name in row)])
    return Columns(
        number=number,
        name=_first(_NAME, [name for name in names if name != number]),
        code=_first(_CODE, names),
        along_m=_first(_ALONG, names),
    )


def whole(value: object) -> int | None:
    """A positive whole number however it is written (4, 4.0, "04"), or None."""
    text = str(value).strip()
    match = re.fullmatch(r"0*([1-9]\d{0,5})(?:\.0+)?", text)
    return int(match[1]) if match else None


def measure(value: object) -> float | None:
    """A finite number of metres, not below 0, or None."""
    try:
        metres = float(str(value))
    except ValueError:
        return None
    return metres if 0 <= metres < math.inf else None


def text(row: Row, column: str) -> str:
    """What stands in a column, as one line without spaces around it."""
    return " ".join(str(row.get(column, "")).split())


def number_and_name(row: Row, columns: Columns) -> tuple[int | None, str]:
    """Number and name of a station: where no column holds the number, "Station 4: Teiche" holds both."""
    name = text(row, columns.name)
    if columns.number:
        return whole(row.get(columns.number)), name
    match = _LEADING_NUMBER.match(name)
    if match and int(match[1]) > 0:
        return int(match[1]), name[match.end() :]
    return None, name


def _first(known: Sequence[str], names: Sequence[str]) -> str:
    folded = {_fold(name): name for name in reversed(names)}
    for wanted in known:
        for candidate in (wanted, wanted[:10]):  # a Shapefile cuts names to ten characters
            if candidate in folded:
                return folded[candidate]
    return ""


def _fold(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold()).removeprefix("ogr_")
    return "".join(character for character in plain if character.isalnum())
