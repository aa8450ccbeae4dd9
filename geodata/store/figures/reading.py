"""Published figures as pages read them: there is no other way to a public figure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import LiteralString, cast

import msgspec
import numpy as np

from geodata.statistics.known_time import KnownTime
from geodata.store.transaction import Transaction
from geodata.vocabulary.figures import CountMeasure, FigureScope, Span

_WITHHELD = -1
_DAY_0 = np.datetime64("2000-01-01")
"""From which PostgreSQL counts days."""


class PublishedFigure(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What the public may know of a place, ``code``, in the time that begins on ``start``.

    ``value`` is None where it is withheld (``withheld``) or nothing is known; ``time`` says how much of the time is
    known, withheld or not. ``hours``: those of a day, likewise, with a mask of the withheld ones; empty where none is
    published.
    """

    code: str
    start: date
    value: int | None
    withheld: bool
    time: KnownTime
    hours: tuple[int | None, ...] = ()
    hours_withheld: tuple[bool, ...] = ()


def figures(
    connection: Transaction,
    scope: FigureScope,
    codes: Sequence[str],
    measure: CountMeasure,
    span: Span,
    within: tuple[date, date],
    *,
    with_hours: bool = True,
) -> list[PublishedFigure]:
    """What is public of these places in the whole times that begin from one date to before the other, by code and time.

    A time without a figure is not closed, or nothing was counted there: `closed` tells which.
    """
    asked = {"scope": scope, "codes": list(codes), "measure": measure, "span": span}
    sql = _FIGURES_WITH_HOURS if with_hours else _FIGURES
    rows = connection.execute(sql, asked | {"start": within[0], "end": within[1]}, binary=True)
    return [each for code, *columns, hours in rows for each in _figures(code, columns, hours)]


# The columns of a place come as the bytes of their numbers: fifty places in a third of the time that rows take.
_STATEMENT: LiteralString = """
    SELECT code, found.* FROM unnest(%(codes)s::text[]) AS asked (code), LATERAL (
        SELECT string_agg(date_send(start), ''), string_agg(int4send(coalesce(value, -2)), ''),
            string_agg(float4send(coverage), ''), string_agg(float4send(estimated), ''),
            string_agg(boolsend(at_least), ''), {hours}
        FROM (SELECT start, value, coverage, estimated, at_least, hours FROM published_figure AS figure
            WHERE scope = %(scope)s AND figure.code = asked.code AND measure = %(measure)s AND bucket = %(span)s
                AND start >= %(start)s AND start < %(end)s
            ORDER BY start) AS in_order
        HAVING count(*) > 0) AS found
    ORDER BY code
"""
_FIGURES = _STATEMENT.format(hours="NULL::text")
_FIGURES_WITH_HOURS = _STATEMENT.format(hours="json_agg(hours)::text")


def closed(connection: Transaction, municipality: str, span: Span, within: tuple[date, date]) -> list[date]:
    """The first days of the closed times of a municipality that begin from one date to before the other."""
    rows = connection.execute(
        "SELECT start FROM closed_period WHERE municipality = %s AND bucket = %s AND start >= %s AND start < %s"
        " ORDER BY start",
        [municipality, span, *within],
    )
    return [cast("date", row[0]) for row in rows]


def first_days(connection: Transaction, stations: Sequence[str], measure: CountMeasure) -> dict[str, date]:
    """The first day of which anything is published of each of these stations; those without any are left out."""
    rows = connection.execute(
        "SELECT code, first FROM unnest(%s::text[]) AS wanted (code), LATERAL (SELECT min(start) AS first"
        " FROM published_figure AS own WHERE scope = 'station' AND own.code = wanted.code AND measure = %s"
        " AND bucket = 'day') AS of_station WHERE first IS NOT NULL",
        [list(stations), measure],
    )
    return {row[0]: row[1] for row in rows}


def last_closing(connection: Transaction, municipality: str) -> datetime | None:
    """When the last day of a municipality was closed; None where none is."""
    row = connection.execute(
        "SELECT max(closed_at) FROM closed_period WHERE municipality = %s AND bucket = 'day'", [municipality]
    ).fetchone()
    return row[0] if row else None


def figure_of(
    code: str, start: date, value: int | None, time: KnownTime, hours: list[int | None] | None
) -> PublishedFigure:
    """A row of the table as the public may know it."""
    withheld = value == _WITHHELD
    bare = PublishedFigure(code=code, start=start, value=None if withheld else value, withheld=withheld, time=time)
    return _with_hours(bare, hours or [])


def _figures(code: str, columns: Sequence[bytes], hours: str | None) -> list[PublishedFigure]:
    """The figures of one place from the columns of _STATEMENT."""
    starts, values, coverage, estimated, at_least = columns
    days = (_DAY_0 + np.frombuffer(starts, ">i4").astype("timedelta64[D]")).tolist()
    shares = (np.frombuffer(column, ">f4").tolist() for column in (coverage, estimated))
    times = map(KnownTime, *shares, np.frombuffer(at_least, bool).tolist())
    rows = zip(days, np.frombuffer(values, ">i4").tolist(), times, strict=True)
    bare = [
        PublishedFigure(
            code=code,
            start=start,
            value=value if value >= 0 else None,
            withheld=value == _WITHHELD,
            time=time,
        )
        for start, value, time in rows
    ]
    if hours is None:
        return bare
    of_days = msgspec.json.decode(hours, type=list[list[int | None] | None])
    return [_with_hours(figure, of_day or []) for figure, of_day in zip(bare, of_days, strict=True)]


def _with_hours(day: PublishedFigure, hours: list[int | None]) -> PublishedFigure:
    return msgspec.structs.replace(
        day,
        hours=tuple(None if each == _WITHHELD else each for each in hours),
        hours_withheld=tuple(each == _WITHHELD for each in hours),
    )
