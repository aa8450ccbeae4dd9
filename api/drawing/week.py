"""Seven days of a series, hour by hour, as SVG numbers; the template draws them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from geodata.model.observation import Bucket

WIDTH, HEIGHT = 360, 152
LEFT, TOP, BOTTOM = 12, 24, 124
STEP = 2  # units an hour: whole numbers make a short path


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekDrawing:
    """``path`` is a line through hourly means, or for amounts a bar for each hour; ``y`` grows downwards.

    ``gaps`` are x and width without a value; ``zero_y`` is None unless values lie on both sides of zero. ``end`` is the
    latest value, where it is shown. ``low`` and ``high`` are what the lowest and the highest line mean.
    """

    path: str
    gaps: tuple[tuple[int, int], ...]
    end: tuple[int, int] | None
    low: float
    high: float
    zero_y: int | None


def draw(
    hours: Mapping[int, Bucket],
    upto: int,
    latest: float | None,
    *,
    decimals: int,
    usual_gap: int = 0,
    amounts: bool = False,
) -> WeekDrawing | None:
    """Draw ``hours``, by their place from the first hour on, up to ``upto``, which is that of the latest value.

    None without any value. ``latest`` stands in place of its hour's mean, None where it must not be shown.
    ``amounts``: hours add up, and their scale begins at zero.
    """
    row = [hours[i].mean if i in hours else None for i in range(upto + 1)]
    if latest is not None:
        row[upto] = latest
    present = [value for value in row if value is not None]
    if not present:
        return None
    low, high = _range([hours[i] for i in hours if i <= upto], present, decimals, amounts=amounts)
    points = [None if value is None else (LEFT + i * STEP, _y(value, low, high)) for i, value in enumerate(row)]
    return WeekDrawing(
        path=_bars(points) if amounts else _line(points, usual_gap),
        gaps=tuple(_gaps(row, usual_gap)),
        end=points[upto] if latest is not None and not amounts else None,
        low=low,
        high=high,
        zero_y=_y(0.0, low, high) if low < 0 < high else None,
    )


def _range(hours: Sequence[Bucket], drawn: Sequence[float], decimals: int, *, amounts: bool) -> tuple[float, float]:
    """The lowest and highest single value, apart enough that what people read as the same is drawn level."""
    singles = [value for b in hours for value in (b.minimum, b.maximum) if value is not None]
    low, high = min(*singles, *drawn, drawn[0]), max(*singles, *drawn, drawn[0])
    least = 4 * 10.0**-decimals
    if amounts:
        return 0.0, max(high, least)
    return (low, high) if high - low >= least else (low - least / 2, high + least / 2)


def _y(value: float, low: float, high: float) -> int:
    return round(BOTTOM - (value / 2 - low / 2) / ((high / 2 - low / 2) or 1) * (BOTTOM - TOP))


def _line(points: Sequence[tuple[int, int] | None], usual_gap: int) -> str:
    path, before = "", None
    for point in points:
        if point is None:
            continue
        x, y = point
        if before is None or (x - before[0]) // STEP - 1 > usual_gap:
            path += f"M{x} {y}h0"  # a line without length shows a single hour as a dot
        else:
            path += f"l{x - before[0]} {y - before[1]}"
        before = point
    return path


def _bars(points: Sequence[tuple[int, int] | None]) -> str:
    return "".join(f"M{x} {BOTTOM}V{y}" for x, y in (point for point in points if point) if y < BOTTOM)


def _gaps(row: Sequence[float | None], usual_gap: int) -> list[tuple[int, int]]:
    gaps: list[tuple[int, int]] = []
    for is_missing, run in groupby(range(len(row)), key=lambda i: row[i] is None):
        hours = list(run)
        if is_missing and len(hours) > usual_gap:
            gaps.append((LEFT + hours[0] * STEP - 1, len(hours) * STEP))
    return gaps


def middles(days: Sequence[int]) -> list[int]:
    """The middles of days that begin at these hours, the last of them the end of the last day."""
    return [LEFT + (first + after) * STEP // 2 for first, after in pairwise(days)]
