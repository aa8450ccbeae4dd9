"""The hours of the week as a table whose cells are shaded: readable as numbers, seen at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.explorer import words
from dashboards.languages import t
from geodata.statistics.usage.week_hours import DAYS, HOURS, WeekHour, steps

STEPS = 5
_FINE = 10
"""Below so many passes in an hour a decimal is said."""


@dataclass(frozen=True, slots=True)
class HeatCell:
    """``step``: from 0 (nobody) to STEPS (the busiest hour), None where nothing is known; a class of the style."""

    words: str
    step: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatTable:
    """A row each hour of the day, a column each day from Monday on; ``busiest`` says in a sentence when most pass."""

    weekdays: Sequence[str]
    rows: Sequence[tuple[str, Sequence[HeatCell]]]
    busiest: str


def table(week: list[list[WeekHour]], *, is_scans: bool) -> HeatTable | None:
    """The table; None where no hour is known."""
    if all(cell.mean is None for day in week for cell in day):
        return None
    shades = steps(week, STEPS)
    rows = [
        (
            t("%(hour)s Uhr", hour=hour),
            [HeatCell(_said(week[day][hour].mean), shades[day][hour]) for day in range(DAYS)],
        )
        for hour in range(HOURS)
    ]
    return HeatTable(weekdays=words.weekdays(), rows=rows, busiest=_busiest(week, is_scans=is_scans))


def _said(mean: float | None) -> str:
    if mean is None:
        return "–"
    return words.number(mean, 1 if 0 < mean < _FINE else 0)


def _busiest(week: list[list[WeekHour]], *, is_scans: bool) -> str:
    mean, day, hour = max((week[day][hour].mean or 0.0, -day, -hour) for day in range(DAYS) for hour in range(HOURS))
    if not mean:
        return t("In dieser Zeit kam niemand.")
    values = {"day": words.weekdays()[-day], "hour": -hour, "next": 1 - hour, "number": _said(mean)}
    if is_scans:
        return t("Am meisten: %(day)s von %(hour)s bis %(next)s Uhr, im Mittel %(number)s Aufrufe.", **values)
    return t("Am meisten: %(day)s von %(hour)s bis %(next)s Uhr, im Mittel %(number)s Durchgänge.", **values)
