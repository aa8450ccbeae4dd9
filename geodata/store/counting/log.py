"""Passes made anew by hand, each with the rows that stood before, and put back from there bit by bit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import LiteralString

import msgspec

from geodata.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class LoggedSpan:
    """Hours and days of a channel that were made anew, the last ones within."""

    channel: int
    first: datetime
    last: datetime
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresEntry:
    """An entry: who did ``what`` and why, which entry it ``undoes``, and which one ``undone_by``; rows before."""

    id: int
    done_at: datetime
    done_by: str
    what: str
    reason: str
    undoes: int | None
    undone_by: int | None
    hours_before: int


def keep(
    connection: Transaction, spans: Sequence[LoggedSpan], *, by: str, what: str, reason: str, undoes: int | None = None
) -> int:
    """Write down what stands in these spans now, before it is changed; return the entry's number."""
    given = {"spans": msgspec.json.encode(spans).decode(), "by": by, "what": what, "reason": reason, "undoes": undoes}
    row = connection.execute(_KEEP, given).fetchone()
    if row is None:  # pragma: no cover - RETURNING gives the row that was written
        raise RuntimeError("no entry")
    return int(row[0])


def load(connection: Transaction, limit: int) -> list[FiguresEntry]:
    """The newest entries, the newest first."""
    rows = connection.execute(_LOAD + " ORDER BY entry.id DESC LIMIT %s", [limit])
    return [_entry(row) for row in rows]


def find(connection: Transaction, entry: int) -> FiguresEntry | None:
    """One entry."""
    row = connection.execute(_LOAD + " WHERE entry.id = %s", [entry]).fetchone()
    return None if row is None else _entry(row)


def later_over(connection: Transaction, entry: int) -> list[tuple[int, int | None]]:
    """The entries after this one over hours of the same channels, each with what it undoes, the newest first."""
    return [(int(later), undoes) for later, undoes in connection.execute(_LATER, {"entry": entry})]


def spans_of(connection: Transaction, entry: int) -> list[LoggedSpan]:
    """What an entry changed, of channels that there still are."""
    return [LoggedSpan(*row) for row in connection.execute(_SPANS, {"entry": entry})]


def put_back(connection: Transaction, entry: int) -> None:
    """Have the entry's spans be as they stood before it."""
    connection.execute(_CLEAR, {"entry": entry})
    connection.execute(_PUT_BACK, {"entry": entry})


def changed_hours(connection: Transaction, entry: int) -> int:
    """How many hours are other now than they were before the entry."""
    row = connection.execute(_CHANGED, {"entry": entry}).fetchone()
    return int(row[0]) if row else 0


def _entry(row: Sequence[object]) -> FiguresEntry:
    names = ("id", "done_at", "done_by", "what", "reason", "undoes", "undone_by", "hours_before")
    return msgspec.convert(dict(zip(names, row, strict=True)), FiguresEntry)


_RECORD: LiteralString = "(channel integer, first timestamptz, last timestamptz, first_day date, last_day date)"
_KEEP: LiteralString = f"""
    WITH span AS (SELECT * FROM jsonb_to_recordset(%(spans)s::jsonb) AS span {_RECORD})
    INSERT INTO figures_log (done_by, what, reason, undoes, before)
    SELECT %(by)s, %(what)s, %(reason)s, %(undoes)s, jsonb_build_object(
        'spans', %(spans)s::jsonb,
        'hours', coalesce((SELECT jsonb_agg(to_jsonb(old)) FROM passes_hour AS old JOIN span USING (channel)
            WHERE hour BETWEEN first AND last), '[]'),
        'silences', coalesce((SELECT jsonb_agg(to_jsonb(old)) FROM counter_silence AS old JOIN span USING (channel)
            WHERE starts_at >= first AND starts_at < last + interval '1 hour'), '[]'),
        'days', coalesce((SELECT jsonb_agg(to_jsonb(old)) FROM passes_day AS old JOIN span USING (channel)
            WHERE day BETWEEN first_day AND last_day), '[]'))
    RETURNING id
"""  # noqa: S608 - constants
_LOAD: LiteralString = """
    SELECT entry.id, entry.done_at, entry.done_by, entry.what, entry.reason, entry.undoes, undoing.id,
        coalesce(jsonb_array_length(entry.before -> 'hours'), 0)
    FROM figures_log AS entry LEFT JOIN figures_log AS undoing ON undoing.undoes = entry.id
"""
_SPANS: LiteralString = f"""
    SELECT span.* FROM figures_log, jsonb_to_recordset(before -> 'spans') AS span {_RECORD}
    WHERE figures_log.id = %(entry)s AND channel IN (SELECT id FROM counter_channel)
"""  # noqa: S608 - constants
_LATER: LiteralString = f"""
    SELECT DISTINCT later.id, later.undoes
    FROM figures_log AS later, jsonb_to_recordset(before -> 'spans') AS other {_RECORD}, ({_SPANS}) AS span
    WHERE later.id > %(entry)s AND other.channel = span.channel
        AND other.first <= span.last AND other.last >= span.first
    ORDER BY 1 DESC
"""  # noqa: S608 - constants
_CLEAR: LiteralString = f"""
    WITH span AS MATERIALIZED ({_SPANS}), hours AS (
        DELETE FROM passes_hour AS old USING span WHERE old.channel = span.channel AND hour BETWEEN first AND last
    ), silences AS (
        DELETE FROM counter_silence AS old USING span
        WHERE old.channel = span.channel AND starts_at >= first AND starts_at < last + interval '1 hour'
    )
    DELETE FROM passes_day AS old USING span WHERE old.channel = span.channel AND day BETWEEN first_day AND last_day
"""  # noqa: S608 - constants
_PUT_BACK: LiteralString = """
    WITH entry AS (SELECT before FROM figures_log WHERE id = %(entry)s), known AS (SELECT id FROM counter_channel),
    hours AS (
        INSERT INTO passes_hour SELECT old.* FROM entry, jsonb_populate_recordset(NULL::passes_hour, before -> 'hours')
            AS old WHERE channel IN (TABLE known)
    ), silences AS (
        INSERT INTO counter_silence SELECT old.* FROM entry,
            jsonb_populate_recordset(NULL::counter_silence, before -> 'silences') AS old WHERE channel IN (TABLE known)
    )
    INSERT INTO passes_day SELECT old.* FROM entry, jsonb_populate_recordset(NULL::passes_day, before -> 'days') AS old
        WHERE channel IN (TABLE known)
"""
_CHANGED: LiteralString = f"""
    WITH stood AS (SELECT old.* FROM figures_log, jsonb_populate_recordset(NULL::passes_hour, before -> 'hours') AS old
        WHERE id = %(entry)s),
    stands AS (SELECT now.* FROM passes_hour AS now JOIN ({_SPANS}) AS span USING (channel)
        WHERE hour BETWEEN first AND last)
    SELECT count(DISTINCT (channel, hour)) FROM (
        (TABLE stood EXCEPT TABLE stands) UNION ALL (TABLE stands EXCEPT TABLE stood)) AS other
"""  # noqa: S608 - constants
