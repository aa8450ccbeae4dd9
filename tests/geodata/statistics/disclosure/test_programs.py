"""Ranges that need few programs are those that two programs for each figure find."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize

from geodata.statistics.disclosure import programs
from geodata.statistics.disclosure.checker import Cell, Key, widths_below
from geodata.statistics.disclosure.rectangles import Equations, Rectangles

K = 5
_linprog = cast("Callable[..., Any]", vars(optimize)["linprog"])  # it has no types


def tables(chance: np.random.Generator) -> tuple[dict[Key, Cell], dict[Key, list[int]]]:
    """Counts of some stations on some days of two hours, hidden at random; what is public, and of which leaves."""
    stations, days = int(chance.integers(1, 5)), int(chance.integers(1, 4))
    counts = chance.poisson(chance.choice([0.5, 2.0, 6.0]), (stations, days, 2))
    there = chance.random(counts.shape) < chance.choice([0.7, 1.0])
    number = np.arange(counts.size).reshape(counts.shape)
    sums: dict[Key, list[tuple[int, ...]]] = {}
    for place in np.ndindex(counts.shape):
        if there[place]:
            station, day, hour = place
            for key in (("hour", day, hour), ("day", station, day), ("all", day), ("month", station), ("month",)):
                sums.setdefault(key, []).append(place)
    hidden = chance.choice([0.3, 0.8])
    cells, leaves = dict[Key, Cell](), dict[Key, list[int]]()
    for place in np.ndindex(counts.shape):
        if there[place]:
            cells[place] = Cell(None if chance.random() < hidden else int(counts[place]))
            leaves[place] = [int(number[place])]
    for key, places in sums.items():
        value = int(sum(counts[place] for place in places))
        cells[key] = Cell(value if chance.random() < 0.7 else None, tuple(places))
        leaves[key] = [int(number[place]) for place in places]
    return cells, leaves


def plainly(cells: dict[Key, Cell], leaves: dict[Key, list[int]]) -> dict[Key, float]:
    """Two programs for each hidden figure, over all leaves and all that is shown."""
    size = 1 + max((max(of) for of in leaves.values()), default=0)  # there may be a world without any
    shown = [key for key, cell in cells.items() if cell.value is not None]
    matrix, right = np.zeros((len(shown), size)), [cells[key].value for key in shown]
    for row, key in enumerate(shown):
        matrix[row, leaves[key]] = 1
    found: dict[Key, float] = {}
    for key in (key for key, cell in cells.items() if cell.value is None):
        objective = np.zeros(size)
        objective[leaves[key]] = 1
        least, most = (
            _linprog(sign * objective, A_eq=matrix if shown else None, b_eq=right if shown else None)
            for sign in (1, -1)
        )
        if most.status == 0 and -most.fun - least.fun < K - 1e-6:
            found[key] = -most.fun - least.fun
    return found


@given(st.integers(0, 10**6))
def test_each_hidden_figure_is_told_as_two_programs_of_its_own_tell_it(seed: int) -> None:
    cells, leaves = tables(np.random.default_rng(seed))
    assert widths_below(cells, K) == pytest.approx(plainly(cells, leaves), abs=1e-5)


@given(st.integers(0, 10**6), st.floats(0.5, 9))
def test_what_counts_may_move_around_rectangles_is_never_more_than_they_may_at_all(seed: int, enough: float) -> None:
    chance = np.random.default_rng(seed)
    rows, columns = int(chance.integers(1, 5)), int(chance.integers(1, 6))
    patterns = [(row, 10 + column) for row, column in np.ndindex(rows, columns) if chance.random() < 0.8]
    patterns += [(10 + column,) for column in range(columns) if chance.random() < 0.3]
    if not patterns:
        return
    world = chance.poisson(2, len(patterns)).astype(float)
    asked = chance.choice(len(patterns), chance.integers(1, len(patterns) + 1), replace=False).tolist()
    beside = Rectangles(patterns, world)
    least, most = bounds(patterns, world, asked)
    assert beside.more(asked, enough) <= most - world[asked].sum() + 1e-6
    assert beside.less(asked, enough) <= world[asked].sum() - least + 1e-6


def bounds(patterns: list[Equations], world: np.ndarray, asked: list[int]) -> tuple[float, float]:
    equations = sorted({equation for pattern in patterns for equation in pattern})
    matrix = np.array([[equation in pattern for pattern in patterns] for equation in equations], dtype=float)
    objective = np.zeros(len(patterns))
    objective[asked] = 1
    least, most = (_linprog(sign * objective, A_eq=matrix, b_eq=matrix @ world) for sign in (1, -1))
    return least.fun, -most.fun


def test_a_whole_table_is_judged_with_one_program(monkeypatch: pytest.MonkeyPatch) -> None:
    run: Callable[..., object] = programs._linprog
    runs: list[int] = []

    def counted(objective: np.ndarray, **options: object) -> object:
        runs.append(len(objective))
        return run(objective, **options)

    monkeypatch.setattr(programs, "_linprog", counted)
    counts = np.random.default_rng(0).poisson(3, (12, 60))
    cells: dict[Key, Cell] = {place: Cell(None) for place in np.ndindex(counts.shape)}
    for row in range(12):
        cells["row", row] = Cell(int(counts[row].sum()), tuple((row, column) for column in range(60)))
    for column in range(60):
        cells["column", column] = Cell(int(counts[:, column].sum()), tuple((row, column) for row in range(12)))
    assert widths_below(cells, K) == {}
    assert runs == [12 * 60]
