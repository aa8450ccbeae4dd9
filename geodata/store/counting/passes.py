"""Passes of hours and days as they are kept: written where they differ, so that what did not change is not touched."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import LiteralString

from geodata.model.counting.counter import CountedDay, CountedHour, CountFlag, SilentTime
from geodata.store.arrays import array
from geodata.store.counting.touched import ChannelStretch
from geodata.store.transaction import Transaction
from geodata.times import hour_begin, hour_of, to_datetime, to_us


def write_hours(
    connection: Transaction, stretches: Sequence[ChannelStretch], counted: Iterable[tuple[int, CountedHour]]
) -> None:
    """Have the hours of these stretches be ``counted``, each with its channel, and no others."""
    rows = list(counted)
    columns = {
        **_spans(stretches),
        "channels": array([channel for channel, _ in rows]),
        "hours": [hour_begin(hour.hour) for _, hour in rows],
        "passes": array([hour.passes for _, hour in rows]),
        "shared": array([hour.shared for _, hour in rows]),
        "covered": array([hour.covered_s for _, hour in rows]),
        "flags": array([int(hour.flags) for _, hour in rows]),
    }
    connection.execute(_CLEAR_HOURS, columns)
    connection.execute(_WRITE_HOURS, columns)


def write_silences(
    connection: Transaction, stretches: Sequence[ChannelStretch], counted: Iterable[tuple[int, SilentTime]]
) -> None:
    """Have the silences that begin in these stretches be ``counted``, each with its channel, and no others."""
    rows = list(counted)
    columns = {
        **_spans(stretches),
        "channels": array([channel for channel, _ in rows]),
        "starts": [to_datetime(silence.start_us) for _, silence in rows],
        "ends": [to_datetime(silence.end_us) for _, silence in rows],
        "passes": array([silence.passes for _, silence in rows]),
        "flags": array([int(silence.flags) for _, silence in rows]),
    }
    connection.execute(_CLEAR_SILENCES, columns)
    connection.execute(_WRITE_SILENCES, columns)


def write_days(
    connection: Transaction, spans: Sequence[tuple[int, date, date]], counted: Iterable[tuple[int, CountedDay]]
) -> None:
    """Have the days of each (channel, first, last) be ``counted``, each with its channel, and no others."""
    rows = list(counted)
    columns = {
        "of": array([channel for channel, _, _ in spans]),
        "first": [first for _, first, _ in spans],
        "last": [last for _, _, last in spans],
        "channels": array([channel for channel, _ in rows]),
        "days": [day.day for _, day in rows],
        "passes": array([day.passes for _, day in rows]),
        "shared": array([day.shared for _, day in rows]),
        "covered": array([day.covered_s for _, day in rows]),
        "hours": array([day.covered_hours for _, day in rows]),
        "valid": [day.valid for _, day in rows],
        "flags": array([int(day.flags) for _, day in rows]),
    }
    connection.execute(_CLEAR_DAYS, columns)
    connection.execute(_WRITE_DAYS, columns)


def hours_between(connection: Transaction, spans: Sequence[tuple[int, datetime, datetime]]) -> list[list[CountedHour]]:
    """For each (channel, start, end) its counted hours from ``start`` to before ``end``, in order."""
    found = [list[CountedHour]() for _ in spans]
    for number, hour, passes, shared, covered_s, flags in connection.execute(_HOURS, _numbered(spans), binary=True):
        found[int(number) - 1].append(CountedHour(hour_of(hour), passes, shared, covered_s, CountFlag(flags)))
    return found


def silences_over(connection: Transaction, spans: Sequence[tuple[int, datetime, datetime]]) -> list[list[SilentTime]]:
    """For each (channel, start, end) the silences that overlap it, in order."""
    found = [list[SilentTime]() for _ in spans]
    for number, starts, ends, passes, flags in connection.execute(_SILENCES, _numbered(spans), binary=True):
        found[int(number) - 1].append(SilentTime(to_us(starts), to_us(ends), passes, CountFlag(flags)))
    return found


def forget_since(connection: Transaction, device: str, at: datetime) -> datetime | None:
    """Forget what was counted of a device from its last report before ``at`` on; return that report's hour, if any.

    It has to be counted anew from there: silences that began then hang on what comes after. A day with hours that stay
    stays, and follows when its others are counted.
    """
    row = connection.execute(_LAST_BEFORE, {"device": device, "at": at}).fetchone()
    since = None if row is None else row[0]
    for statement in _FORGET:
        connection.execute(statement, {"device": device, "since": since})
    return since


def _spans(stretches: Sequence[ChannelStretch]) -> dict[str, object]:
    return {
        "of": array([stretch.channel.id for stretch in stretches]),
        "first": [hour_begin(stretch.first) for stretch in stretches],
        "last": [hour_begin(stretch.last) for stretch in stretches],
    }


def _numbered(spans: Sequence[tuple[int, datetime, datetime]]) -> dict[str, object]:
    return {
        "of": array([channel for channel, _, _ in spans]),
        "start": [start for _, start, _ in spans],
        "end": [end for _, _, end in spans],
    }


_CLEAR_HOURS: LiteralString = """
    DELETE FROM passes_hour AS old
    USING unnest(%(of)s::int4[], %(first)s::timestamptz[], %(last)s::timestamptz[]) AS span (channel, first, last)
    WHERE old.channel = span.channel AND old.hour BETWEEN span.first AND span.last
        AND (old.channel, old.hour) NOT IN (SELECT * FROM unnest(%(channels)s::int4[], %(hours)s::timestamptz[]))
"""
_WRITE_HOURS: LiteralString = """
    INSERT INTO passes_hour AS old (channel, hour, passes, shared, covered_s, flags)
    SELECT * FROM unnest(%(channels)s::int4[], %(hours)s::timestamptz[], %(passes)s::int4[], %(shared)s::int4[],
        %(covered)s::int2[], %(flags)s::int2[])
    ON CONFLICT (channel, hour) DO UPDATE SET passes = excluded.passes, shared = excluded.shared,
        covered_s = excluded.covered_s, flags = excluded.flags
    WHERE (old.passes, old.shared, old.covered_s, old.flags)
        <> (excluded.passes, excluded.shared, excluded.covered_s, excluded.flags)
"""
_CLEAR_SILENCES: LiteralString = """
    DELETE FROM counter_silence AS old
    USING unnest(%(of)s::int4[], %(first)s::timestamptz[], %(last)s::timestamptz[]) AS span (channel, first, last)
    WHERE old.channel = span.channel AND old.starts_at >= span.first
        AND old.starts_at < span.last + interval '1 hour'
        AND (old.channel, old.starts_at) NOT IN (SELECT * FROM unnest(%(channels)s::int4[], %(starts)s::timestamptz[]))
"""
_WRITE_SILENCES: LiteralString = """
    INSERT INTO counter_silence AS old (channel, starts_at, ends_at, passes, flags)
    SELECT * FROM unnest(%(channels)s::int4[], %(starts)s::timestamptz[], %(ends)s::timestamptz[], %(passes)s::int4[],
        %(flags)s::int2[])
    ON CONFLICT (channel, starts_at) DO UPDATE SET ends_at = excluded.ends_at, passes = excluded.passes,
        flags = excluded.flags
    WHERE (old.ends_at, old.passes, old.flags) <> (excluded.ends_at, excluded.passes, excluded.flags)
"""
_CLEAR_DAYS: LiteralString = """
    DELETE FROM passes_day AS old
    USING unnest(%(of)s::int4[], %(first)s::date[], %(last)s::date[]) AS span (channel, first, last)
    WHERE old.channel = span.channel AND old.day BETWEEN span.first AND span.last
        AND (old.channel, old.day) NOT IN (SELECT * FROM unnest(%(channels)s::int4[], %(days)s::date[]))
"""
_WRITE_DAYS: LiteralString = """
    INSERT INTO passes_day AS old (channel, day, passes, shared, covered_s, covered_hours, valid, flags)
    SELECT * FROM unnest(%(channels)s::int4[], %(days)s::date[], %(passes)s::int4[], %(shared)s::int4[],
        %(covered)s::int4[], %(hours)s::int2[], %(valid)s::bool[], %(flags)s::int2[])
    ON CONFLICT (channel, day) DO UPDATE SET passes = excluded.passes, shared = excluded.shared,
        covered_s = excluded.covered_s, covered_hours = excluded.covered_hours, valid = excluded.valid,
        flags = excluded.flags
    WHERE (old.passes, old.shared, old.covered_s, old.covered_hours, old.valid, old.flags)
        IS DISTINCT FROM (excluded.passes, excluded.shared, excluded.covered_s, excluded.covered_hours, excluded.valid,
            excluded.flags)
"""
_HOURS: LiteralString = """
    SELECT number, hour, passes, shared, covered_s, flags
    FROM unnest(%(of)s::int4[], %(start)s::timestamptz[], %(end)s::timestamptz[]) WITH ORDINALITY
            AS span (of, starts, ends, number)
        JOIN passes_hour ON channel = of AND hour >= starts AND hour < ends
    ORDER BY number, hour
"""
_SILENCES: LiteralString = """
    SELECT number, starts_at, ends_at, passes, flags
    FROM unnest(%(of)s::int4[], %(start)s::timestamptz[], %(end)s::timestamptz[]) WITH ORDINALITY
            AS span (of, starts, ends, number)
        JOIN counter_silence ON channel = of AND starts_at < ends AND ends_at > starts
    ORDER BY number, starts_at
"""
_LAST_BEFORE: LiteralString = """
    SELECT min(hour) FROM datastream JOIN observed_property ON observed_property.id = datastream.observed_property,
        LATERAL (SELECT hour FROM rollup_hour WHERE rollup_hour.datastream = datastream.id AND count > 0
            AND hour < date_trunc('hour', %(at)s::timestamptz, 'UTC') ORDER BY hour DESC LIMIT 1) AS before
    WHERE device = %(device)s AND direction IS NOT NULL
"""
_OF_DEVICE: LiteralString = """
    channel IN (SELECT channel.id FROM counter_channel AS channel JOIN counter_mounting AS mounting
        ON mounting.id = channel.mounting WHERE mounting.device = %(device)s)
"""
_FORGET: tuple[LiteralString, ...] = (
    "DELETE FROM passes_hour WHERE hour >= coalesce(%(since)s, '-infinity'::timestamptz) AND " + _OF_DEVICE,  # noqa: S608 - constants
    "DELETE FROM counter_silence WHERE ends_at >= coalesce(%(since)s, '-infinity'::timestamptz) AND " + _OF_DEVICE,  # noqa: S608 - constants
    """
    DELETE FROM passes_day
    USING counter_channel AS channel JOIN counter_mounting AS mounting ON mounting.id = channel.mounting
        JOIN trail ON trail.slug = mounting.trail JOIN municipality ON municipality.slug = trail.municipality
    WHERE mounting.device = %(device)s AND passes_day.channel = channel.id
        AND day >= coalesce((%(since)s::timestamptz AT TIME ZONE timezone)::date, '-infinity')
        AND NOT EXISTS (SELECT FROM passes_hour WHERE passes_hour.channel = channel.id
            AND hour >= day::timestamp AT TIME ZONE timezone AND hour < (day + 1)::timestamp AT TIME ZONE timezone)
    """,
)
