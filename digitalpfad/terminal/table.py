"""Rows of text as aligned columns, on a terminal no wider than it is."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, split_graphemes

EMPTY = "–"
"""What a cell shows where there is nothing."""

_GAP = "  "
_INDENT = "  "
_READABLE = 32  # cells that a shortened column keeps at least: less of a sentence says nothing


def aligned(table: Sequence[Sequence[str]], width: int | None = None) -> list[str]:
    """The lines of ``table``, whose first row are the headings; ``width`` are the cells of a terminal.

    Without a width nothing is left out. What is wider than the terminal first loses the columns in which every row is
    EMPTY; then the widest are shortened with "…", as far as they stay readable; then each row continues in further,
    indented lines.
    """
    widths = _widths(table)
    if width is None or _total(widths) <= width:
        return [_line(row, widths) for row in table]
    table = _without_empty(table)
    widths = _widths(table)
    shortened = _shortened(widths, width)
    if shortened is not None:
        return [_line(row, shortened) for row in table]
    blocks = _folded(widths, width)
    return [
        (_INDENT if first else "") + _line(row[first : first + len(block)], block)
        for row in table
        for first, block in blocks
    ]


def cut(text: str, cells: int) -> str:
    """``text`` in at most ``cells`` cells of a terminal, with "…" where something is left out; no letter is torn."""
    if cell_len(text) <= cells:
        return text
    end = 0
    for _, stop, _ in split_graphemes(text)[0]:
        if cell_len(text[:stop]) > cells - 1:  # not the sum of the parts' sizes: joiners that join nothing differ there
            break
        end = stop
    return text[:end] + "…"


def _widths(table: Sequence[Sequence[str]]) -> list[int]:
    return [max(cell_len(row[column]) for row in table) for column in range(len(table[0]))]


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + len(_GAP) * (len(widths) - 1)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = [cut(text, cells) for text, cells in zip(row, widths, strict=True)]
    padded = [text + " " * (wanted - cell_len(text)) for text, wanted in zip(cells, widths, strict=True)]
    return _GAP.join(padded).rstrip()


def _without_empty(table: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    used = [column for column in range(len(table[0])) if any(row[column] != EMPTY for row in table[1:])]
    return [[row[column] for column in used] for row in table] if used else table


def _shortened(widths: Sequence[int], width: int) -> list[int] | None:
    """The widest columns made equally narrower until all fit; None where they would not stay readable."""
    fitted = list(widths)
    for _ in range(_total(widths) - width):
        widest = max(range(len(fitted)), key=fitted.__getitem__)
        if fitted[widest] <= _READABLE:
            return None
        fitted[widest] -= 1
    return fitted


def _folded(widths: Sequence[int], width: int) -> list[tuple[int, list[int]]]:
    """The columns in as many lines as they need: of each line its first column and its widths."""
    blocks: list[tuple[int, list[int]]] = []
    for column, wanted in enumerate(widths):
        indent = len(_INDENT) if blocks else 0
        if blocks and indent * (blocks[-1][0] > 0) + _total([*blocks[-1][1], wanted]) <= width:
            blocks[-1][1].append(wanted)
        else:
            blocks.append((column, [min(wanted, max(width - indent, 1))]))
    return blocks
