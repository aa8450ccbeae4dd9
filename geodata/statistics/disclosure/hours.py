"""The hours of a day: which of the trail's and of its stations' are shown, when it is known which of the days are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geodata.statistics.disclosure.figure import NOTHING, WITHHELD, Counts, Figures, Mask, Rule, fewest, total


@dataclass(frozen=True, slots=True)
class Hours:
    """What is shown of the hours of a day: ``trail`` (hours) and ``stations`` (stations x hours)."""

    trail: Figures
    stations: Figures


def show(counts: Counts, withheld: Mask, rule: Rule, silent: Mask | None = None) -> Hours:
    """Decide on the hours of a day whose total the trail shows.

    ``counts`` (stations x hours) are of the stations that know anything; ``withheld`` says whose days are not shown,
    ``silent`` whose hours are not though their day may be.
    """
    if silent is not None and silent.any():
        return _by_station(counts, withheld | silent, rule)
    if not (withheld.any() or rule.is_small(counts).any()):
        return Hours(total(counts, axis=0), counts)
    return (_as_table if is_regular(counts) else _by_station)(counts, withheld, rule)


def _as_table(counts: Counts, withheld: Mask, rule: Rule) -> Hours:
    """Show the trail's hours, and none of the stations' but those that are 0 or the same as another figure.

    The stations' days and the trail's hours are the margins of a table: each group of rows and of columns counts at
    least k, so a cell within may be what `rows` says. All stations know the same hours.
    """
    trail = total(counts, axis=0)
    trail = _with(trail, fewest(trail, rule))
    busy_rows = (np.where(counts == NOTHING, 0, counts).sum(axis=1) > 0) | withheld
    busy_hours = (trail != 0) & (trail != NOTHING)
    stations = counts.copy()
    if busy_rows.sum() == 1:
        stations[busy_rows] = trail
    elif busy_hours.sum() == 1:
        stations[np.ix_(withheld, busy_hours)] = WITHHELD
    else:
        stations[np.ix_(busy_rows, busy_hours)] = WITHHELD
    return Hours(trail, stations)


def _by_station(counts: Counts, withheld: Mask, rule: Rule) -> Hours:
    """Show each station's hours under its own day; the trail's where all that it consists of is shown."""
    hidden = [(row >= 0) if whole else fewest(row, rule) for row, whole in zip(counts, withheld, strict=True)]
    stations = _with(counts, np.stack(hidden))
    return Hours(_with(total(counts, axis=0), (stations == WITHHELD).any(axis=0)), stations)


def is_regular(counts: Counts) -> bool:
    """Whether all stations know the same hours, so that a count could move between any two of them."""
    known = counts != NOTHING
    return bool((known == known[0]).all())


def _with(counts: Counts, withheld: Mask) -> Figures:
    return np.where(withheld, WITHHELD, counts)
