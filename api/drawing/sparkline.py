"""A small line of the last 24 hours with its gaps, as SVG numbers; the template draws them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from geodata.model.observation import Bucket

WIDTH, HEIGHT = 96, 32
HOURS = 24
_MARGIN = 3


@dataclass(frozen=True, slots=True)
class Sparkline:
    """``path`` is the SVG attribute ``d``; ``dots`` are hours that stand alone; ``gaps`` counts hours without data."""

    path: str
    dots: tuple[tuple[float, float], ...]
    minimum: float
    maximum: float
    gaps: int


def draw(hours: Sequence[Bucket], now: datetime) -> Sparkline | None:
    """Draw the hourly means of the 24 hours up to ``now``; None with fewer than two of them."""
    first = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=HOURS - 1)
    means = {bucket.start: bucket.mean for bucket in hours}
    row = [means.get(first + timedelta(hours=i)) for i in range(HOURS)]
    present = [mean for mean in row if mean is not None]
    if len(present) < 2:
        return None
    low, high = min(present), max(present)
    runs = _runs([(i, _xy(i, mean, low, high)) for i, mean in enumerate(row) if mean is not None])
    return Sparkline(
        path="".join("M" + "L".join(f"{x:g} {y:g}" for x, y in run) for run in runs if len(run) > 1),
        dots=tuple(run[0] for run in runs if len(run) == 1),
        minimum=low,
        maximum=high,
        gaps=HOURS - len(present),
    )


def _xy(hour: int, value: float, low: float, high: float) -> tuple[float, float]:
    share = (value / 2 - low / 2) / (high / 2 - low / 2) if high > low else 0.5  # halves: their difference is finite
    return (
        round(_MARGIN + hour * (WIDTH - 2 * _MARGIN) / (HOURS - 1), 1),
        round(HEIGHT - _MARGIN - share * (HEIGHT - 2 * _MARGIN), 1),
    )


def _runs(points: list[tuple[int, tuple[float, float]]]) -> list[list[tuple[float, float]]]:
    """Points of neighbouring hours together; a missing hour begins a new run."""
    runs: list[list[tuple[float, float]]] = []
    previous = None
    for hour, xy in points:
        if previous is None or hour != previous + 1:
            runs.append([])
        runs[-1].append(xy)
        previous = hour
    return runs
