"""Public figures as all outputs give them: whole closed periods, each with its number or why there is none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

from msgspec.structs import replace

from geodata.conditions.annotations import AnnotationScope, PublicAnnotation, for_everybody
from geodata.statistics.counting.periods import CountPeriod, end_of, midnight, start_of
from geodata.statistics.figure import Figure, FigureState, state_of_number
from geodata.statistics.known_time import KnownTime
from geodata.store.comparison import annotation
from geodata.store.figures import periods, reading
from geodata.store.figures.reading import PublishedFigure
from geodata.store.transaction import Transaction
from geodata.vocabulary.figures import CountMeasure, FigureScope, Span

_DAY = timedelta(days=1)


class FigureBucket(StrEnum):
    """The periods for which figures are published; no others can be asked for."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"

    @property
    def span(self) -> Span:
        """The period that closes: hours do so with their day."""
        return Span.DAY if self is FigureBucket.HOUR else Span(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class FigurePlace:
    """What figures are of: a station or trail or municipality by its ``code``, of ``municipality`` in its ``zone``."""

    scope: FigureScope
    code: str
    municipality: str
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class _ClosedTime:
    """A closed day, week, month or year by its ``first`` day, and from when to when it goes, in UTC."""

    first: date
    start: datetime
    end: datetime


_UNKNOWN = PublishedFigure(code="", start=date.min, value=None, withheld=False, time=KnownTime())


def closed_until(connection: Transaction, municipality: str) -> date | None:
    """The first day that is not closed yet; None where none is closed at all."""
    last = periods.last_closed(connection, municipality).get(Span.DAY)
    return None if last is None else last + _DAY


def least(connection: Transaction, municipality: str) -> int:
    """The smallest count of people that it publishes, but for 0."""
    return next(each.smallest_count for each in periods.publishing(connection) if each.slug == municipality)


def read(
    connection: Transaction, place: FigurePlace, measure: CountMeasure, bucket: FigureBucket, within: tuple[date, date]
) -> list[Figure]:
    """The closed periods of ``place`` that lie wholly within the days ``within`` (the last not included), in order."""
    return read_each(connection, [place], measure, bucket, within)[0]


def read_each(
    connection: Transaction,
    places: Sequence[FigurePlace],
    measure: CountMeasure,
    bucket: FigureBucket,
    within: tuple[date, date],
) -> list[list[Figure]]:
    """As read() for each of ``places``, which are of one scope, municipality and zone, at once."""
    if not places:
        return []
    first, codes, with_hours = places[0], [place.code for place in places], bucket is FigureBucket.HOUR
    closed = _closed(connection, first, bucket.span, within)
    published: dict[str, dict[date, PublishedFigure]] = {code: {} for code in codes}
    for each in reading.figures(connection, first.scope, codes, measure, bucket.span, within, with_hours=with_hours):
        published[each.code][each.start] = each
    figures = _hours if with_hours else _whole_times
    return [figures(published[code], closed) for code in codes]


def written_down(connection: Transaction, scope: AnnotationScope, within: tuple[date, date]) -> list[PublicAnnotation]:
    """What was written down of these days (the last not included), as far as everybody may know it, in order."""
    return for_everybody(annotation.load(connection, scope.municipality, within), scope)


def whole(bucket: FigureBucket, first: date, last: date) -> tuple[date, date]:
    """The days of all periods that have a part between these days, ``last`` not included."""
    period = CountPeriod(bucket.span)
    return start_of(period, first), end_of(period, last - _DAY)


def _closed(connection: Transaction, place: FigurePlace, span: Span, within: tuple[date, date]) -> list[_ClosedTime]:
    """The closed times that lie wholly within these days."""
    starts = reading.closed(connection, place.municipality, span, within)
    ends = [end_of(CountPeriod(span), start) for start in starts]
    return [
        _ClosedTime(start, midnight(start, place.zone), midnight(end, place.zone))
        for start, end in zip(starts, ends, strict=True)
        if end <= within[1]
    ]


def _whole_times(published: Mapping[date, PublishedFigure], closed: Sequence[_ClosedTime]) -> list[Figure]:
    return [_of_time(published.get(time.first, _UNKNOWN), time) for time in closed]


def _of_time(published: PublishedFigure, time: _ClosedTime) -> Figure:
    value, known = published.value, published.time
    state = _state(value, known, withheld=published.withheld)
    return Figure(time.start, time.end, value, state, known if value is not None else _said(known, state))


def _hours(published: Mapping[date, PublishedFigure], closed: Sequence[_ClosedTime]) -> list[Figure]:
    return [hour for day in closed for hour in _of_hours(published.get(day.first, _UNKNOWN), day)]


def _of_hours(day: PublishedFigure, time: _ClosedTime) -> Iterator[Figure]:
    """The hours of a published day, 23 to 25 of them.

    An hour has the shares of its day: nothing finer is published. Where only the day is published, its hours are
    hidden.
    """
    start = time.start
    hours = (time.end - start) // timedelta(hours=1)
    values = day.hours or (None,) * hours
    withheld = day.hours_withheld or (day.withheld or day.value is not None,) * hours
    for i, (value, is_withheld) in enumerate(zip(values, withheld, strict=True)):
        state = _state(value, day.time, withheld=is_withheld)
        known = KnownTime() if state is FigureState.NO_DATA else _said(day.time, state)
        yield Figure(start + timedelta(hours=i), start + timedelta(hours=i + 1), value, state, known)


def _said(time: KnownTime, state: FigureState) -> KnownTime:
    """What is said beside a figure: without a number there is nothing that could be more."""
    return replace(time, at_least=False) if time.at_least and not state.has_number else time


def _state(value: int | None, time: KnownTime, *, withheld: bool) -> FigureState:
    if withheld:
        return FigureState.HIDDEN
    return FigureState.NO_DATA if value is None else state_of_number(time)
