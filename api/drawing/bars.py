"""Counts of periods in a row as bars from zero up, as SVG numbers; the template draws them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

WIDTH, HEIGHT = 360, 168
LEFT, RIGHT, TOP, BOTTOM = 12, 348, 24, 136
_MOST_OF_A_SLOT = 0.78  # of the room for a period is taken by its bar
_LEAST_BAR = 1.0  # a count that is not zero is seen


class BarKind(StrEnum):
    """What is known of a period."""

    COUNTED = "counted"
    PARTLY = "partly"  # counted for a part of the time only
    HIDDEN = "hidden"  # a number that is not published
    GAP = "gap"  # nobody counted


@dataclass(frozen=True, slots=True)
class BarValue:
    """One period: its count, None exactly where it is hidden or a gap.

    ``is_estimated``: when some of those passed whom it counts is estimated.
    """

    kind: BarKind
    count: int | None = None
    is_estimated: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from ``y`` down to BOTTOM."""

    x: float
    y: float
    width: float
    height: float
    kind: BarKind
    is_estimated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BarDrawing:
    """``gaps`` and ``hidden`` are x and width of periods without a bar, neighbours together; ``top`` is the upper line.

    ``middles`` are the middles of all periods, where their names stand. ``highest``: the index of the highest bar, None
    where all are zero. ``marks``: x, y and width of what each period is compared with, where that is known.
    """

    bars: tuple[Bar, ...]
    gaps: tuple[tuple[float, float], ...]
    hidden: tuple[tuple[float, float], ...]
    middles: tuple[float, ...]
    marks: tuple[tuple[float, float, float], ...]
    top: int
    highest: int | None


def draw(values: Sequence[BarValue], compared: Sequence[int | None] = ()) -> BarDrawing | None:
    """Draw ``values`` from left to right; None where no period has a count.

    ``compared``: what each period is compared with, such as the year before; None where there is nothing.
    """
    counts = [value.count for value in values if value.count is not None]
    if not counts:
        return None
    top = _round_up(max(*counts, *(count for count in compared if count is not None), 0))
    slot = (RIGHT - LEFT) / len(values)
    return BarDrawing(
        bars=tuple(_bar(i, value, value.count, slot, top) for i, value in enumerate(values) if value.count is not None),
        gaps=tuple(_runs(values, BarKind.GAP, slot)),
        hidden=tuple(_runs(values, BarKind.HIDDEN, slot)),
        middles=tuple(round(LEFT + (i + 0.5) * slot, 1) for i in range(len(values))),
        marks=tuple(_mark(i, count, slot, top) for i, count in enumerate(compared) if count is not None),
        top=top,
        highest=_highest(values),
    )


def _bar(i: int, value: BarValue, count: int, slot: float, top: int) -> Bar:
    height = count / top * (BOTTOM - TOP)
    height = round(max(height, _LEAST_BAR) if count else 0.0, 1)
    width = slot * _MOST_OF_A_SLOT
    x = LEFT + i * slot + (slot - width) / 2
    return Bar(round(x, 1), round(BOTTOM - height, 1), round(width, 1), height, value.kind, value.is_estimated)


def _mark(i: int, count: int, slot: float, top: int) -> tuple[float, float, float]:
    return round(LEFT + i * slot, 1), round(BOTTOM - count / top * (BOTTOM - TOP), 1), round(slot, 1)


def _runs(values: Sequence[BarValue], kind: BarKind, slot: float) -> list[tuple[float, float]]:
    runs: list[tuple[float, float]] = []
    for is_of_kind, run in groupby(range(len(values)), key=lambda i: values[i].kind is kind):
        members = list(run)
        if is_of_kind:
            runs.append((round(LEFT + members[0] * slot, 1), round(len(members) * slot, 1)))
    return runs


def _highest(values: Sequence[BarValue]) -> int | None:
    counts = [value.count or 0 for value in values]
    highest = max(counts)
    return counts.index(highest) if highest else None


def _round_up(highest: int) -> int:
    """The next of 1, 2, 2.5, 4, 5, 8 times a power of ten that is whole: the upper line has a number people read."""
    power = 1
    while power * 10 < highest:
        power *= 10
    steps = (power * tenths // 10 for tenths in (10, 20, 25, 40, 50, 80, 100) if power * tenths % 10 == 0)
    return next(step for step in steps if step >= highest)
