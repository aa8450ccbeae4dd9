"""A closed month revised by hand, from what is known now: late scans and reports count, and nothing hidden opens.

What was hidden stays hidden, what was shown stays shown, and where nothing was known the rules decide as for a day that
closes. Whoever kept the figures of before must learn no small one by both: a trail's day for which that is not so stays
as it was, and a month for which it is not so is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from geodata.errors import DigitalpfadError, InvalidInput, NotFound
from geodata.figures.publishing import calendar, checking, copies, days, sums
from geodata.figures.publishing.checking import Exposed
from geodata.figures.publishing.copies import Copy
from geodata.figures.publishing.town import PublishingTown, load
from geodata.messages.message import message
from geodata.model.municipality import Publishing
from geodata.store.figures import periods, published, reading, revisions
from geodata.store.figures.published import FigureEntry
from geodata.store.figures.revisions import RevisedTimes
from geodata.store.transaction import Transaction
from geodata.vocabulary.figures import CountMeasure, FigureScope, Span

_DAY = timedelta(days=1)
_Series = tuple[str, CountMeasure]  # of a trail


class FiguresOpened(DigitalpfadError):
    """New figures beside those published before would tell a small one, or would be small themselves."""

    def __init__(self, code: str, start: str) -> None:
        """Of the time that begins on ``start`` at the place with this code."""
        super().__init__(
            message(
                "With the figures published before, a small one of {code} from {start} on could be worked out."
                " Everything stays as it is.",
                code=code, start=start,
            )
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Revised:
    """The number of the entry in the log, on how many days of trails figures are other, and how many stay as they were.

    Those that ``stay`` have other counts, too, but with the figures of before these would tell a hidden one.
    """

    entry: int
    changed: int
    stay: int


def revise(connection: Transaction, publishes: Publishing, month: date, *, by: str, reason: str) -> Revised:
    """Publish a closed month anew, with its days and weeks, and its year if that is closed.

    Raises InvalidInput where the month is not closed, FiguresOpened, and FiguresDisagree.
    """
    periods.hold(connection)
    as_closed = periods.as_closed(connection, publishes, Span.MONTH, month)
    if as_closed is None:
        expected = message("a month of {town} that is closed", town=publishes.slug)
        raise InvalidInput("month", f"{month:%Y-%m}", expected, message("{action[figures close]} closes what is due."))
    town = load(connection, as_closed)
    year = calendar.start_of(Span.YEAR, month)
    before = _public(connection, town, year)
    opened = _opened(before, town)
    of = RevisedTimes(publishes.slug, _places(town), _times(connection, town, month))
    entry = revisions.keep(connection, of, by=by, what="revise", reason=reason)
    work = _Revision(connection, town, before, {time: _stood(connection, town, *time) for time in of.times})
    revisions.clear(connection, entry)
    for span, start in of.times:
        work.day(start) if span is Span.DAY else work.sum(span, start)
    _refuse_opened(connection, town, year, opened)
    return Revised(entry, work.changed, work.stay)


def _refuse_opened(connection: Transaction, town: PublishingTown, year: date, before: set[Exposed]) -> None:
    """Raise FiguresOpened where what was ever public of a year tells a figure that is not among those ``before``."""
    opened = sorted(_opened(_public(connection, town, year), town) - before, key=str)
    if opened:
        raise FiguresOpened(opened[0].code, opened[0].start)


def undo(connection: Transaction, publishes: Publishing, entry: int, *, by: str, reason: str) -> int:
    """Put back what stood before an entry of the log that may be undone; return the number of the new entry.

    Raises FiguresOpened where with what closed since, and all that was public before, this would tell a small figure.
    """
    of = revisions.find(connection, entry)
    if of is None:
        raise NotFound("revision", str(entry))
    periods.hold(connection)
    month = next(start for span, start in of.times if span is Span.MONTH)
    town = load(connection, periods.as_closed(connection, publishes, Span.MONTH, month) or publishes)
    year = calendar.start_of(Span.YEAR, month)
    before = _opened(_public(connection, town, year), town)
    undoing = revisions.keep(connection, of, by=by, what="undo", reason=reason, undoes=entry)
    revisions.put_back(connection, entry)
    _refuse_opened(connection, town, year, before)
    return undoing


class _Revision:
    """A revision under way. ``stood``: what was written of each time before, by measure, scope, code and start."""

    def __init__(
        self,
        connection: Transaction,
        town: PublishingTown,
        before: dict[_Series, list[Copy]],
        stood: dict[tuple[Span, date], dict[tuple[CountMeasure, FigureScope, str], FigureEntry]],
    ) -> None:
        self._connection = connection
        self._town = town
        self._before = before
        self._stood = stood
        self.changed = 0
        self.stay = 0

    def day(self, start: date) -> None:
        """Write a day, whose earlier ones are written, for all trails."""
        as_closed = periods.as_closed(self._connection, self._town.publishes, Span.DAY, start)
        town = replace(self._town, publishes=as_closed or self._town.publishes)
        for measure in CountMeasure:
            fresh = days.decide(self._connection, town, measure, start)
            entries = [self._of_trail((trail, measure), start, fresh.get(trail, [])) for trail in self._town.trails]
            published.write(self._connection, measure, Span.DAY, start, days.with_town(town, entries))

    def _of_trail(self, series: _Series, start: date, fresh: list[FigureEntry]) -> list[FigureEntry]:
        """What is written of a trail's day: new figures where they may be, else those of before."""
        trail, measure = series
        stood = self._stood[Span.DAY, start]
        places = [(FigureScope.TRAIL, trail), *((FigureScope.STATION, code) for code in self._town.trails[trail])]
        old = [entry for place in places if (entry := stood.get((measure, *place)))]
        new = [_held(entry, stood.get((measure, entry.scope, entry.code))) for entry in fresh]
        if {(each.scope, each.code) for each in old} > {(each.scope, each.code) for each in new} or not new:
            return old
        if _is_same(old, new):
            return old
        if not self._may_be(series, start, old, new):
            self.stay += 1
            return old
        self.changed += 1
        return new

    def _may_be(self, series: _Series, start: date, old: list[FigureEntry], new: list[FigureEntry]) -> bool:
        """Whether the new figures show no small one, hide nothing that was shown, and tell nothing by those before."""
        k = self._town.rule.k
        were_known = {(each.scope, each.code) for each in old if each.shown and each.count is not None}
        for each in new:
            if each.shown and each.count is not None and 0 < each.count < k:
                return False
            if each.count is None and (each.scope, each.code) in were_known:
                return False
        trail, _ = series
        candidate = {(each.scope, each.code, Span.DAY, start): _as_public(each, start) for each in new}
        public, stations = copies.of_day(self._before[series], start), self._town.trails[trail]
        return {*checking.told([*public, candidate], stations, k)} <= {*checking.told(public, stations, k)}

    def sum(self, span: Span, start: date) -> None:
        """Write a week, month or year, whose days or months are written."""
        stood = self._stood[span, start]
        for measure in CountMeasure:
            entries = [
                _held_sum(each, stood.get((measure, each.scope, each.code)), span)
                for each in sums.decide(self._connection, self._town, measure, span, start)
            ]
            for each in entries:
                if each.shown and each.count is not None and 0 < each.count < self._town.rule.k:
                    raise FiguresOpened(each.code, start.isoformat())
            published.write(self._connection, measure, span, start, sums.with_town(self._town, entries))


def _held(new: FigureEntry, old: FigureEntry | None) -> FigureEntry:
    """The new figure of a day, shown where the old one was; hours that were hidden stay so."""
    if old is None or old.count is None:
        return new
    hours = new.hours
    if hours is not None and old.hours is not None:
        hours = [-1 if was == -1 and now is not None else now for now, was in zip(hours, old.hours, strict=True)]
    return replace(new, shown=old.shown or new.count is None, hours=hours)


def _held_sum(new: FigureEntry, old: FigureEntry | None, span: Span) -> FigureEntry:
    """A sum as it was shown before; weeks and the years of stations are shown where all that is in them is."""
    if span is Span.WEEK or (span is Span.YEAR and new.scope is FigureScope.STATION):
        return new
    return new if old is None or old.count is None else replace(new, shown=old.shown)


def _public(connection: Transaction, town: PublishingTown, year: date) -> dict[_Series, list[Copy]]:
    within = calendar.bounds(Span.YEAR, year)
    return {
        (trail, measure): copies.all_of(connection, town, trail, measure, within)
        for trail in town.trails
        for measure in CountMeasure
    }


def _opened(public: dict[_Series, list[Copy]], town: PublishingTown) -> set[Exposed]:
    return {
        each
        for (trail, _), versions in public.items()
        for each in checking.told(versions, town.trails[trail], town.rule.k)
    }


def _places(town: PublishingTown) -> list[tuple[FigureScope, str]]:
    return [
        (FigureScope.MUNICIPALITY, town.publishes.slug),
        *((FigureScope.TRAIL, trail) for trail in town.trails),
        *((FigureScope.STATION, code) for code in town.stations),
    ]


def _times(connection: Transaction, town: PublishingTown, month: date) -> list[tuple[Span, date]]:
    """The closed days of a month, then the weeks, the month and the year that have one of them."""
    first, end = calendar.bounds(Span.MONTH, month)
    of_days = reading.closed(connection, town.publishes.slug, Span.DAY, (first, end))
    weeks = (calendar.start_of(Span.WEEK, first), end)
    year = calendar.start_of(Span.YEAR, month)
    return [
        *((Span.DAY, day) for day in of_days),
        *((Span.WEEK, week) for week in reading.closed(connection, town.publishes.slug, Span.WEEK, weeks)),
        (Span.MONTH, month),
        *(
            (Span.YEAR, each)
            for each in reading.closed(connection, town.publishes.slug, Span.YEAR, (year, year + _DAY))
        ),
    ]


def _stood(
    connection: Transaction, town: PublishingTown, span: Span, start: date
) -> dict[tuple[CountMeasure, FigureScope, str], FigureEntry]:
    places: Sequence[tuple[FigureScope, list[str]]]
    places = [(FigureScope.TRAIL, list(town.trails)), (FigureScope.STATION, town.stations)]
    return {
        (measure, scope, code): entry
        for measure in CountMeasure
        for scope, codes in places
        for (_, code, _), entry in published.entries(
            connection, scope, codes, measure, span, (start, start + _DAY)
        ).items()
    }


def _ordered(entries: Iterable[FigureEntry]) -> list[FigureEntry]:
    return sorted(entries, key=lambda each: (each.scope, each.code))


def _is_same(old: list[FigureEntry], new: list[FigureEntry]) -> bool:
    """Whether a trail's day looks the same; where the trail's figure is hidden, whether it counts the same, too."""
    is_hidden = any(each.scope is FigureScope.TRAIL and not each.shown for each in new)

    def look(entry: FigureEntry) -> tuple[object, ...]:
        return entry.scope, entry.code, entry.shown, entry.count if entry.shown or is_hidden else None, entry.hours

    return [look(each) for each in _ordered(old)] == [look(each) for each in _ordered(new)]


def _as_public(entry: FigureEntry, start: date) -> reading.PublishedFigure:
    return reading.figure_of(entry.code, start, entry.count if entry.shown else -1, entry.coverage, entry.hours)
