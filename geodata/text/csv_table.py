"""CSV as everything here writes it: plain for programs, or as a German Excel or LibreOffice opens it by a double click.

Plain is RFC 4180 in UTF-8: commas, decimal points, times in UTC by RFC 3339. ``excel-de`` has semicolons, decimal
commas, a byte-order mark, and times as German spreadsheets read them: each once in the local zone and once in UTC,
since the local hour in which the clock goes back occurs twice; the header names the zones. A text that they would take
for a number or a date (a code such as 012345) is written as the formula ="012345", which they show unchanged.

An empty field is no value. In both dialects no text is a formula: those that begin like one get an apostrophe in front.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache, partial
from typing import Any
from zoneinfo import ZoneInfo

from geodata.vocabulary.codes import changes_in_spreadsheets


class Dialect(StrEnum):
    """Which CSV; the same names in the interface and in commands."""

    PLAIN = "plain"
    EXCEL_DE = "excel-de"


class Kind(StrEnum):
    """What a column holds; every cell may be None too."""

    TEXT = "str"
    NUMBER = "int or float"
    INSTANT = "datetime with a time zone"
    DAY = "date"


@dataclass(frozen=True, slots=True)
class Column:
    """A column's name in the header and what its cells are."""

    name: str
    kind: Kind = Kind.TEXT


_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_LONGEST_LITERAL = 255  # of a text in a formula of Excel
_MONTH = r"(?:jan|feb|mär|mar|mrz|apr|mai|may|jun|jul|aug|sep|o[kc]t|nov|de[zc])[a-zä]*\.?"
_READ_AS_VALUE = re.compile(
    r"[\s(€$.,]*\d[\d\s.,:/%€$'’+()-]*(?:e[+-]?\d+|[ap]m?|uhr|h)?[\s%€)]*"  # 1.5, 3/4, 12:30, 50 %, 10 €, (5), 2 h
    rf"|\d[\d\s./-]*{_MONTH}[\d\s./:-]*|{_MONTH}[\s./-]*\d[\d\s./:-]*"  # 3. Mai, 1-Mar-22, Mai 26
    r"|wahr|falsch|true|false",
    re.IGNORECASE,
)

_Converter = Callable[[Any], str] | None  # None: csv's own way


def write(
    columns: Sequence[Column], rows: Iterable[Sequence[object]], dialect: Dialect = Dialect.PLAIN, timezone: str = "UTC"
) -> bytes:
    """A header and one line per row, in UTF-8; ``timezone`` is the IANA name of the local time in ``excel-de``."""
    fields = [field for i, column in enumerate(columns) for field in _fields(i, column, dialect, timezone)]
    excel = dialect is Dialect.EXCEL_DE
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";" if excel else ",")
    writer.writerow([safe_text(name) for name, _, _ in fields])
    cells = [(i, convert) for _, i, convert in fields]
    writer.writerows(
        [row[i] if convert is None or row[i] is None else convert(row[i]) for i, convert in cells] for row in rows
    )
    return text.getvalue().encode("utf-8-sig" if excel else "utf-8")


def safe_text(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _fields(i: int, column: Column, dialect: Dialect, timezone: str) -> list[tuple[str, int, _Converter]]:
    """The field of the ``i``th column, of a time in ``excel-de`` both: the header, ``i``, and what makes the text."""
    if dialect is Dialect.PLAIN:
        return [(column.name, i, cache(safe_text) if column.kind is Kind.TEXT else _PLAIN[column.kind])]
    if column.kind is Kind.INSTANT:
        zones = dict.fromkeys((timezone, "UTC"))
        return [(f"{column.name} [{zone}]", i, partial(_german_time, zone=ZoneInfo(zone))) for zone in zones]
    return [(column.name, i, cache(_kept_text) if column.kind is Kind.TEXT else _GERMAN[column.kind])]


def _rfc3339(moment: datetime) -> str:
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    return f"{moment.isoformat()[:-6]}Z"  # the last six are +00:00


def _german_time(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    milliseconds = f",{local.microsecond // 1000:03}" if local.microsecond else ""
    return f"{local:%d.%m.%Y %H:%M:%S}{milliseconds}"


def _german_day(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def _decimal_comma(number: float) -> str:
    return str(number).replace(".", ",")


def _kept_text(text: str) -> str:
    """A text that is no formula, and that a German spreadsheet shows as it is."""
    if len(text) <= _LONGEST_LITERAL and (_READ_AS_VALUE.fullmatch(text) or changes_in_spreadsheets(text)):
        return f'="{text}"'  # neither holds a quotation mark
    return safe_text(text)


_PLAIN: dict[Kind, _Converter] = {Kind.NUMBER: None, Kind.INSTANT: _rfc3339, Kind.DAY: date.isoformat}
_GERMAN: dict[Kind, _Converter] = {Kind.NUMBER: _decimal_comma, Kind.DAY: _german_day}
