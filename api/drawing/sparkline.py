"""A small line of the last 24 hours up to a value, with its gaps, as SVG numbers; the template draws it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from geodata.model.observation import Bucket
from geodata.times import full_hour

WIDTH, HEIGHT = 96, 32
HOURS = 24
_MARGIN = 3
_LEAST_STEPS = 4  # of the last digit that is shown: what differs by less than people can read is drawn nearly level


@dataclass(frozen=True, slots=True)
class LatestPoint:
    """When the latest value was measured; ``value`` is None where it must not be shown."""

    measured_at: datetime
    value: float | None


@dataclass(frozen=True, slots=True)
class Sparkline:
    """``path`` is the SVG attribute ``d``; ``dots`` are hours that stand alone; ``gaps`` counts hours without data.

    ``end`` is the point of the latest value, where it is shown. It lies between ``minimum`` and ``maximum``, as all
    single values of these hours do. ``values`` are the hours, the last of them that of now.
    """

    path: str
    dots: tuple[tuple[float, float], ...]
    minimum: float
    maximum: float
    gaps: int
    values: tuple[float | None, ...] = ()
    end: tuple[float, float] | None = None


def draw(
    hours: Sequence[Bucket], now: datetime, latest: LatestPoint | None = None, *, decimals: int = 1, usual_gap: int = 0
) -> Sparkline | None:
    """Draw the 24 hours up to ``now``; None with fewer than two of them.

    The line ends with ``latest``, rounded like everything to the ``decimals`` that people read, and shows nothing
    newer: hours are read at another moment than the value beside them. ``usual_gap``: hours between two values of a
    device that reports seldom, which are no gap.
    """
    first = full_hour(now) - timedelta(hours=HOURS - 1)
    at = None if latest is None else min(_slot(latest.measured_at, first), HOURS - 1)  # its clock may be ahead
    told = _told(hours, first, at)
    row = [told[i].mean if i in told else None for i in range(HOURS)]
    shown = latest.value if latest is not None and at is not None and at >= 0 else None
    if at is not None and shown is not None:
        row[at] = shown
    means = [None if value is None else round(value, decimals) for value in row]
    present = [mean for mean in means if mean is not None]
    if len(present) < 2:
        return None
    scale = _scale(min(present), max(present), decimals)
    runs = _runs([(i, _xy(i, mean, *scale)) for i, mean in enumerate(means) if mean is not None], usual_gap)
    singles = [value for b in told.values() for value in (b.minimum, b.maximum) if value is not None]
    singles += [] if shown is None else [shown]
    return Sparkline(
        path="".join("M" + "L".join(f"{x:g} {y:g}" for x, y in run) for run in runs if len(run) > 1),
        dots=tuple(run[0] for run in runs if len(run) == 1),
        minimum=min(singles),
        maximum=max(singles),
        gaps=missing_hours(means, usual_gap, may_wait=shown is not None),
        values=tuple(row),
        end=None if shown is None or at is None else _xy(at, round(shown, decimals), *scale),
    )


def missing_hours(row: Sequence[float | None], usual_gap: int, *, may_wait: bool) -> int:
    """How many hours of ``row`` have no value though a device that leaves out ``usual_gap`` hours should have sent one.

    ``may_wait``: the latest value still counts as fresh, so that nothing is missing after it.
    """
    runs: list[int] = [0]
    for value in row:
        if value is None:
            runs[-1] += 1
        else:
            runs.append(0)
    if may_wait:
        runs.pop()
    return sum(run for run in runs if run > usual_gap)


def _told(hours: Sequence[Bucket], first: datetime, last_slot: int | None) -> dict[int, Bucket]:
    """The hours that have values, by their place in the row, none behind the latest value."""
    slots = {_slot(bucket.start, first): bucket for bucket in hours if bucket.mean is not None}
    end = HOURS - 1 if last_slot is None else last_slot
    return {slot: bucket for slot, bucket in slots.items() if 0 <= slot <= end}


def _slot(moment: datetime, first: datetime) -> int:
    return (full_hour(moment) - first) // timedelta(hours=1)


def _scale(low: float, high: float, decimals: int) -> tuple[float, float]:
    """The lowest and the highest value of the drawing; what people read as the same is level."""
    least = _LEAST_STEPS * 10.0**-decimals
    if high / 2 - low / 2 >= least / 2:  # halves: their difference is finite
        return low, high
    middle = low / 2 + high / 2
    return middle - least / 2, middle + least / 2


def _xy(hour: int, value: float, low: float, high: float) -> tuple[float, float]:
    span = high / 2 - low / 2
    share = (value / 2 - low / 2) / span if span > 0 else 0.5
    return (
        round(_MARGIN + hour * (WIDTH - 2 * _MARGIN) / (HOURS - 1), 1),
        round(HEIGHT - _MARGIN - share * (HEIGHT - 2 * _MARGIN), 1),
    )


def _runs(points: list[tuple[int, tuple[float, float]]], usual_gap: int) -> list[list[tuple[float, float]]]:
    """Points of neighbouring hours together; a missing hour begins a new run."""
    runs: list[list[tuple[float, float]]] = []
    previous = None
    for hour, xy in points:
        if previous is None or hour - previous - 1 > usual_gap:
            runs.append([])
        runs[-1].append(xy)
        previous = hour
    return runs
