"""Possible worlds beside a known one, without a program: counts move around rectangles of a table.

Withheld figures are cells of a table when what the shown ones say of each is said by its row and by its column: then
as much as is added to two opposite corners of a rectangle can be taken from the two others, and all sums stay as they
are. Of many rectangles at once, each cell gives no more than it counts. What is found is possible; more may be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Equations = tuple[int, ...]
"""The numbers of the equations that a variable is in."""


class Rectangles:
    """The variables of a problem as a table, with a world in which all equations hold."""

    def __init__(self, patterns: Sequence[Equations], world: NDArray[np.float64]) -> None:
        """``patterns``: the equations of each variable, no two of which are the same; ``world``: their values."""
        self._world = world.tolist()
        rows, columns = dict[Equations, int](), dict[Equations, int]()
        self._places = [
            (rows.setdefault(row, len(rows)), columns.setdefault(column, len(columns)))
            for row, column in _rows_and_columns(patterns)
        ]
        self._at = {place: variable for variable, place in enumerate(self._places)}
        self._of_row, self._of_column = defaultdict[int, list[int]](list), defaultdict[int, list[int]](list)
        for variable, (row, column) in enumerate(self._places):
            self._of_row[row].append(variable)
            self._of_column[column].append(variable)
        self._common: dict[tuple[int, frozenset[int]], tuple[set[int], float]] = {}

    def more(self, variables: Sequence[int], enough: float) -> float:
        """How much more than in the world these can be together, at least; ``enough`` is as good as all.

        Others give it in the columns of those of one row, and get it back in columns where that row has something.
        """
        return max((self._given(inside, others, enough) for inside, others in self._parts(variables)), default=0.0)

    def less(self, variables: Sequence[int], enough: float) -> float:
        """How much less than in the world these can be together, at least: as `more`, the other way round."""
        return max((self._taken(inside, others, enough) for inside, others in self._parts(variables)), default=0.0)

    def _parts(self, variables: Sequence[int]) -> Iterator[tuple[list[int], list[int]]]:
        """Those of one row each, and what stands above and below of them in rows of which all but that is outside."""
        by_row: defaultdict[int, list[int]] = defaultdict(list)
        for variable in variables:
            by_row[self._places[variable][0]].append(variable)
        asked = set(variables)
        for row, inside in by_row.items():
            beside = [each for variable in inside for each in self._of_column[self._places[variable][1]]]
            barred = {self._places[each][0] for each in beside if each in asked} | {row}
            yield inside, [each for each in beside if self._places[each][0] not in barred]

    def _given(self, inside: list[int], others: list[int], enough: float) -> float:
        """From all rows beside, or if that is not enough only from those that have something to give."""
        givers = [each for each in others if self._world[each] > 0]
        given, found = sum(self._world[each] for each in givers), 0.0
        row, columns = self._places[inside[0]][0], {self._places[variable][1] for variable in inside}
        for beside in (others, givers) if given else ():
            common, in_common = self._of_common(row, frozenset(self._places[each][0] for each in beside))
            own = sum(self._world[self._at[row, column]] for column in columns & common)
            found = max(found, min(given, in_common - own))
            if found >= enough:
                break
        return found

    def _taken(self, inside: list[int], others: list[int], enough: float) -> float:
        row, columns = self._places[inside[0]][0], {self._places[variable][1] for variable in inside}
        counts = defaultdict[int, int](int)
        for each in others:
            counts[self._places[each][0]] += 1
        most = min(enough, sum(self._world[variable] for variable in inside))
        found = 0.0
        for other in (other for other, count in counts.items() if count == len(inside)):
            if found >= most:
                break
            common, _ = self._of_common(row, frozenset([other]))
            found += sum(self._world[self._at[other, column]] for column in common - columns)
        return min(most, found)

    def _of_common(self, row: int, others: frozenset[int]) -> tuple[set[int], float]:
        """The columns in which ``row`` and all ``others`` have a cell, and what those of ``row`` count together."""
        key = row, others
        if key not in self._common:
            columns = {self._places[variable][1] for variable in self._of_row[row]}
            for other in others:
                columns = {column for column in columns if (other, column) in self._at}
            self._common[key] = columns, sum(self._world[self._at[row, column]] for column in columns)
        return self._common[key]


def _rows_and_columns(patterns: Sequence[Equations]) -> Iterator[tuple[Equations, Equations]]:
    """Of each variable its row and its column: what the smallest of its equations is part of, and the others."""
    members: defaultdict[int, set[int]] = defaultdict(set)
    for variable, pattern in enumerate(patterns):
        for equation in pattern:
            members[equation].add(variable)
    wider: dict[tuple[int, int], bool] = {}
    for pattern in patterns:
        least = min(pattern, key=lambda equation: (len(members[equation]), equation))
        for equation in pattern:
            if (least, equation) not in wider:
                wider[least, equation] = members[least] <= members[equation]
        column = tuple(equation for equation in pattern if wider[least, equation])
        yield tuple(equation for equation in pattern if equation not in column), column
