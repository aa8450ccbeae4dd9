"""Which stretches of which channels are to be counted anew when hours of datastreams changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import LiteralString
from zoneinfo import ZoneInfo

from psycopg.rows import TupleRow

from geodata.statistics.counting.traits import CounterTraits
from geodata.store.transaction import Transaction
from geodata.times import HOUR_US, hour_of, to_us

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountingChannel:
    """A channel with all that decides how it is counted."""

    id: int
    total: int | None
    increment: int | None
    traits: CounterTraits
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class ChannelStretch:
    """Hours of a channel that are counted anew: ``first`` to ``last``, both within, counted since 1970."""

    channel: CountingChannel
    first: int
    last: int

    def begins(self, at_us: int) -> bool:
        """Whether what begins at this time (microseconds since 1970) begins in these hours."""
        return self.first <= at_us // HOUR_US <= self.last


def stretches(connection: Transaction, changed: Sequence[tuple[int, datetime]]) -> list[ChannelStretch]:
    """The stretches that hang on the changed (datastream, hour) pairs, each channel's apart from each other.

    What passed since the report before, and until the next, hangs on an hour too, however far away these are.
    """
    runs = _runs(changed)
    columns = {"datastreams": [run[0] for run in runs], "firsts": [run[1] for run in runs]}
    return _joined(connection.execute(_TOUCHED, columns | {"lasts": [run[2] for run in runs]}).fetchall())


def stretches_between(
    connection: Transaction, devices: Sequence[str], start: datetime | None, end: datetime | None
) -> list[ChannelStretch]:
    """As stretches() for all hours of these devices that begin from ``start`` to before ``end``; None: without end."""
    return _joined(connection.execute(_BETWEEN, {"devices": list(devices), "start": start, "end": end}).fetchall())


def _runs(changed: Sequence[tuple[int, datetime]]) -> list[tuple[int, datetime, datetime]]:
    """Hours that follow each other, as the first and the last of them: years of a counter are one or a few."""
    runs: list[tuple[int, datetime, datetime]] = []
    for datastream, hour in sorted(changed):
        if runs and runs[-1][0] == datastream and hour - runs[-1][2] <= _HOUR:
            runs[-1] = (datastream, runs[-1][1], hour)
        else:
            runs.append((datastream, hour, hour))
    return runs


_COLUMNS: LiteralString = """
    channel.id, channel.total, channel.increment, channel.width, channel.capacity, mounting.starts_at, mounting.ends_at,
    municipality.timezone, device.interval_s, said.since, said.interval_s
"""
_CHANNEL: LiteralString = """
    JOIN counter_mounting AS mounting ON mounting.id = channel.mounting
    JOIN device ON device.id = mounting.device
    JOIN trail ON trail.slug = mounting.trail JOIN municipality ON municipality.slug = trail.municipality,
    LATERAL (SELECT array_agg(since ORDER BY since) AS since, array_agg(interval_s ORDER BY since) AS interval_s
        FROM device_interval WHERE device_interval.device = device.id) AS said,
    LATERAL (SELECT coalesce(date_trunc('hour', starts_at, 'UTC'), '-infinity') AS first_hour,
        coalesce(ends_at, 'infinity') AS ends) AS hung
"""
_HEARD: LiteralString = """
    SELECT hour FROM rollup_hour WHERE datastream = channel.total AND count > 0 AND hour >= hung.first_hour
"""
_WITH_REPORTS_AROUND: LiteralString = f"""
    {_COLUMNS},
    coalesce((SELECT max(hour) FROM ({_HEARD} AND hour < span.first ORDER BY hour DESC LIMIT 1) AS b), span.first),
    coalesce((SELECT max(hour) FROM ({_HEARD} AND hour > span.last AND hour < hung.ends ORDER BY hour LIMIT 1) AS a),
        span.last)
"""  # noqa: S608 - constants
_TOUCHED: LiteralString = f"""
    WITH changed AS (
        SELECT * FROM unnest(%(datastreams)s::int4[], %(firsts)s::timestamptz[], %(lasts)s::timestamptz[])
            AS input (datastream, first, last)
    ), touched AS (
        SELECT id, first, last FROM changed JOIN counter_channel ON total = datastream
        UNION SELECT id, first, last FROM changed JOIN counter_channel ON increment = datastream
    )
    SELECT {_WITH_REPORTS_AROUND}
    FROM touched JOIN counter_channel AS channel USING (id) {_CHANNEL}, LATERAL (
        SELECT greatest(touched.first, hung.first_hour) AS first,
            least(touched.last, date_trunc('hour', hung.ends - interval '1 microsecond', 'UTC')) AS last) AS span
    WHERE span.first <= span.last
    ORDER BY channel.id, span.first
"""  # noqa: S608 - constants
_BETWEEN: LiteralString = f"""
    SELECT {_WITH_REPORTS_AROUND}
    FROM counter_channel AS channel {_CHANNEL}, LATERAL (
        SELECT min(hour) AS first, max(hour) AS last FROM rollup_hour
        WHERE datastream IN (channel.total, channel.increment) AND hour >= hung.first_hour AND hour < hung.ends
            AND hour >= coalesce(%(start)s, '-infinity'::timestamptz)
            AND hour < coalesce(%(end)s, 'infinity'::timestamptz)) AS span
    WHERE mounting.device = ANY (%(devices)s) AND span.first <= span.last
    ORDER BY channel.id
"""  # noqa: S608 - constants


def _joined(rows: Iterable[TupleRow]) -> list[ChannelStretch]:
    """Those of one channel that overlap, or follow each other at once, in one."""
    joined: list[ChannelStretch] = []
    for row in rows:
        first, last = hour_of(row[11]), hour_of(row[12])
        before = joined[-1] if joined and joined[-1].channel.id == row[0] else None
        if before is None:
            joined.append(ChannelStretch(_channel(row), first, last))
        elif first <= before.last + 1:
            joined[-1] = ChannelStretch(before.channel, min(before.first, first), max(before.last, last))
        else:
            joined.append(ChannelStretch(before.channel, first, last))
    return joined


def _channel(row: TupleRow) -> CountingChannel:
    intervals = _intervals(*row[8:11])
    return CountingChannel(
        id=row[0],
        total=row[1],
        increment=row[2],
        traits=CounterTraits(
            interval_us=intervals[0][1],
            changed=tuple(intervals[1:]),
            width=row[3],
            capacity=row[4],
            starts_us=None if row[5] is None else to_us(row[5]),
            ends_us=None if row[6] is None else to_us(row[6]),
        ),
        zone=ZoneInfo(row[7]),
    )


def _intervals(usual_s: int, since: list[datetime] | None, said_s: list[int] | None) -> list[tuple[int, int]]:
    """Since when the device reports how often, in microseconds; ``usual_s`` where it never said so."""
    if not since or not said_s:
        return [(0, usual_s * 1_000_000)]
    return [(to_us(at), interval_s * 1_000_000) for at, interval_s in zip(since, said_s, strict=True)]
