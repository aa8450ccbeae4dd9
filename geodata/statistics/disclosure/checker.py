"""An attacker with linear programming: how far each withheld figure can be worked out from all that are shown.

For tests and operators; no service imports it. It knows the figures and how they add up, and nothing of the rules.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

from geodata.errors import DigitalpfadError
from geodata.messages.message import message

_TOLERANCE = 1e-6  # of HiGHS, which finds vertices: those of whole margins are whole
_linprog = cast("Callable[..., Any]", vars(optimize)["linprog"])  # it has no types

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


@dataclass(frozen=True, slots=True)
class _Target:
    """A withheld figure as sums of variables: at most of all that it ``touches``, at least of those it ``contains``."""

    key: Key
    touches: list[int]
    contains: list[int]


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
    targets = [
        target
        for key, cell in cells.items()
        if cell.value is None
        and asked(key)
        and (target := _target(key, unknown[key].cells, of_cell, sizes)) is not None
    ]
    if not targets:
        return {}
    widths = _Problem(list(variables), [right for _, right in equations], targets).widths(k)
    return {target.key: width for target, width in zip(targets, widths, strict=True) if width < k - _TOLERANCE}


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


def _target(key: Key, inside: frozenset[Key], of_cell: Mapping[Key, int], sizes: NDArray[np.int64]) -> _Target | None:
    """The withheld figure of these smallest ones; None where one of them is in no equation: it may be anything."""
    counted: defaultdict[int, int] = defaultdict(int)
    for cell in inside:
        if cell not in of_cell:
            return None
        counted[of_cell[cell]] += 1
    return _Target(key, list(counted), [variable for variable, count in counted.items() if count == sizes[variable]])


class _Problem:
    """The equations, by component; each possible world that is found is shown to all targets.

    Most of them need no program of their own: two worlds in which a target differs by k are enough.
    """

    def __init__(self, columns: list[tuple[int, ...]], right: list[int], targets: list[_Target]) -> None:
        self._matrix = _matrix(columns, len(right)).T.tocsr()
        self._right = np.array(right, dtype=float)
        _, self._component = sparse.csgraph.connected_components(self._matrix.T @ self._matrix, directed=False)
        self._targets = targets
        self._touches = _matrix([target.touches for target in targets], len(columns))
        self._contains = _matrix([target.contains for target in targets], len(columns))
        self._world = np.zeros(len(columns))
        self._extreme(np.zeros(len(columns)), np.arange(len(columns)))
        self._high, self._low = self._touches @ self._world, self._contains @ self._world

    def widths(self, k: int) -> NDArray[np.float64]:
        """How wide the range of each target is at least, and exactly where that is less than ``k``."""
        for number, target in enumerate(self._targets):
            for sign, variables in ((-1.0, target.touches), (1.0, target.contains)):
                if variables and self._high[number] - self._low[number] < k - _TOLERANCE:
                    objective = np.zeros(len(self._world))
                    objective[variables] = sign
                    self._extreme(objective, np.array(variables))
                    self._high = np.maximum(self._high, self._touches @ self._world)
                    self._low = np.minimum(self._low, self._contains @ self._world)
        return self._high - self._low

    def _extreme(self, objective: NDArray[np.float64], variables: NDArray[np.int64]) -> None:
        """Go to the world in which ``objective`` is least, in the components of these variables."""
        for number in np.unique(self._component[variables]):
            inside = np.flatnonzero(self._component == number)
            part = self._matrix[:, inside]
            rows = np.flatnonzero(np.diff(part.indptr))
            result = _linprog(objective[inside], A_eq=part[rows], b_eq=self._right[rows], method="highs")
            if result.x is None:
                raise FiguresDisagree(("withheld",), int(self._right[rows].sum()), 0)
            self._world[inside] = result.x


def _matrix(rows: Sequence[Sequence[int]], width: int) -> Any:
    """A sparse matrix of ones where the ``rows`` say."""
    inside = np.array([column for row in rows for column in row], dtype=np.int64)
    of = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    return sparse.csr_matrix((np.ones(len(inside)), (of, inside)), shape=(len(rows), width))
