"""How far sums of variables can be told from equations in which each has a 1 or a 0: by linear programs, or without."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

from geodata.statistics.disclosure.rectangles import Equations, Rectangles

TOLERANCE = 1e-6  # of HiGHS, which finds vertices: those of whole margins are whole
_linprog = cast("Callable[..., Any]", vars(optimize)["linprog"])  # it has no types
_AS_IT_IS = {"presolve": False}
"""A month of 50 stations has 21 000 variables in 500 equations: HiGHS makes it no smaller, in 20 times as long."""
_Floats = NDArray[np.float64]
_Whole = NDArray[np.int64]


class NoWorldError(Exception):
    """No world gives these equations, of which ``right`` is the sum of the right sides."""

    def __init__(self, right: int) -> None:
        super().__init__(right)
        self.right = right


@dataclass(frozen=True, slots=True)
class SumOfUnknowns:
    """A sum of variables: at most of all that it ``touches``, at least of those that it ``contains``."""

    touches: list[int]
    contains: list[int]


@dataclass(frozen=True, slots=True)
class _Component:
    """Variables that hang together, their equations, and the targets that have some of them."""

    variables: _Whole
    matrix: Any
    right: _Floats
    targets: _Whole
    touches: Any
    contains: Any


class RangeProblem:
    """The equations, by component; each possible world that is found is shown to all targets that it may widen.

    Few of them need a program of their own: two worlds in which a target differs by k are enough, and most of these
    are found beside the first one.
    """

    def __init__(self, patterns: Sequence[Equations], right: Sequence[int], targets: Sequence[SumOfUnknowns]) -> None:
        """``patterns``: the equations of each variable. Raises NoWorldError."""
        self._targets = targets
        self._patterns = patterns
        self._components, self._of_variable = _components(patterns, right, targets)
        self._world = np.zeros(len(patterns))
        for component in self._components:
            self._go_to_least(component, np.zeros(len(patterns)))
        self._high = matrix([target.touches for target in targets], len(patterns)) @ self._world
        self._low = matrix([target.contains for target in targets], len(patterns)) @ self._world

    def widths(self, k: int) -> _Floats:
        """How wide the range of each target is at least, and exactly where that is less than ``k``."""
        self._look_around(k)
        for number, target in enumerate(self._targets):
            for sign, variables in ((-1.0, target.touches), (1.0, target.contains)):
                if variables and self._is_narrow(number, k):
                    self._reach(sign, variables)
        return self._high - self._low

    def _is_narrow(self, number: int, k: int) -> bool:
        return bool(self._high[number] - self._low[number] < k - TOLERANCE)

    def _look_around(self, k: int) -> None:
        """Widen the ranges by worlds beside the first one."""
        beside = Rectangles(self._patterns, self._world)
        high, low = self._high.tolist(), self._low.tolist()
        for number, target in enumerate(self._targets):
            lack = k - (high[number] - low[number])
            if lack > TOLERANCE:
                self._high[number] += beside.more(target.touches, lack)
                lack = k - (self._high[number] - low[number])
            if lack > TOLERANCE:
                self._low[number] -= beside.less(target.contains, lack)

    def _reach(self, sign: float, variables: list[int]) -> None:
        """Go to the world in which these together are least, or most; show it to all."""
        objective = np.zeros(len(self._world))
        objective[variables] = sign
        numbers: list[int] = np.unique(self._of_variable[variables]).tolist()
        components = [self._components[number] for number in numbers]
        for component in components:
            self._go_to_least(component, objective)
        for component in components:
            of = component.targets
            self._high[of] = np.maximum(self._high[of], component.touches @ self._world)
            self._low[of] = np.minimum(self._low[of], component.contains @ self._world)

    def _go_to_least(self, component: _Component, objective: _Floats) -> None:
        asked = objective[component.variables]
        result = _linprog(asked, A_eq=component.matrix, b_eq=component.right, method="highs", options=_AS_IT_IS)
        if result.x is None:
            raise NoWorldError(int(component.right.sum()))
        self._world[component.variables] = result.x


def matrix(rows: Sequence[Sequence[int]], width: int) -> Any:
    """A sparse matrix of ones where the ``rows`` say."""
    inside = np.array([column for row in rows for column in row], dtype=np.int64)
    of = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    return sparse.csr_matrix((np.ones(len(inside)), (of, inside)), shape=(len(rows), width))


def _components(
    patterns: Sequence[Equations], right: Sequence[int], targets: Sequence[SumOfUnknowns]
) -> tuple[list[_Component], _Whole]:
    """The components, and of which of them each variable is."""
    if not patterns:
        return [], np.zeros(0, dtype=np.int64)
    by_variable = matrix(patterns, len(right))
    nodes = matrix([[len(patterns) + each for each in pattern] for pattern in patterns], len(patterns) + len(right))
    nodes.resize((len(patterns) + len(right),) * 2)
    number, labels = sparse.csgraph.connected_components(nodes, directed=False)
    of_variable, of_equation = labels[: len(patterns)], labels[len(patterns) :]
    touches = matrix([target.touches for target in targets], len(patterns))
    contains = matrix([target.contains for target in targets], len(patterns))
    rights = np.array(right, dtype=float)
    of_target = _targets_of(touches, of_variable, number)
    by_equation = by_variable.T.tocsr()
    found = list[_Component]()
    for variables, equations, inside in zip(
        _by_label(of_variable, number), _by_label(of_equation, number), of_target, strict=True
    ):
        part = by_equation[equations][:, variables]
        found.append(_Component(variables, part, rights[equations], inside, touches[inside], contains[inside]))
    return found, of_variable


def _by_label(labels: _Whole, number: int) -> list[_Whole]:
    """Where each label is."""
    order = np.argsort(labels, kind="stable")
    return np.split(order, np.searchsorted(labels[order], np.arange(1, number)))


def _targets_of(touches: Any, of_variable: _Whole, number: int) -> list[_Whole]:
    """The targets of each component."""
    pairs = touches.tocoo()
    together = np.unique(np.stack([of_variable[pairs.col], pairs.row]), axis=1)
    return np.split(together[1], np.searchsorted(together[0], np.arange(1, number)))
