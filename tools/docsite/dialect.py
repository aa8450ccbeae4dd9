"""Lists and tables of CommonMark, which the forge reads, indented as the generator's Python-Markdown reads them.

Python-Markdown wants an empty line before a list or a table, four spaces for what belongs to an item of a list, and no
backslash before a bar in a table's code. Where an item begins and ends is asked of a CommonMark parser, never guessed
from the spaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

INDENT = 4
_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
_MARKER = re.compile(r"(\s*)([-*+]|\d{1,9}[.)])(\s+)")


def commonmark() -> MarkdownIt:
    """The parser that agrees with the forge on what our documents hold."""
    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


@dataclass(frozen=True, slots=True)
class _Item:
    """An item of a list: its lines from ``first`` up to ``end``, at ``level`` 1 and deeper; ``width`` is its indent."""

    first: int
    end: int
    level: int
    width: int


def adapted(text: str) -> str:
    """The document ``text`` as Python-Markdown reads it."""
    lines = text.split("\n")
    tokens = commonmark().parse(text)
    openings = set(_openings(tokens))
    tables = {number for token in tokens if token.type == "table_open" and token.map for number in range(*token.map)}
    items = list(_items(tokens, lines))
    written: list[str] = []
    for number, read in enumerate(lines):
        line = _CODE.sub(_unescaped, read) if number in tables else read
        around = [item for item in items if item.first <= number < item.end]
        if number in openings and written and written[-1].strip():
            written.append("")
        written.append(_indented(line, number, around) if around else line)
    return "\n".join(written)


def _unescaped(code: re.Match[str]) -> str:
    """Code in a table: the forge drops the backslash before a bar, the generator would show it."""
    return code.group().replace(r"\|", "|")


def _openings(tokens: Sequence[Token]) -> Iterator[int]:
    """First lines of outer lists, of tables, and of the items of lists with empty lines between their parts."""
    items: list[int] = []
    for token in tokens:
        first = token.map[0] if token.map else 0
        if token.type == "table_open" or (token.type in {"bullet_list_open", "ordered_list_open"} and token.level == 0):
            yield first
        elif token.type == "list_item_open":
            items.append(first)
        elif token.type == "list_item_close":
            items.pop()
        elif token.type == "paragraph_open" and items and not token.hidden:
            yield items[-1]


def _items(tokens: Sequence[Token], lines: Sequence[str]) -> Iterator[_Item]:
    level = 0
    for token in tokens:
        if token.type == "list_item_open" and token.map:
            level += 1
            marker = _MARKER.match(lines[token.map[0]])
            if marker is None:
                raise SystemExit(f"{lines[token.map[0]]!r}: begin the item's text in the line of its mark.")
            yield _Item(token.map[0], token.map[1], level, len(marker.group()))
        elif token.type == "list_item_close":
            level -= 1


def _indented(line: str, number: int, around: Sequence[_Item]) -> str:
    """A line of the innermost item, moved to where Python-Markdown looks for it."""
    inner = around[-1]
    if number == inner.first:
        marker = _MARKER.match(line)
        assert marker is not None
        sign = f"{marker.group(2)} ".ljust(INDENT)
        return " " * INDENT * (inner.level - 1) + sign + line[marker.end() :]
    body = line[inner.width :] if not line[: inner.width].strip() else line.lstrip()
    return " " * INDENT * inner.level + body if body.strip() else ""
