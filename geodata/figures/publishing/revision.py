"""A closed month revised by hand, from what is known now: late scans and reports count, and nothing hidden opens.

What was hidden stays hidden, what was shown stays shown as far as it is known, and where nothing was known the rules
decide as for a day that closes. Where nothing is known any more, as the counter hung elsewhere, a figure becomes a gap.
Whoever kept the figures of before must learn no small one by both, nor by what vanished between them: a trail's day for
which that is not so stays as it was, then the trail's whole month, and else the month is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from geodata.errors import InvalidInput, NotFound
from geodata.figures.publishing import calendar, copies, days, opened, sums
from geodata.figures.publishing.checking import Exposed
from geodata.figures.publishing.copies import Copy
from geodata.figures.publishing.opened import FiguresOpened, Series
from geodata.figures.publishing.revised_day import RevisedAs, RevisedDay, is_less
from geodata.figures.publishing.town import PublishingTown, load
from geodata.messages.message import message
from geodata.model.municipality import Publishing
from geodata.store.figures import periods, published, reading, revisions
from geodata.store.figures.published import FigureEntry
from geodata.store.figures.revisions import RevisedTimes
from geodata.store.transaction import Transaction
from geodata.vocabulary.figures import CountMeasure, FigureScope, Span

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class KeptDay:
    """A day of a trail that stays as it was though other passes or scans are known, and why."""

    trail: str
    measure: CountMeasure
    day: date
    why: RevisedAs


@dataclass(frozen=True, slots=True)
class Revised:
    """The number of the entry in the log, on how many days of trails figures are other, and how many stay as they were.

    Those that ``stay``, which are ``kept``, have other counts, too, but with the figures of before these would tell a
    hidden one; of the days that are the ``same`` nothing other is known.
    """

    entry: int
    changed: int
    stay: int
    same: int
    kept: list[KeptDay]


def revise(
    connection: Transaction,
    publishes: Publishing,
    month: date,
    *,
    by: str,
    reason: str,
    tell: Callable[[date], None] = lambda _: None,
) -> Revised:
    """Publish a closed month anew, with its days and weeks, and its year if that is closed; ``tell`` hears each day.

    Raises InvalidInput where the month is not closed, FiguresOpened, and FiguresDisagree.
    """
    periods.hold(connection)
    as_closed = periods.as_closed(connection, publishes, Span.MONTH, month)
    if as_closed is None:
        expected = message("a month of {town} that is closed", town=publishes.slug)
        raise InvalidInput("month", f"{month:%Y-%m}", expected, message("{action[figures close]} closes what is due."))
    town = load(connection, as_closed)
    before = opened.public(connection, town, calendar.start_of(Span.YEAR, month))
    of = RevisedTimes(publishes.slug, _places(town), _times(connection, town, month))
    stood = {time: _stood(connection, town, *time) for time in of.times}
    entry = revisions.keep(connection, of, by=by, what="revise", reason=reason)
    work = _Revision(connection, town, before, stood)
    work.write_all(entry, of.times, tell)
    return Revised(entry, work.number(RevisedAs.CHANGED), len(work.kept), work.number(RevisedAs.SAME), work.kept)


def undo(connection: Transaction, publishes: Publishing, entry: int, *, by: str, reason: str) -> int:
    """Put back what stood before an entry of the log that may be undone; return the number of the new entry.

    Weeks and a year that closed since are summed anew. Raises FiguresOpened where with what closed since, and all that
    was public before, this would tell a small figure.
    """
    of = revisions.find(connection, entry)
    if of is None:
        raise NotFound("revision", str(entry))
    periods.hold(connection)
    month = next(start for span, start in of.times if span is Span.MONTH)
    town = load(connection, periods.as_closed(connection, publishes, Span.MONTH, month) or publishes)
    year = calendar.start_of(Span.YEAR, month)
    public = opened.public(connection, town, year)
    told = opened.opened(public, town)
    since = [time for time in _times(connection, town, month) if time not in of.times]
    stood = {time: _stood(connection, town, *time) for time in since}
    of = replace(of, times=[*of.times, *since])
    undoing = revisions.keep(connection, of, by=by, what="undo", reason=reason, undoes=entry)
    revisions.clear(connection, undoing)
    revisions.put_back(connection, entry)
    work = _Revision(connection, town, public, stood)
    for span, start in since:
        work.sum(span, start)
    opened.refuse_opened(connection, town, year, told)
    return undoing


class _Revision:
    """A revision under way. ``stood``: what was written of each time before, by measure, scope, code and start."""

    def __init__(
        self,
        connection: Transaction,
        town: PublishingTown,
        before: Mapping[Series, Sequence[Copy]],
        stood: dict[tuple[Span, date], dict[tuple[CountMeasure, FigureScope, str], FigureEntry]],
    ) -> None:
        self._connection = connection
        self._town = town
        self._before = before
        self._stood = stood
        self._keeps: set[tuple[Series, date]] = set()
        self._did: dict[tuple[Series, date], RevisedAs] = {}

    @property
    def kept(self) -> list[KeptDay]:
        """The days that stay though other counts are known."""
        return [
            KeptDay(*series, day, why)
            for (series, day), why in self._did.items()
            if why not in {RevisedAs.CHANGED, RevisedAs.SAME}
        ]

    def number(self, did: RevisedAs) -> int:
        """On how many days of trails the revision did so."""
        return sum(each is did for each in self._did.values())

    def write_all(self, entry: int, times: Sequence[tuple[Span, date]], tell: Callable[[date], None]) -> None:
        """Write all times of an entry; trails of which the year tells more by that keep days. Raises FiguresOpened."""
        before = opened.opened(self._before, self._town)
        year = calendar.start_of(Span.YEAR, times[-1][1])
        while True:
            revisions.clear(self._connection, entry)
            for span, start in times:
                if span is Span.DAY:
                    tell(start)
                    self.day(start)
                else:
                    self.sum(span, start)
            found = opened.newly_opened(self._connection, self._town, year, before)
            if not found:
                return
            if not self._keep(found):
                first = next(iter(found.values()))[0]
                raise FiguresOpened(first.code, first.start)

    def _keep(self, found: Mapping[Series, Sequence[Exposed]]) -> bool:
        """Have days of these trails stay as they were: first those that are told, then all; whether there are any."""
        changed = {place for place, did in self._did.items() if place[0] in found and did is RevisedAs.CHANGED}
        told = {
            (series, date.fromisoformat(each.start))
            for series, exposed in found.items()
            for each in exposed
            if each.span == Span.DAY
        }
        self._keeps |= changed if self._keeps else (told & changed or changed)
        return bool(changed)

    def day(self, start: date) -> None:
        """Write a day, whose earlier ones are written, for all trails."""
        as_closed = periods.as_closed(self._connection, self._town.publishes, Span.DAY, start)
        town = replace(self._town, publishes=as_closed or self._town.publishes)
        for measure in CountMeasure:
            known = days.decide(self._connection, town, measure, start)
            old = {trail: self._old((trail, measure), start) for trail in self._town.trails}
            are = {(each.scope, each.code): each for of_trail in known.values() for each in of_trail}
            lost = [
                each
                for of_trail in old.values()
                for each in of_trail
                if each.scope is FigureScope.STATION and is_less(each, are.get((each.scope, each.code)))
            ]
            entries = list[list[FigureEntry]]()
            for trail, stations in self._town.trails.items():
                public = copies.of_day(self._before[trail, measure], start)
                day = RevisedDay(start, stations, self._town.rule.k, public, old[trail], known.get(trail, []), lost)
                entries.append(self._of_trail((trail, measure), day))
            published.write(self._connection, measure, Span.DAY, start, days.with_town(town, entries))

    def _of_trail(self, series: Series, day: RevisedDay) -> list[FigureEntry]:
        written, did = day.decide()
        if did is RevisedAs.CHANGED and (series, day.start) in self._keeps:
            written, did = list(day.old), RevisedAs.TELLS
        self._did[series, day.start] = did
        return written

    def _old(self, series: Series, start: date) -> list[FigureEntry]:
        """What was written of a trail's day."""
        trail, measure = series
        places = [(FigureScope.TRAIL, trail), *((FigureScope.STATION, code) for code in self._town.trails[trail])]
        stood = self._stood[Span.DAY, start]
        return [entry for place in places if (entry := stood.get((measure, *place)))]

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


def _held_sum(new: FigureEntry, old: FigureEntry | None, span: Span) -> FigureEntry:
    """A sum as it was shown before, or less where less is known; weeks, and stations' years, where all in them is."""
    if span is Span.WEEK or (span is Span.YEAR and new.scope is FigureScope.STATION):
        return new
    if old is None or old.count is None:
        return new
    return replace(new, shown=old.shown and (new.shown or not is_less(old, new)))


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
