"""Passes read for figures: days and hours of channels as columns, and the profile of a week, many stations at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import LiteralString

import numpy as np
from numpy.typing import NDArray
from psycopg.rows import TupleRow

from geodata.model.counting.counter import Direction
from geodata.statistics.counting.periods import offsets
from geodata.store.transaction import Transaction

_THURSDAY = 72
"""Hours of the week before 1970 began."""
_DAY_0 = np.datetime64("2000-01-01")
"""From which PostgreSQL counts days and microseconds."""


@dataclass(frozen=True, slots=True)
class HungChannel:
    """A channel that counts at a station from ``starts_at`` (None: always) to before ``ends_at`` (None: still)."""

    station: str
    channel: int
    mounting: int
    starts_at: datetime | None
    ends_at: datetime | None
    direction: Direction


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelDays:
    """Counted days of one channel, columns of equal length in order of time; days that are not there are gaps."""

    of: HungChannel
    days: NDArray[np.datetime64]
    passes: NDArray[np.int32]
    shared: NDArray[np.int32]
    covered_s: NDArray[np.int32]
    valid: NDArray[np.bool_]
    flags: NDArray[np.int16]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelHours:
    """Counted hours of one channel, as ChannelDays has its days; ``hours`` are of UTC."""

    of: HungChannel
    hours: NDArray[np.datetime64]
    passes: NDArray[np.int32]
    shared: NDArray[np.int32]
    covered_s: NDArray[np.int16]
    flags: NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class ProfileHour:
    """An hour of the week there (``weekday`` 1: Monday, ``hour`` 0 to 23): passes in so many covered channel-hours."""

    weekday: int
    hour: int
    passes: int
    channel_hours: int


def days(connection: Transaction, stations: Sequence[str], start: date, end: date) -> list[ChannelDays]:
    """The days from ``start`` to before ``end`` of all channels that ever hung at these stations then."""
    rows = connection.execute(_DAYS, {"stations": list(stations), "start": start, "end": end}, binary=True)
    return [
        ChannelDays(
            of=_channel(row),
            days=_DAY_0 + np.frombuffer(row[6], ">i4").astype("timedelta64[D]"),
            passes=np.frombuffer(row[7], ">i4").astype(np.int32),
            shared=np.frombuffer(row[8], ">i4").astype(np.int32),
            covered_s=np.frombuffer(row[9], ">i4").astype(np.int32),
            valid=np.frombuffer(row[10], np.bool_),
            flags=np.frombuffer(row[11], ">i2").astype(np.int16),
        )
        for row in rows
    ]


def hours(connection: Transaction, stations: Sequence[str], start: datetime, end: datetime) -> list[ChannelHours]:
    """The hours that begin from ``start`` to before ``end`` of all channels that hung at these stations then."""
    rows = connection.execute(_HOURS, {"stations": list(stations), "start": start, "end": end}, binary=True)
    return [
        ChannelHours(
            of=_channel(row),
            hours=_DAY_0 + np.frombuffer(row[6], ">i8").astype("timedelta64[us]"),
            passes=np.frombuffer(row[7], ">i4").astype(np.int32),
            shared=np.frombuffer(row[8], ">i4").astype(np.int32),
            covered_s=np.frombuffer(row[9], ">i2").astype(np.int16),
            flags=np.frombuffer(row[10], ">i2").astype(np.int16),
        )
        for row in rows
    ]


def profile(connection: Transaction, station: str, start: datetime, end: datetime, zone: tzinfo) -> list[ProfileHour]:
    """What passed a station by hour of the week in ``zone``: of hours known for three quarters, in order.

    Hours that a silence touches are left out. Only counted passes, no shared ones.
    """
    spans = offsets(start, end, zone)
    columns = {
        "station": station,
        "begins": [begins for begins, _, _ in spans],
        "ends": [ends for _, ends, _ in spans],
        "shifts": [_THURSDAY + offset_h for _, _, offset_h in spans],
    }
    rows = connection.execute(_PROFILE, columns, binary=True)
    return [ProfileHour(of_week // 24 + 1, of_week % 24, passes, hours) for of_week, passes, hours in rows]


def _channel(row: TupleRow) -> HungChannel:
    station, channel, mounting, starts_at, ends_at, direction = row[:6]
    return HungChannel(station, channel, mounting, starts_at, ends_at, Direction(direction))


# A column comes as the bytes of its numbers one after the other: half the time of an array that the driver reads.
_CHANNEL: LiteralString = """
    SELECT station, channel.id, mounting, starts_at, ends_at, direction, found.*
    FROM counter_mounting AS hung JOIN counter_channel AS channel ON channel.mounting = hung.id, LATERAL
"""
_DAYS: LiteralString = f"""
    {_CHANNEL} (
        SELECT string_agg(date_send(day), ''), string_agg(int4send(passes), ''), string_agg(int4send(shared), ''),
            string_agg(int4send(covered_s), ''), string_agg(boolsend(valid), ''), string_agg(int2send(flags), '')
        FROM (SELECT day, passes, shared, covered_s, valid, flags FROM passes_day
            WHERE passes_day.channel = channel.id AND day >= %(start)s AND day < %(end)s
            ORDER BY day) AS in_order
        HAVING count(*) > 0) AS found
    WHERE station = ANY (%(stations)s) ORDER BY station, starts_at NULLS FIRST, channel.id
"""  # noqa: S608 - constants
_HOURS: LiteralString = f"""
    {_CHANNEL} (
        SELECT string_agg(timestamptz_send(hour), ''), string_agg(int4send(passes), ''),
            string_agg(int4send(shared), ''), string_agg(int2send(covered_s), ''), string_agg(int2send(flags), '')
        FROM (SELECT * FROM passes_hour WHERE passes_hour.channel = channel.id AND hour >= %(start)s AND hour < %(end)s
            ORDER BY hour) AS in_order
        HAVING count(*) > 0) AS found
    WHERE station = ANY (%(stations)s) ORDER BY station, starts_at NULLS FIRST, channel.id
"""  # noqa: S608 - constants
_PROFILE: LiteralString = """
    SELECT of_week, sum(passes)::int8, sum(hours)::int8
    FROM counter_mounting AS hung JOIN counter_channel AS channel ON channel.mounting = hung.id,
        unnest(%(begins)s::timestamptz[], %(ends)s::timestamptz[], %(shifts)s::int4[]) AS span (begins, ends, shift),
        LATERAL (  -- each from the index, within its bounds
            SELECT (date_part('epoch', hour)::int8 / 3600 + shift) %% 168 AS of_week, sum(passes) AS passes,
                count(*) AS hours
            FROM passes_hour
            WHERE passes_hour.channel = channel.id AND hour >= begins AND hour < ends
                AND covered_s >= 2700 AND flags & 1 = 0
            GROUP BY of_week) AS of_span
    WHERE station = %(station)s GROUP BY of_week ORDER BY of_week
"""
