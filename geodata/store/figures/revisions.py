"""Published figures that were revised, each revision in the log with the rows that stood before, bit by bit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import LiteralString

import msgspec

from geodata.statistics.known_time import KnownTime
from geodata.store.figures.reading import PublishedFigure, figure_of
from geodata.store.transaction import Transaction
from geodata.vocabulary.figures import CountMeasure, FigureScope, Span


@dataclass(frozen=True, slots=True)
class RevisedTimes:
    """The figures that a revision is of: those of ``places`` in ``times``, of both measures."""

    municipality: str
    places: list[tuple[FigureScope, str]]
    times: list[tuple[Span, date]]


@dataclass(frozen=True, slots=True)
class Stood:
    """What stood before an entry: the ``times`` that it changed, with the figures of one measure, by their places."""

    times: set[tuple[Span, date]]
    figures: dict[tuple[FigureScope, str, Span, date], PublishedFigure]


def keep(
    connection: Transaction, of: RevisedTimes, *, by: str, what: str, reason: str, undoes: int | None = None
) -> int:
    """Write down what stands in these times now, before it is changed; return the entry's number."""
    given = {"of": msgspec.json.encode(of).decode(), "by": by, "what": what, "reason": reason, "undoes": undoes}
    row = connection.execute(_KEEP, given).fetchone()
    if row is None:  # pragma: no cover - RETURNING gives the row that was written
        raise RuntimeError("no entry")
    return int(row[0])


def find(connection: Transaction, entry: int) -> RevisedTimes | None:
    """What an entry of the log is of; None where it is not of published figures."""
    row = connection.execute("SELECT before -> 'of' FROM figures_log WHERE id = %s", [entry]).fetchone()
    return None if row is None or row[0] is None else msgspec.convert(row[0], RevisedTimes)


def clear(connection: Transaction, entry: int) -> None:
    """Have nothing stand in the times of an entry."""
    connection.execute(_CLEAR, {"entry": entry})


def put_back(connection: Transaction, entry: int) -> None:
    """Have these times be as they stood before the entry."""
    clear(connection, entry)
    connection.execute(_PUT_BACK_FIGURES, {"entry": entry})
    connection.execute(_PUT_BACK_COUNTS, {"entry": entry})


def later_over(connection: Transaction, entry: int) -> list[tuple[int, int | None]]:
    """The entries after this one over times of the same municipality, each with what it undoes, the newest first."""
    return [(int(later), undoes) for later, undoes in connection.execute(_LATER, {"entry": entry})]


def stood(connection: Transaction, municipality: str, measure: CountMeasure, within: tuple[date, date]) -> list[Stood]:
    """What stood before each entry that changed times within, the newest entry first."""
    rows = connection.execute(_ENTRIES, {"municipality": municipality, "first": within[0], "end": within[1]}).fetchall()
    return [
        Stood(set(msgspec.convert(of, RevisedTimes).times), _figures(connection, entry, measure)) for entry, of in rows
    ]


def _figures(
    connection: Transaction, entry: int, measure: CountMeasure
) -> dict[tuple[FigureScope, str, Span, date], PublishedFigure]:
    rows: Sequence[tuple[str, str, str, date, int | None, list[int | None] | None, float, float, bool]]
    rows = connection.execute(_STOOD, {"entry": entry, "measure": measure}).fetchall()
    return {
        (FigureScope(scope), code, Span(span), start): figure_of(code, start, value, KnownTime(*time), hours)
        for scope, code, span, start, value, hours, *time in rows
    }


_AT: LiteralString = """
    jsonb_array_elements(before -> 'of' -> 'places') AS place, jsonb_array_elements(before -> 'of' -> 'times') AS span
"""
_HERE: LiteralString = (
    "scope = place ->> 0 AND code = place ->> 1 AND bucket = span ->> 0 AND start = (span ->> 1)::date"
)
_KEEP: LiteralString = f"""
    WITH entry AS MATERIALIZED (SELECT jsonb_build_object('of', %(of)s::jsonb) AS before)
    INSERT INTO figures_log (done_by, what, reason, undoes, before)
    SELECT %(by)s, %(what)s, %(reason)s, %(undoes)s, before || jsonb_build_object(
        'published', coalesce((
            SELECT jsonb_agg(to_jsonb(old)) FROM {_AT}, published_figure AS old WHERE {_HERE}), '[]'),
        'withheld', coalesce((
            SELECT jsonb_agg(to_jsonb(old)) FROM {_AT}, withheld_count AS old WHERE {_HERE}), '[]'))
    FROM entry RETURNING id
"""  # noqa: S608 - constants
_CLEAR: LiteralString = f"""
    DELETE FROM published_figure USING figures_log, {_AT} WHERE figures_log.id = %(entry)s AND {_HERE}
"""  # noqa: S608 - constants
# Entries from before a figure said what of its time is estimated have nothing of it.
_PUT_BACK_FIGURES: LiteralString = """
    INSERT INTO published_figure (scope, code, measure, bucket, start, value, hours, coverage, estimated, at_least)
    SELECT scope, code, measure, bucket, start, value, hours, coverage,
        coalesce(estimated, 0), coalesce(at_least, false)
    FROM figures_log, jsonb_populate_recordset(NULL::published_figure, before -> 'published') AS old
    WHERE id = %(entry)s
"""
_PUT_BACK_COUNTS: LiteralString = """
    INSERT INTO withheld_count SELECT old.* FROM figures_log,
        jsonb_populate_recordset(NULL::withheld_count, before -> 'withheld') AS old WHERE id = %(entry)s
"""
_STOOD: LiteralString = """
    SELECT scope, code, bucket, start, value, hours, coverage::float8, coalesce(estimated, 0)::float8,
        coalesce(at_least, false)
    FROM figures_log, jsonb_populate_recordset(NULL::published_figure, before -> 'published') AS old
    WHERE id = %(entry)s AND measure = %(measure)s
"""
_ENTRIES: LiteralString = """
    SELECT id, before -> 'of' FROM figures_log WHERE before -> 'of' ->> 'municipality' = %(municipality)s
        AND EXISTS (SELECT FROM jsonb_array_elements(before -> 'of' -> 'times') AS span
            WHERE (span ->> 1)::date >= %(first)s AND (span ->> 1)::date < %(end)s)
    ORDER BY id DESC
"""
_LATER: LiteralString = """
    SELECT later.id, later.undoes FROM figures_log AS later, figures_log AS entry
    WHERE entry.id = %(entry)s AND later.id > entry.id
        AND later.before -> 'of' ->> 'municipality' = entry.before -> 'of' ->> 'municipality'
        AND EXISTS (SELECT FROM jsonb_array_elements(later.before -> 'of' -> 'times') AS span
            WHERE (entry.before -> 'of' -> 'times') @> jsonb_build_array(span))
    ORDER BY 1 DESC
"""
