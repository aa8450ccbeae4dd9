"""A week, month or year closes: what it counts is what its days counted when they closed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

import numpy as np

from geodata.figures.publishing import calendar
from geodata.figures.publishing.town import PublishingTown, entry, whole
from geodata.statistics.disclosure import month as disclosure
from geodata.statistics.disclosure.figure import NOTHING, WITHHELD, Counts, Figures, Mask, sum_of_shown, total
from geodata.statistics.disclosure.pool import Pool
from geodata.statistics.known_time import KnownTime, mean
from geodata.store.figures import published
from geodata.store.figures.published import FigureEntry, KnownFigure
from geodata.store.transaction import Transaction
from geodata.vocabulary.figures import CountMeasure, FigureScope, Span

_PARTS = {Span.WEEK: Span.DAY, Span.MONTH: Span.DAY, Span.YEAR: Span.MONTH}


class _Parts:
    """The figures of the days or months of a time, of some places, as arrays (places x parts)."""

    def __init__(self, codes: list[str], known: dict[str, list[KnownFigure]], starts: list[date]) -> None:
        self.codes = codes
        self.counts: Counts = np.full((len(codes), len(starts)), NOTHING)
        self.withheld: Mask = np.zeros(self.counts.shape, dtype=bool)
        self.times = [[KnownTime()] * len(starts) for _ in codes]
        numbers = {start: number for number, start in enumerate(starts)}
        for index, code in enumerate(codes):
            for each in known[code]:
                number = numbers[each.start]
                self.counts[index, number] = NOTHING if each.count is None else each.count
                self.withheld[index, number] = each.withheld
                self.times[index][number] = each.time

    @property
    def figures(self) -> Figures:
        """What is shown of them."""
        return np.where(self.withheld, WITHHELD, self.counts)

    def entries(self, scope: FigureScope, figures: Iterable[int]) -> list[FigureEntry]:
        """What is published of the whole time: ``figures`` of each place."""
        counts = total(self.counts, axis=1)
        return [
            entry(scope, code, int(figure), int(count), mean(times))
            for code, figure, count, times in zip(self.codes, figures, counts, self.times, strict=True)
        ]


class _Sum:
    """A time that closes, of one measure."""

    def __init__(
        self, connection: Transaction, town: PublishingTown, measure: CountMeasure, span: Span, start: date
    ) -> None:
        self._span = span
        self._rule = town.rule
        within = calendar.bounds(span, start)
        part = _PARTS[span]
        self._starts = calendar.starts(part, span, start)
        self._trails = _by_code(
            published.known(connection, FigureScope.TRAIL, list(town.trails), measure, part, within)
        )
        self._stations = _by_code(
            published.known(connection, FigureScope.STATION, town.stations, measure, part, within)
        )
        year = (calendar.start_of(Span.YEAR, start), within[1])
        self._months = published.withheld_months(connection, list(town.trails), measure, year)
        self._spent = published.stations_without_a_month(connection, measure, year)

    def entries(self, trail: str, codes: list[str]) -> list[FigureEntry]:
        """The figures of the trail and of its stations; none where no part of it is published."""
        if trail not in self._trails:
            return []
        whole_trail = _Parts([trail], self._trails, self._starts)
        stations = _Parts([code for code in codes if code in self._stations], self._stations, self._starts)
        closed = self._closed(whole_trail, stations, Pool(*self._months.get(trail, ())))
        return [
            *whole_trail.entries(FigureScope.TRAIL, [closed.trail]),
            *stations.entries(FigureScope.STATION, closed.stations.tolist()),
        ]

    def _closed(self, trail: _Parts, stations: _Parts, months: Pool) -> disclosure.ClosedMonth:
        if self._span is Span.WEEK:
            of_trail = int(sum_of_shown(trail.figures[0]))
            return disclosure.ClosedMonth(of_trail, sum_of_shown(stations.figures, axis=1))
        if (total(stations.counts, axis=0) != trail.counts[0]).any():  # a station came from another trail, or went
            return disclosure.ClosedMonth(WITHHELD, sum_of_shown(stations.figures, axis=1))
        if self._span is Span.YEAR:
            counts = total(stations.counts, axis=1)
            return disclosure.close_year(trail.figures[0], months, stations.figures, counts, self._rule)
        spent = np.array([code in self._spent for code in stations.codes], dtype=bool)
        days = disclosure.MonthOfDays(stations.counts, stations.withheld, trail.withheld[0])
        return disclosure.close_month(days, months, self._rule, spent)


def close_sum(connection: Transaction, town: PublishingTown, span: Span, start: date) -> None:
    """Publish what may be known of the week, month or year that begins on ``start``; its days and months are closed."""
    for measure in CountMeasure:
        published.write(
            connection, measure, span, start, with_town(town, decide(connection, town, measure, span, start))
        )


def decide(
    connection: Transaction, town: PublishingTown, measure: CountMeasure, span: Span, start: date
) -> list[FigureEntry]:
    """The figures of all trails and their stations, by what is published of the days or months within."""
    closing = _Sum(connection, town, measure, span, start)
    return [each for trail, codes in town.trails.items() for each in closing.entries(trail, codes)]


def with_town(town: PublishingTown, entries: list[FigureEntry]) -> list[FigureEntry]:
    """These figures and the municipality's, the sum of its trails'."""
    together = whole(town, [each for each in entries if each.scope is FigureScope.TRAIL])
    return [*entries, together] if together else entries


def _by_code(known: Iterable[KnownFigure]) -> dict[str, list[KnownFigure]]:
    found: defaultdict[str, list[KnownFigure]] = defaultdict(list)
    for each in known:
        found[each.code].append(each)
    return dict(found)
