"""Counters of some trails, or of one station, with their days or hours as columns; also those that say nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import LiteralString

import numpy as np
from numpy.typing import NDArray

from geodata.statistics.counting.periods import midnight
from geodata.statistics.usage.buckets import midnights
from geodata.statistics.usage.ranges import DaySpan
from geodata.statistics.usage.sums import ChannelColumns
from geodata.store.transaction import Transaction

_2000_S = 946_684_800
"""From which PostgreSQL counts days and microseconds, in seconds since 1970."""
_NONE = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class HungThere:
    """A channel of a place with the time in which it hung there, seconds since 1970."""

    channel: int
    mounting: int
    station: str | None
    starts_s: int
    ends_s: int | None


def hung(connection: Transaction, trails: Sequence[str], station: str | None, zone: tzinfo) -> list[HungThere]:
    """The channels of ``trails``, or of one station of them alone, ever.

    A mounting period without a beginning begins with the first day that was ever counted in it, or when its device was
    registered.
    """
    rows = connection.execute(_HUNG, {"trails": list(trails), "station": station})
    return [
        HungThere(channel, mounting, at, _starts_s(starts_at, first_day, registered_at, zone), _seconds(ends_at))
        for channel, mounting, at, starts_at, ends_at, first_day, registered_at in rows
    ]


def days(connection: Transaction, of: Sequence[HungThere], span: DaySpan, zone: tzinfo) -> list[ChannelColumns]:
    """The counted days of these channels."""
    asked = {"channels": [each.channel for each in of], "start": span.first, "end": span.end}
    begins = midnights(span, zone)
    zero = np.datetime64(span.first).astype(np.int64) - np.datetime64("2000-01-01").astype(np.int64)
    return _filled(connection, _DAYS, asked, of, lambda raw: begins[np.frombuffer(raw, ">i4").astype(np.int64) - zero])


def hours(connection: Transaction, of: Sequence[HungThere], span: DaySpan, zone: tzinfo) -> list[ChannelColumns]:
    """The counted hours of these channels."""
    start, end = midnight(span.first, zone), midnight(span.end, zone)
    asked = {"channels": [each.channel for each in of], "start": start, "end": end}
    return _filled(
        connection, _HOURS, asked, of, lambda raw: np.frombuffer(raw, ">i8").astype(np.int64) // 1_000_000 + _2000_S
    )


def first_day(connection: Transaction, trails: Sequence[str], zone: tzinfo) -> date | None:
    """The first day of which anything is known on these trails: passes or scans."""
    row = connection.execute(_FIRST, {"trails": list(trails)}).fetchone()
    counted, scanned = row or (None, None)
    known = [day for day in (counted, scanned and scanned.astimezone(zone).date()) if day is not None]
    return min(known, default=None)


def _filled(
    connection: Transaction,
    sql: LiteralString,
    asked: Mapping[str, object],
    of: Sequence[HungThere],
    begins: Callable[[bytes], NDArray[np.int64]],
) -> list[ChannelColumns]:
    found: dict[int, list[NDArray[np.int64]]] = {}
    for channel, at, passes, shared, covered_s, flags in connection.execute(sql, asked, binary=True):
        values = [np.frombuffer(column, ">i4").astype(np.int64) for column in (passes, shared, covered_s)]
        found[channel] = [begins(at), *values, np.frombuffer(flags, ">i2").astype(np.int64)]
    return [_columns(each, *found.get(each.channel, [_NONE] * 5)) for each in of]


def _columns(
    of: HungThere,
    at: NDArray[np.int64],
    passes: NDArray[np.int64],
    shared: NDArray[np.int64],
    covered_s: NDArray[np.int64],
    flags: NDArray[np.int64],
) -> ChannelColumns:
    return ChannelColumns(
        mounting=of.mounting, station=of.station, starts_s=of.starts_s, ends_s=of.ends_s, at=at, passes=passes,
        shared=shared, covered_s=covered_s, flags=flags,
    )  # fmt: skip


def _starts_s(starts_at: datetime | None, first_day: date | None, registered_at: datetime, zone: tzinfo) -> int:
    begin = starts_at or (registered_at if first_day is None else midnight(first_day, zone))
    return int(begin.timestamp())


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


_HUNG: LiteralString = """
    SELECT channel.id, mounting.id, mounting.station, starts_at, ends_at,
        (SELECT min(day) FROM passes_day WHERE passes_day.channel = channel.id), device.registered_at
    FROM counter_mounting AS mounting JOIN counter_channel AS channel ON channel.mounting = mounting.id
    JOIN device ON device.id = mounting.device
    WHERE mounting.trail = ANY (%(trails)s) AND (%(station)s::text IS NULL OR mounting.station = %(station)s)
    ORDER BY mounting.id, channel.id
"""
# A column comes as the bytes of its numbers one after the other: half the time of an array that the driver reads.
_DAYS: LiteralString = """
    SELECT id, found.* FROM unnest(%(channels)s::int4[]) AS asked (id), LATERAL (
        SELECT string_agg(date_send(day), ''), string_agg(int4send(passes), ''), string_agg(int4send(shared), ''),
            string_agg(int4send(covered_s), ''), string_agg(int2send(flags), '')
        FROM (SELECT day, passes, shared, covered_s, flags FROM passes_day
            WHERE channel = id AND day >= %(start)s AND day < %(end)s ORDER BY day) AS in_order
        HAVING count(*) > 0) AS found
"""
_HOURS: LiteralString = """
    SELECT id, found.* FROM unnest(%(channels)s::int4[]) AS asked (id), LATERAL (
        SELECT string_agg(timestamptz_send(hour), ''), string_agg(int4send(passes), ''),
            string_agg(int4send(shared), ''), string_agg(int4send(covered_s::int4), ''),
            string_agg(int2send(flags), '')
        FROM (SELECT hour, passes, shared, covered_s, flags FROM passes_hour
            WHERE channel = id AND hour >= %(start)s AND hour < %(end)s ORDER BY hour) AS in_order
        HAVING count(*) > 0) AS found
"""
_FIRST: LiteralString = """
    SELECT
        (SELECT min((SELECT min(day) FROM passes_day WHERE passes_day.channel = channel.id))
            FROM counter_channel AS channel JOIN counter_mounting AS mounting ON mounting.id = channel.mounting
            WHERE mounting.trail = ANY (%(trails)s)),
        (SELECT min((SELECT min(hour) FROM scan_hour WHERE scan_hour.station = code)) FROM station
            WHERE trail = ANY (%(trails)s))
"""
