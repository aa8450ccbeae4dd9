"""Which rows of a table with withheld cells may show their sums, when the sums of its columns are known.

Rows are stations, columns are days (or groups of days) of which everybody can work out what all withheld cells
together count: at least k. A row is shown by itself, or hides in the group of the others. Then, of the table of groups
of rows and columns, an attacker knows the margins, each at least k, and the grand total T. With two groups or more of
each, the cell where a row group of sum r meets a column of sum c may be anything from max(0, r + c - T) to min(r, c)
(Fréchet). That is min(r, c, T - r, T - c) wide: at least k. For it each group must have a cell in each column, because
a count can only move to where there is one. With a single group of rows, or of columns, each cell may be anything from
0 to its group's sum, as long as the group does not consist of one cell.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from geodata.statistics.disclosure.figure import Counts, Mask, Rule


@dataclass(frozen=True, slots=True)
class Table:
    """Withheld cells. ``cells`` (rows x columns): where there is one; ``days`` (rows x days): on which days they lie.

    ``sums``: what the withheld cells of each row count; ``spent``: rows that are better not shown than others.
    """

    cells: Mask
    days: Mask
    sums: Counts
    spent: Mask


def shown_rows(table: Table, rule: Rule) -> Mask:
    """Which rows may show their sums; those without withheld cells are not of the table, and may."""
    shown = ~_any(table.cells, 1)
    for rows in _components(table.cells):
        shown[rows] = _shown_together(table, rows, rule)
    return shown


def _shown_together(table: Table, rows: Counts, rule: Rule) -> Mask:
    """Which of ``rows``, that hang together, are shown."""
    if len(rows) == 1 or not table.sums[rows].any():
        return np.ones(len(rows), dtype=bool)  # the same cells as the column, or all of them known to be 0
    alone = np.array([is_sound(table, rows[[index]], rule) for index in range(len(rows))])
    order = np.lexsort((table.sums[rows], ~table.spent[rows]))
    for index in order[alone[order]]:
        if alone.all() or _hide_each_other(table, rows[~alone], rule):
            break
        alone[index] = False
    return alone


def _hide_each_other(table: Table, rows: Counts, rule: Rule) -> bool:
    return len(rows) >= 2 and is_sound(table, rows, rule)


def is_sound(table: Table, rows: Counts, rule: Rule) -> bool:
    """Whether these rows may be a group whose sum is known: at least k, a cell in each column, none of them alone."""
    columns = _any(table.cells[_touching(table.cells, rows)], 0)
    covers = bool(np.all(_any(table.cells[rows], 0)[columns]))
    spreads = columns.sum() >= 2 or _any(table.days[rows], 0).sum() >= 2
    return bool(table.sums[rows].sum() >= rule.k and covers and spreads)


def _components(cells: Mask) -> Iterator[Counts]:
    """The rows that hang together by columns, component by component: counts can move only within one."""
    left = _any(cells, 1)
    while left.any():
        rows = _touching(cells, np.flatnonzero(left)[:1])
        yield np.flatnonzero(rows)
        left &= ~rows


def _touching(cells: Mask, rows: Counts) -> Mask:
    """All rows that hang together with ``rows``."""
    found = np.zeros(len(cells), dtype=bool)
    found[rows] = True
    while True:
        wider = _any(cells[:, _any(cells[found], 0)], 1) | found
        if (wider == found).all():
            return found
        found = wider


def _any(cells: Mask, axis: int) -> Mask:
    return np.logical_or.reduce(cells, axis=axis)
