"""The attacker finds what follows from figures, and no more."""

from __future__ import annotations

import pytest

from geodata.statistics.disclosure.checker import Cell, FiguresDisagree, Key, widths_below


def table(values: list[list[int | None]], rows: list[int | None], columns: list[int | None]) -> dict[Key, Cell]:
    cells: dict[Key, Cell] = {
        (row, column): Cell(value) for row, line in enumerate(values) for column, value in enumerate(line)
    }
    for row, value in enumerate(rows):
        cells["row", row] = Cell(value, tuple((row, column) for column in range(len(columns))))
    for column, value in enumerate(columns):
        cells["column", column] = Cell(value, tuple((row, column) for row in range(len(rows))))
    return cells


def test_a_lone_withheld_figure_is_the_difference() -> None:
    lone: dict[Key, Cell] = {("a",): Cell(None), ("b",): Cell(7), ("sum",): Cell(10, (("a",), ("b",)))}
    assert widths_below(lone, 5) == {("a",): 0}


def test_two_that_are_small_together_are_known_well_enough() -> None:
    pair: dict[Key, Cell] = {("a",): Cell(None), ("b",): Cell(None), ("sum",): Cell(4, (("a",), ("b",)))}
    assert widths_below(pair, 5) == {("a",): 4, ("b",): 4}
    assert widths_below(pair, 4) == {}


def test_crossed_margins_bound_a_cell_as_frechet_says() -> None:
    cells = table([[None, None], [None, None]], [20, 7], [21, 6])
    assert widths_below(cells, 6) == {}
    assert widths_below(cells, 7) == dict.fromkeys([(0, 0), (0, 1), (1, 0), (1, 1)], 6)


def test_a_withheld_margin_is_the_sum_of_what_is_shown_within() -> None:
    cells = table([[3, 8], [None, None]], [None, None], [9, None])
    assert widths_below(cells, 5) == {(1, 0): 0, ("row", 0): 0}


def test_figures_that_do_not_add_up_are_told_as_whole_numbers() -> None:
    with pytest.raises(FiguresDisagree, match=r"\('row', 0\) do not add up: 10 is published, its parts are 11"):
        widths_below(table([[3, 8]], [10], [3, 8]), 5)
    with pytest.raises(FiguresDisagree):
        widths_below({("a",): Cell(3), ("sum",): Cell(4, (("a",),))}, 5)
