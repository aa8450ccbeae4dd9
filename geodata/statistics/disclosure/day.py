"""A day closes: what of a trail, its stations and their hours is shown."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geodata.statistics.disclosure import hours
from geodata.statistics.disclosure.figure import NOTHING, WITHHELD, Counts, Figures, Finest, Mask, Rule, fewest, total
from geodata.statistics.disclosure.pool import EMPTY, Pool


@dataclass(frozen=True, slots=True)
class SoFar:
    """What was decided of a trail before this day.

    ``days``: the trail's withheld days of this month; ``months``: its withheld months of this year; ``columns``: on how
    many days of this month stations are withheld though the trail is shown; ``is_last``: the day is the month's last.
    """

    days: Pool = EMPTY
    months: Pool = EMPTY
    columns: int = 0
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """What is shown of a day: of the ``trail`` and its ``stations``, and of the hours of both; None: of no hour."""

    trail: int
    stations: Figures
    hours: Figures | None
    station_hours: Figures | None


def close_day(
    counts: Counts, so_far: SoFar, rule: Rule, spent: Mask | None = None, silent: Mask | None = None
) -> ClosedDay:
    """Decide on a day from ``counts`` (stations x hours); ``spent`` says which stations lack a month of this year.

    ``silent``: the stations whose hours would tell of a silence, and are not shown.
    """
    stations = total(counts, axis=1)
    trail = int(total(stations))
    known = stations != NOTHING
    if not known.any():
        return ClosedDay(NOTHING, stations, None, None)
    if is_withheld(trail, so_far, rule):
        return _all_withheld(counts, rule)
    withheld = np.zeros(len(stations), dtype=bool)
    withheld[known] = withheld_stations(stations[known], so_far, rule, None if spent is None else spent[known])
    shown = np.where(withheld, WITHHELD, stations)
    if rule.finest is not Finest.HOUR:
        return ClosedDay(trail, shown, None, None)
    of_known = hours.show(counts[known], withheld[known], rule, None if silent is None else silent[known])
    station_hours = np.full_like(counts, NOTHING)
    station_hours[known] = of_known.stations
    return ClosedDay(trail, shown, of_known.trail, station_hours)


def _all_withheld(counts: Counts, rule: Rule) -> ClosedDay:
    hours = np.where(counts == NOTHING, NOTHING, WITHHELD)
    stations, trail = hours.max(axis=1), hours.max(axis=0)
    return ClosedDay(WITHHELD, stations, *((trail, hours) if rule.finest is Finest.HOUR else (None, None)))


def is_withheld(trail: int, so_far: SoFar, rule: Rule) -> bool:
    """Whether the trail's day is not shown: it is small, or hides one that is, for its month's or year's sake."""
    if rule.finest is Finest.MONTH:
        return True
    if trail == 0:
        return False
    hides_a_month = so_far.months.is_open(rule) and not so_far.days.cells
    return trail < rule.k or so_far.days.is_open(rule) or hides_a_month


def withheld_stations(stations: Counts, so_far: SoFar, rule: Rule, spent: Mask | None) -> Mask:
    """Which stations' days are not shown under a trail's that is: all where one is small, or to hide a lone such day.

    On the last day of a month nothing can hide a lone one any more: then as few as possible, as their months are lost.
    """
    none = np.zeros(len(stations), dtype=bool)
    is_first = not so_far.columns and not so_far.days.cells
    hides_a_day = so_far.columns == 1 and not so_far.days.cells
    if len(stations) == 1 or not stations.any():
        return none
    if not rule.is_small(stations).any():
        return ~none if hides_a_day else none
    return fewest(stations, rule, spent) if is_first and so_far.is_last else ~none
