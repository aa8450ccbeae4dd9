"""The numbers of a file's stations: from a column, from the beginnings of their names, or none.

A number that stands on a printed sign must not become another one by a guess. So a number is taken from names only
where it stands apart from the words and all of them together count stations; the plan shows what was taken from where.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from geodata.findings.trail_file import Findings, Refused
from geodata.messages.listing import listed, shortened
from geodata.messages.message import Message, message, phrase
from geodata.trailfiles.draft.columns import Columns, Row, named_for_numbers, text, whole

_SHARE = 0.8
_AT_START = re.compile(
    r"""
    (?P<word>(?:(?:info|stations?)?tafel|station|stat\.?|st\.|nr\.?|no\.|nummer|pfosten|posten|(?:weg)?punkt|wp|poi|halt
        |schild|standort)\s*)?
    [#(\[]?\s*(?P<number>\d{1,3})
    (?:
        (?P<letter>[a-z])(?![\w-])                          # 2a Teich
        | (?P<mark>\s*[.:)\]_–—]+(?!\s*\d)\s* | \s+-+\s+ | \s*$)   # 4. Teiche, 04_Teiche, 4 - Teiche
        | \s+(?!\d|(?:km|m|cm|min|minuten|jahre|uhr|%|°)\b) # 4 Teiche, but not 4 km
        | -(?=[^\W\d_])(?-i:(?![a-zäöüß]))                    # 4-Teiche, but not 100-jährige
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)


class Numbers(StrEnum):
    """Where numbers come from."""

    AUTO = "auto"  # a column, else names that count stations, else the order
    COLUMN = "column"
    NAME = "name"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Numbered:
    """A station's number and name; ``unread`` is what stands for a number and is none, such as 11a."""

    number: int | None
    name: str
    unread: str = ""


@dataclass(frozen=True, slots=True)
class _Beginning:
    """A name that begins with a number: ``rest`` is the name without it, ``marked`` what no word is written like."""

    number: int
    letter: str
    rest: str
    certain: bool
    marked: bool


def read(rows: Sequence[Row], recognised: Columns, how: Numbers, findings: Findings) -> tuple[list[Numbered], Message]:
    """Number and name of each row, and where the numbers come from. Raises Refused where there is no wanted column."""
    names = [text(row, recognised.name) for row in rows]
    if how is Numbers.COLUMN and not recognised.number:
        column_names = listed(dict.fromkeys(name for row in rows for name in row))
        raise Refused(
            phrase("No column holds numbers of stations."),
            message("a column such as 'nr' with whole numbers, besides {columns}", columns=column_names),
            reason="no-number-column",
        )
    if recognised.number and how in {Numbers.AUTO, Numbers.COLUMN}:
        return _of_column(rows, recognised.number, names), message(
            "number from {column}", column=repr(recognised.number)
        )
    if how is Numbers.AUTO:
        _tell_column(rows, findings)
    if how in {Numbers.AUTO, Numbers.NAME}:
        return _of_names(names, how, findings)
    return [Numbered(None, name) for name in names], phrase("number by the file's order")


def _of_column(rows: Sequence[Row], column: str, names: Sequence[str]) -> list[Numbered]:
    numbered: list[Numbered] = []
    for row, name in zip(rows, names, strict=True):
        number = whole(row.get(column))
        unread = "" if number or column not in row else " ".join(str(row[column]).split())
        numbered.append(Numbered(number, name, unread))
    return numbered


def _tell_column(rows: Sequence[Row], findings: Findings) -> None:
    """A column that is called like one of numbers and holds none, unless it is called so for names as well."""
    for column in named_for_numbers(rows):
        if column.casefold() in {"station", "ref"}:
            continue
        values = dict.fromkeys(text(row, column) for row in rows if column in row)
        findings.warn(
            message("The column {column} is not taken for numbers: it holds {values}.", column=repr(column),
                    values=listed(values)),
            phrase("whole numbers from 1"), reason="column-holds-no-numbers",
        )  # fmt: skip


def _of_names(names: Sequence[str], how: Numbers, findings: Findings) -> tuple[list[Numbered], Message]:
    begun = [_beginning(name) for name in names]
    takes_numbers = how is Numbers.NAME or _counts_stations(
        [beginning for beginning in begun if beginning], sum(1 for name in names if name)
    )
    numbered = [
        _from_name(name, beginning, whole_set=takes_numbers) for name, beginning in zip(names, begun, strict=True)
    ]
    left = [name for name, beginning, was in zip(names, begun, numbered, strict=True) if beginning and not was.number]
    if left and not takes_numbers:
        findings.note(
            message(
                "Names that begin with a number keep it, {count} of them: {names}; {option[numbers]:name} takes it"
                " for the station's number.",
                count=len(left), names=listed(left),
            ),
            reason="names-begin-with-numbers",
        )  # fmt: skip
    example = next((name for name, was in zip(names, numbered, strict=True) if was.number), "")
    if not example:
        return numbered, phrase("number by the file's order")
    number = next(was.number for was in numbered if was.number)
    return numbered, message(
        "number from the beginning of the name ({example} is {number})", example=shortened(example), number=number
    )


def _beginning(name: str) -> _Beginning | None:
    match = _AT_START.match(name)
    if match is None or not int(match["number"]):
        return None
    certain = bool(match["word"])
    marked = certain or match["mark"] is not None or match["number"].startswith("0")
    return _Beginning(int(match["number"]), match["letter"] or "", name[match.end() :], certain, marked)


def _from_name(name: str, beginning: _Beginning | None, *, whole_set: bool) -> Numbered:
    """``whole_set``: the numbers of all names are taken; else only such as "Station 7"."""
    if beginning is None or not (whole_set or beginning.certain):
        return Numbered(None, name)
    if beginning.letter:
        return Numbered(None, name, f"{beginning.number}{beginning.letter}")
    return Numbered(beginning.number, beginning.rest)


def _counts_stations(begun: Sequence[_Beginning], names: int) -> bool:
    """Whether the numbers count stations: nearly every name has one, none comes twice, few are missing in between."""
    numbers = [beginning.number for beginning in begun if not beginning.letter]
    if not numbers or len(set(numbers)) < len(numbers) or len(begun) < _SHARE * names:
        return False
    if len(begun) == 1:
        return begun[0].marked or numbers[0] == 1
    span = max(numbers) - min(numbers) + 1
    return span - len(begun) <= max(1, span // 4)
