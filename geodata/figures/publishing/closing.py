"""Closes what is due: each day some days after its end, and with it the weeks, months and years that are over.

A time closes in one transaction, in order, and never again: whoever is stopped in between goes on with the next. What
arrives later changes no figure that is published.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from geodata.figures.publishing import calendar, days, sums, town
from geodata.model.municipality import Publishing
from geodata.store.database import Database
from geodata.store.figures import counts, periods
from geodata.store.transaction import Transaction
from geodata.vocabulary.figures import Span


@dataclass(frozen=True, slots=True)
class Closed:
    """A day, week, month or year of a municipality that was closed now."""

    municipality: str
    span: Span
    start: date


def close_due(
    database: Database, now: datetime, *, until: date | None = None, stopping: threading.Event | None = None
) -> Iterator[Closed]:
    """Close all that is due at ``now``, of all municipalities, up to and with the day ``until``; ends where stopped."""
    with database.transaction() as connection:
        towns = periods.publishing(connection)
    for publishes in towns:
        while (stopping is None or not stopping.is_set()) and (closed := _close_next(database, publishes, now, until)):
            yield closed


def closes_at(publishes: Publishing, span: Span, start: date) -> datetime:
    """When the time that begins on ``start`` closes, at the earliest, in UTC."""
    after = timedelta(days=publishes.close_after_days)
    return calendar.midnight(calendar.end_of(span, start) + after, publishes.timezone)


def _close_next(database: Database, publishes: Publishing, now: datetime, until: date | None) -> Closed | None:
    """Close the next time that is due, or that somebody else is closing; None where none is."""
    with database.transaction() as connection:
        due = next_due(connection, publishes, now, until)
        if due is None:
            return None
        span, start = due
        if periods.close(connection, publishes, span, start, now):
            _publish(connection, publishes, span, start)
        return Closed(publishes.slug, span, start)


def _publish(connection: Transaction, publishes: Publishing, span: Span, start: date) -> None:
    of = town.load(connection, publishes)
    if span is Span.DAY:
        days.close_day(connection, of, start)
    else:
        sums.close_sum(connection, of, span, start)


def next_due(
    connection: Transaction, publishes: Publishing, now: datetime, until: date | None = None
) -> tuple[Span, date] | None:
    """The next time to close: what ends with the last closed day, else the day after it; None where that is not due."""
    last = periods.last_closed(connection, publishes.slug)
    if Span.DAY in last:
        ended = _ended_with(last)
        if ended is not None:
            return ended
        day = last[Span.DAY] + timedelta(days=1)
    else:
        first = counts.first_hour(connection, town.load(connection, publishes).stations)
        if first is None:
            return None
        day = calendar.local_day(first, publishes.timezone)
    is_due = closes_at(publishes, Span.DAY, day) <= now and (until is None or day <= until)
    return (Span.DAY, day) if is_due else None


def _ended_with(last: dict[Span, date]) -> tuple[Span, date] | None:
    """The shortest week, month or year that ended with the last closed day and is not closed yet."""
    day = last[Span.DAY]
    for span in (Span.WEEK, Span.MONTH, Span.YEAR):
        start = calendar.start_of(span, day)
        if calendar.end_of(span, start) == day + timedelta(days=1) and last.get(span) != start:
            return span, start
    return None
