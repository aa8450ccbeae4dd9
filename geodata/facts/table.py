"""A small table as people keep it beside the texts: CSV of any office program, or a JSON list of objects.

Columns are known by many names. Everything wrong is collected, with file, line, value, what was expected and the hint.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import zip_longest
from typing import TypeVar

import msgspec

from geodata.facts.words import fold, is_unknown
from geodata.findings.content import TextFindings, at_line
from geodata.messages.message import Message, cut, message, phrase
from geodata.text import decimals
from geodata.text.broken import INVISIBLE, is_visible

MOST_ROWS = 2_000
LONGEST = 300
_DELIMITERS = ";\t,"
_COMMENT = "#"
_TELLS_DELIMITER = re.compile(r"sep=.?", re.IGNORECASE)  # a first line for Excel alone
_UNITS: Mapping[str, Callable[[str], float | None]] = {"m": decimals.metres, "cm": decimals.centimetres}
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row by the names of its columns; what is empty is not in it. ``place`` says where it stands."""

    place: Message
    cells: Mapping[str, str]
    findings: TextFindings = field(compare=False)

    def text(self, column: str) -> str:
        """What is in a column as one line, at most LONGEST characters; empty where there is nothing."""
        text = " ".join(self.cells.get(column, "").split())
        if not is_visible(text):
            return ""
        if len(text) > LONGEST or INVISIBLE.search(text):
            self.refuse(column, cut(text), message("at most {most} printable characters", most=LONGEST))
            return ""
        return text

    def require(self, column: str, expected: str) -> None:
        """Refuse the row where nothing stands in a column, or only that nobody knows."""
        text = self.cells.get(column, "")
        if is_unknown(text):
            self.refuse(column, text or phrase("nothing"), expected)

    def number(self, column: str, low: float, high: float, hint: str = "") -> float | None:
        """A finite number in these bounds, or None where there is none, with a finding where it is wrong.

        The unit in the column's name may stand behind it, and no other: "2 m" are no 2 cm.
        """
        text = self.cells.get(column, "")
        if is_unknown(text):
            return None
        value = _UNITS.get(column.rpartition("_")[2], decimals.number)(text)
        if value is None or not low <= value <= high:
            expected = (
                message("a number from {low:g} to {high:g}", low=low, high=high)
                if math.isfinite(high)
                else message("a number of at least {low:g}", low=low)
            )
            self.refuse(column, text, expected, hint)
            return None
        return value

    def whole(self, column: str, low: int, high: int) -> int | None:
        """A whole number in these bounds, as number()."""
        value = self.number(column, low, high)
        if value is not None and value != int(value):
            self.refuse(column, self.cells[column], phrase("a whole number"))
            return None
        return None if value is None else int(value)

    def word(self, column: str, meaning: Callable[[str], _T | None], expected: str) -> _T | None:
        """A word of a closed set, or None where nobody knows, with a finding where it is another word."""
        text = self.cells.get(column, "")
        if is_unknown(text):
            return None
        value = meaning(text)
        if value is None:
            self.refuse(column, text, message("one of {names}", names=expected))
        return value

    def refuse(self, column: str, value: str, expected: str, hint: str = "") -> None:
        """Add what is wrong in a column of this row."""
        place = message("{column} in {place}", column=column, place=self.place)
        self.findings.error("fact-unreadable", place, value, expected, hint)


def read(
    name: str,
    text: str,
    columns: Mapping[str, Sequence[str]],
    findings: TextFindings,
    needed: Sequence[str] = (),
) -> list[TableRow]:
    """The rows of a table called ``name``; ``columns`` are its columns' names, each with other spellings.

    Without a column that is ``needed`` there are none: that is told once and not of each row.
    """
    found = _of_json(name, text, findings) if text.lstrip()[:1] in {"[", "{"} else _of_csv(name, text, findings)
    if len(found) > MOST_ROWS:
        value, most = message("{count} rows", count=len(found)), message("at most {most}", most=MOST_ROWS)
        findings.error("table-too-long", name, value, most)
        return []
    called = _called(name, list(dict.fromkeys(column for _, cells in found for column in cells)), columns, findings)
    missing = [column for column in needed if found and column not in called.values()]
    if missing:
        value, hint = message("without {names}", names=", ".join(missing)), phrase("Its first line names the columns.")
        findings.error("column-missing", name, value, message("columns {names}", names=", ".join(needed)), hint)
        return []
    return [
        TableRow(
            place,
            {called[column]: value for column, value in cells.items() if column in called and value.strip()},
            findings,
        )
        for place, cells in found
    ]


def write(columns: Sequence[str], rows: Sequence[Sequence[object]], comment: str = "") -> str:
    """A table that read() reads back, as CSV with semicolons: office programs open it by a double click."""
    text = io.StringIO(newline="")
    if comment:
        text.write(f"{_COMMENT} {comment}\n")
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([["" if cell is None else cell for cell in row] for row in rows])
    return text.getvalue()


def _of_csv(name: str, text: str, findings: TextFindings) -> list[tuple[Message, dict[str, str]]]:
    try:
        rows = list(_rows(text))
    except csv.Error as error:
        findings.error("table-unreadable", name, str(error), phrase("CSV"), phrase("Close each quotation mark."))
        return []
    if not rows:
        hint = phrase("Its first line names the columns.")
        findings.error("table-empty", name, phrase("no line"), phrase("a table"), hint)
        return []
    header = [cell.strip() for cell in rows[0][1]]
    found = list[tuple[Message, dict[str, str]]]()
    for number, row in rows[1:]:
        extra = [cell for cell in row[len(header) :] if cell.strip()]
        if extra:
            columns = message("{count} columns, as in the first line", count=len(header))
            hint = phrase("Put a text with this sign in it between double quotes.")
            findings.error("table-unreadable", at_line(name, number), cut(extra[0]), columns, hint)
        found.append((at_line(name, number), dict(zip_longest(header, row[: len(header)], fillvalue=""))))
    return found


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that say something, each with the line in which it begins: what stands in quotes may have several."""
    first = next((line for line in text.split("\n") if _says_something(line)), "")
    delimiter = max(_DELIMITERS, key=first.count)
    is_within_row = False

    def lines() -> Iterator[str]:
        """A comment is no row, whatever quotes it has; within quotes a line may well begin with its sign."""
        nonlocal is_within_row
        for line in io.StringIO(text, newline=""):
            is_comment = not is_within_row and line.lstrip().startswith(_COMMENT)
            is_within_row = True
            yield "\n" if is_comment else line

    reader, begins = csv.reader(lines(), delimiter=delimiter, strict=True), 1
    for row in reader:
        is_within_row = False
        if _says_something(delimiter.join(row)):
            yield begins, row
        begins = reader.line_num + 1


def _says_something(line: str) -> bool:
    """Whether a line is neither empty nor a comment, nor names the delimiter for Excel."""
    plain = line.strip(' ;,\t"\u00a0')
    return bool(plain) and not plain.startswith(_COMMENT) and not _TELLS_DELIMITER.fullmatch(plain)


def _of_json(name: str, text: str, findings: TextFindings) -> list[tuple[Message, dict[str, str]]]:
    try:
        rows = msgspec.json.decode(text.encode(), type=list[dict[str, str | int | float | bool | None]])
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        findings.error("table-unreadable", name, str(error), phrase("a list of objects with texts and numbers"))
        return []
    return [
        (
            message("{file}, row {number}", file=name, number=number),
            {column: _cell(value) for column, value in row.items() if value is not None},
        )
        for number, row in enumerate(rows, 1)
    ]


def _cell(value: str | float | bool) -> str:  # noqa: FBT001 - what JSON holds
    return str(value).lower() if isinstance(value, bool) else str(value)


def _called(
    name: str, given: Sequence[str], columns: Mapping[str, Sequence[str]], findings: TextFindings
) -> dict[str, str]:
    """The columns of a file to ours; one that is not known, or there twice, becomes a finding."""
    spellings = {fold(spelling): column for column, others in columns.items() for spelling in (column, *others)}
    called = dict[str, str]()
    for column in given:
        if not column:
            continue
        known = spellings.get(fold(column))
        if known is None:
            near = get_close_matches(fold(column), spellings, n=1)
            names = ", ".join(columns)
            hint = message("Did you mean {name}?", name=spellings[near[0]]) if near else ""
            findings.error("column-unknown", name, column, message("one of {names}", names=names), hint)
        elif known in called.values():
            findings.error("column-twice", name, column, phrase("each column once"))
        else:
            called[column] = known
    return called


def known_columns(given: Sequence[str], columns: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Those of ``given`` that are columns of ours under any spelling, for tables with other columns beside them."""
    spellings = {fold(spelling): column for column, others in columns.items() for spelling in (column, *others)}
    called = dict[str, str]()
    for column in given:
        known = spellings.get(fold(column))
        if known is not None and known not in called.values():
            called[column] = known
    return called
