"""An attacker with linear programming: how far each withheld figure can be worked out from all that are shown.

For tests and operators; no service imports it. It knows the figures and how they add up, and nothing of the rules.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geodata.errors import DigitalpfadError
from geodata.messages.message import message
from geodata.statistics.disclosure.programs import TOLERANCE, NoWorldError, RangeProblem, SumOfUnknowns

Key = tuple[object, ...]
"""Which figure: whatever tells it from the others."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure: its ``value``, or None where it is withheld, and the keys of the figures that it is the sum of."""

    value: int | None
    parts: tuple[Key, ...] = ()


class FiguresDisagree(DigitalpfadError):
    """Published figures do not add up."""

    def __init__(self, key: Key, value: int, known: int) -> None:
        """``value`` is published for ``key``, whose parts are known to be ``known``, or more."""
        super().__init__(
            message(
                "The figures of {key} do not add up: {value} is published, its parts are {known}.",
                key=str(key), value=value, known=known,
            )
        )  # fmt: skip


@dataclass(slots=True)
class _Unknown:
    """What is not known of a figure: the withheld smallest figures in it, and what the others count."""

    cells: frozenset[Key]
    known: int


def widths_below(cells: Mapping[Key, Cell], k: int, asked: Callable[[Key], bool] = lambda _: True) -> dict[Key, float]:
    """The withheld figures that can be told to within less than ``k``, with how wide the range of each is.

    ``asked``: which of them are looked at; the others are there because figures are made of them.
    Raises FiguresDisagree where shown figures do not add up, as whole numbers.
    """
    unknown = _unknowns(cells)
    equations = list(_equations(cells, unknown))
    members: defaultdict[Key, list[int]] = defaultdict(list)
    for number, (left, _) in enumerate(equations):
        for cell in left:
            members[cell].append(number)
    # Smallest figures that are in the same equations are one variable: between them anything is possible.
    variables: dict[tuple[int, ...], int] = {}
    of_cell = {cell: variables.setdefault(tuple(rows), len(variables)) for cell, rows in members.items()}
    sizes = np.bincount(np.fromiter(of_cell.values(), dtype=np.int64, count=len(of_cell)), minlength=len(variables))
    targets = {
        key: target
        for key, cell in cells.items()
        if cell.value is None and asked(key) and (target := _target(unknown[key].cells, of_cell, sizes)) is not None
    }
    if not targets:
        return {}
    try:
        problem = RangeProblem(list(variables), [right for _, right in equations], list(targets.values()))
    except NoWorldError as error:
        raise FiguresDisagree(("withheld",), error.right, 0) from error
    widths = problem.widths(k).tolist()
    return {key: width for key, width in zip(targets, widths, strict=True) if width < k - TOLERANCE}


def _unknowns(cells: Mapping[Key, Cell]) -> dict[Key, _Unknown]:
    found: dict[Key, _Unknown] = {}

    def of(key: Key) -> _Unknown:
        if key not in found:
            parts = [
                _Unknown(frozenset(), value) if (value := cells[part].value) is not None else of(part)
                for part in cells[key].parts
            ]
            leaf: frozenset[Key] = frozenset() if cells[key].parts else frozenset([key])
            found[key] = _Unknown(leaf.union(*(part.cells for part in parts)), sum(part.known for part in parts))
        return found[key]

    for key in cells:
        of(key)
    return found


def _equations(cells: Mapping[Key, Cell], unknown: Mapping[Key, _Unknown]) -> Iterable[tuple[frozenset[Key], int]]:
    """What shown figures say of the withheld ones within them."""
    for key, cell in cells.items():
        if cell.value is None or not cell.parts:
            continue
        left, right = unknown[key].cells, cell.value - unknown[key].known
        if right < 0 or (right > 0 and not left):
            raise FiguresDisagree(key, cell.value, unknown[key].known)
        if left:
            yield left, right


def _target(inside: frozenset[Key], of_cell: Mapping[Key, int], sizes: NDArray[np.int64]) -> SumOfUnknowns | None:
    """The withheld figure of these smallest ones; None where one of them is in no equation: it may be anything."""
    counted: defaultdict[int, int] = defaultdict(int)
    for cell in inside:
        if cell not in of_cell:
            return None
        counted[of_cell[cell]] += 1
    return SumOfUnknowns(list(counted), [variable for variable, count in counted.items() if count == sizes[variable]])
