"""A day closes: what was counted is read, decided on, and what may be public of it is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from geodata.figures.publishing import calendar, counted
from geodata.figures.publishing.counted import DayOfStations
from geodata.figures.publishing.town import PublishingTown, entry, whole
from geodata.statistics.disclosure import day as disclosure
from geodata.statistics.disclosure.figure import NOTHING, Figures, sum_of_shown, total
from geodata.statistics.disclosure.pool import Pool
from geodata.statistics.known_time import mean
from geodata.store.figures import published
from geodata.store.figures.published import FigureEntry
from geodata.store.transaction import Transaction
from geodata.vocabulary.figures import CountMeasure, FigureScope, Span


@dataclass(frozen=True, slots=True)
class _Decided:
    """What was decided of each trail before this day."""

    days: dict[str, tuple[int, int]]
    months: dict[str, tuple[int, int]]
    columns: dict[str, int]
    spent: set[str]

    def so_far(self, trail: str, *, is_last: bool) -> disclosure.SoFar:
        return disclosure.SoFar(
            Pool(*self.days.get(trail, ())),
            Pool(*self.months.get(trail, ())),
            self.columns.get(trail, 0),
            is_last,
        )


def close_day(connection: Transaction, town: PublishingTown, day: date) -> None:
    """Publish what may be known of ``day``, of passes and of scans."""
    for measure in CountMeasure:
        trails = decide(connection, town, measure, day)
        published.write(connection, measure, Span.DAY, day, with_town(town, trails.values()))


def decide(
    connection: Transaction, town: PublishingTown, measure: CountMeasure, day: date
) -> dict[str, list[FigureEntry]]:
    """By trail its figure and those of its stations, from what is counted by now and was decided of earlier days."""
    decided = _decided(connection, town, measure, day)
    return {
        trail: _of_trail(town, trail, each, decided, day)
        for trail, each in counted.of_day(connection, town, measure, day).items()
    }


def with_town(town: PublishingTown, of_trails: Iterable[list[FigureEntry]]) -> list[FigureEntry]:
    """These figures and the municipality's, their sum."""
    entries = [each for of_trail in of_trails for each in of_trail]
    trails = [each for each in entries if each.scope is FigureScope.TRAIL]
    together = whole(town, trails)
    return [*entries, replace(together, hours=_hours_together(trails))] if together else entries


def _decided(connection: Transaction, town: PublishingTown, measure: CountMeasure, day: date) -> _Decided:
    month = (calendar.start_of(Span.MONTH, day), day)
    year = (calendar.start_of(Span.YEAR, day), day)
    trails = list(town.trails)
    return _Decided(
        published.withheld_days(connection, trails, measure, month),
        published.withheld_months(connection, trails, measure, year),
        published.days_of_withheld_stations(connection, trails, measure, month),
        published.stations_without_a_month(connection, measure, year),
    )


def _of_trail(
    town: PublishingTown, trail: str, of_day: DayOfStations, decided: _Decided, day: date
) -> list[FigureEntry]:
    """The trail's figure and those of its stations."""
    is_last = calendar.end_of(Span.MONTH, calendar.start_of(Span.MONTH, day)) == day + timedelta(days=1)
    spent = np.array([code in decided.spent for code in of_day.codes])
    so_far = decided.so_far(trail, is_last=is_last)
    closed = disclosure.close_day(of_day.counts, so_far, town.rule, spent, of_day.silent)
    stations = total(of_day.counts, axis=1)
    of_trail = entry(FigureScope.TRAIL, trail, closed.trail, int(total(stations)), mean(of_day.times))
    entries = [replace(of_trail, hours=_hours(closed.hours))]
    for index, code in enumerate(of_day.codes):
        hours = None if closed.station_hours is None else closed.station_hours[index]
        figure = entry(
            FigureScope.STATION, code, int(closed.stations[index]), int(stations[index]), of_day.times[index]
        )
        entries.append(replace(figure, hours=_hours(hours)))
    return entries


def _hours(figures: Figures | None) -> list[int | None] | None:
    """Hours as they are written; None where nothing is known of any."""
    if figures is None or (figures == NOTHING).all():
        return None
    return [None if value == NOTHING else value for value in figures.tolist()]


def _hours_together(trails: list[FigureEntry]) -> list[int | None] | None:
    """The hours of all trails together: the sums where each of them is shown."""
    known = [each.hours for each in trails if each.count is not None]
    hours = [[NOTHING if value is None else value for value in each] for each in known if each is not None]
    return _hours(sum_of_shown(np.array(hours), axis=0)) if hours and len(hours) == len(known) else None
