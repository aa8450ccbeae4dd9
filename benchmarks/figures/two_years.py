"""Print how many seconds the comparison of two years takes: python -m benchmarks.figures.two_years TIMES."""

from __future__ import annotations

import sys

import digitalpfad  # noqa: F401  # pyright: ignore[reportUnusedImport] - as every command: it bounds numpy's threads
from benchmarks.figures.timing import least_ms
from geodata.statistics.comparison.comparison import compare
from geodata.statistics.comparison.coverage import Question
from tests.geodata.statistics.comparison.worlds import AFTER, BEFORE, Recipe, world


def main() -> None:
    days, around = world(1, Recipe(counters=10, lost=0.0))
    question = Question(before=BEFORE, after=AFTER)
    if compare(days, around, question).change is None:
        raise RuntimeError("the years are not compared")
    print(least_ms(lambda: compare(days, around, question), int(sys.argv[1])) / 1000)


if __name__ == "__main__":
    main()
