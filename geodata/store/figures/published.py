"""Figures as they are written when a time closes, and what later closings need to know of earlier ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import LiteralString

from msgspec.structs import astuple

from geodata.statistics.known_time import KnownTime
from geodata.store.transaction import Transaction
from geodata.vocabulary.figures import CountMeasure, FigureScope, Span

_WITHHELD = -1
_COPY: LiteralString = """
    COPY published_figure (scope, code, measure, bucket, start, value, hours, coverage, estimated, at_least) FROM STDIN
"""


@dataclass(frozen=True, slots=True)
class FigureEntry:
    """A figure to be published: what it counts, None where nothing is known, and whether that is ``shown``."""

    scope: FigureScope
    code: str
    count: int | None
    shown: bool
    time: KnownTime
    hours: list[int | None] | None = None


@dataclass(frozen=True, slots=True)
class KnownFigure:
    """A figure with what it counts, also where that is withheld."""

    code: str
    start: date
    count: int | None
    withheld: bool
    time: KnownTime


def write(
    connection: Transaction, measure: CountMeasure, span: Span, start: date, entries: Iterable[FigureEntry]
) -> None:
    """Publish figures of a time, once."""
    entries = list(entries)
    with connection.cursor() as cursor:
        with cursor.copy(_COPY) as copy:
            for entry in entries:
                value = entry.count if entry.shown else _WITHHELD
                where = (entry.scope, entry.code, measure, span, start)
                copy.write_row((*where, value, entry.hours, *astuple(entry.time)))
        with cursor.copy("COPY withheld_count FROM STDIN") as copy:
            for entry in entries:
                if not entry.shown:
                    copy.write_row((entry.scope, entry.code, measure, span, start, entry.count))


def entries(
    connection: Transaction,
    scope: FigureScope,
    codes: Sequence[str],
    measure: CountMeasure,
    span: Span,
    within: tuple[date, date],
) -> dict[tuple[FigureScope, str, date], FigureEntry]:
    """What is written of these places in the times that begin from one date to before the other, as it was given."""
    rows = connection.execute(
        "SELECT code, start, coalesce(count, value), value IS DISTINCT FROM -1, hours, coverage::float8,"
        " estimated::float8, at_least FROM published_figure"
        " LEFT JOIN withheld_count USING (scope, code, measure, bucket, start)"
        " WHERE scope = %s AND code = ANY (%s) AND measure = %s AND bucket = %s AND start >= %s AND start < %s",
        [scope, list(codes), measure, span, *within],
    )
    return {
        (scope, code, start): FigureEntry(scope, code, count, shown, KnownTime(*time), hours)
        for code, start, count, shown, hours, *time in rows
    }


def known(
    connection: Transaction,
    scope: FigureScope,
    codes: Sequence[str],
    measure: CountMeasure,
    span: Span,
    within: tuple[date, date],
) -> list[KnownFigure]:
    """What these places counted in the times that begin from one date to before the other, in order of both."""
    rows = connection.execute(
        "SELECT code, start, coalesce(count, value), value IS NOT DISTINCT FROM -1, coverage::float8,"
        " estimated::float8, at_least FROM published_figure"
        " LEFT JOIN withheld_count USING (scope, code, measure, bucket, start)"
        " WHERE scope = %s AND code = ANY (%s) AND measure = %s AND bucket = %s AND start >= %s AND start < %s"
        " ORDER BY code, start",
        [scope, list(codes), measure, span, *within],
    )
    return [KnownFigure(code, start, count, withheld, KnownTime(*time)) for code, start, count, withheld, *time in rows]


def withheld_days(
    connection: Transaction, trails: Sequence[str], measure: CountMeasure, within: tuple[date, date]
) -> dict[str, tuple[int, int]]:
    """How many days of each trail are withheld, and what they count together."""
    rows = connection.execute(
        "SELECT code, count(*)::int4, sum(count)::int4 FROM withheld_count WHERE scope = 'trail' AND code = ANY (%s)"
        " AND measure = %s AND bucket = 'day' AND start >= %s AND start < %s GROUP BY code",
        [list(trails), measure, *within],
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def withheld_months(
    connection: Transaction, trails: Sequence[str], measure: CountMeasure, within: tuple[date, date]
) -> dict[str, tuple[int, int]]:
    """How many months of each trail are withheld, and what the withheld days in them count together."""
    rows = connection.execute(
        "SELECT code, count(DISTINCT month.start)::int4, sum(day.count)::int4 FROM withheld_count AS month"
        " JOIN withheld_count AS day USING (scope, code, measure) WHERE scope = 'trail' AND code = ANY (%s)"
        " AND measure = %s AND month.bucket = 'month' AND month.start >= %s AND month.start < %s"
        " AND day.bucket = 'day' AND day.start >= month.start AND day.start < month.start + interval '1 month'"
        " GROUP BY code",
        [list(trails), measure, *within],
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def days_of_withheld_stations(
    connection: Transaction, trails: Sequence[str], measure: CountMeasure, within: tuple[date, date]
) -> dict[str, int]:
    """On how many days stations of each trail are withheld though the trail is shown."""
    rows = connection.execute(
        "SELECT trail, count(DISTINCT start)::int4 FROM withheld_count AS day JOIN station USING (code)"
        " WHERE scope = 'station' AND trail = ANY (%s) AND measure = %s AND bucket = 'day' AND start >= %s"
        " AND start < %s AND NOT EXISTS (SELECT FROM withheld_count AS whole WHERE whole.scope = 'trail'"
        " AND whole.code = station.trail AND whole.measure = day.measure AND whole.bucket = 'day'"
        " AND whole.start = day.start) GROUP BY trail",
        [list(trails), measure, *within],
    )
    return {row[0]: row[1] for row in rows}


def stations_without_a_month(connection: Transaction, measure: CountMeasure, within: tuple[date, date]) -> set[str]:
    """The codes of stations of which a month within is withheld."""
    rows = connection.execute(
        "SELECT DISTINCT code FROM withheld_count WHERE scope = 'station' AND measure = %s AND bucket = 'month'"
        " AND start >= %s AND start < %s",
        [measure, *within],
    )
    return {row[0] for row in rows}
