"""Which stretches of which channels are to be counted anew when hours of datastreams changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from zoneinfo import ZoneInfo

from psycopg.rows import TupleRow

from geodata.statistics.counting.traits import CounterTraits
from geodata.store.transaction import Transaction
from geodata.times import HOUR_US, hour_of, to_us


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
    rows = connection.execute(
        _TOUCHED, [[datastream for datastream, _ in changed], [hour for _, hour in changed]]
    ).fetchall()
    return _joined(rows)


def stretches_between(
    connection: Transaction, devices: Sequence[str], start: datetime | None, end: datetime | None
) -> list[ChannelStretch]:
    """As stretches() for all hours of these devices that begin from ``start`` to before ``end``; None: without end."""
    rows = connection.execute(_BETWEEN, {"devices": list(devices), "start": start, "end": end}).fetchall()
    return _joined(rows)


_COLUMNS: LiteralString = """
    channel.id, channel.total, channel.increment, channel.width, channel.capacity, mounting.starts_at, mounting.ends_at,
    coalesce(said.interval_s, device.interval_s), municipality.timezone
"""
_CHANNEL: LiteralString = """
    JOIN counter_mounting AS mounting ON mounting.id = channel.mounting
    JOIN device ON device.id = mounting.device LEFT JOIN device_state AS said ON said.device = device.id
    JOIN trail ON trail.slug = mounting.trail JOIN municipality ON municipality.slug = trail.municipality,
    LATERAL (SELECT coalesce(date_trunc('hour', starts_at, 'UTC'), '-infinity') AS first_hour,
        coalesce(ends_at, 'infinity') AS ends) AS hung
"""
_HEARD: LiteralString = """
    SELECT hour FROM rollup_hour WHERE datastream = channel.total AND count > 0 AND hour >= hung.first_hour
"""
_TOUCHED: LiteralString = f"""
    WITH changed AS (SELECT * FROM unnest(%s::int4[], %s::timestamptz[]) AS input (datastream, hour)),
    touched AS (
        SELECT id, hour FROM changed JOIN counter_channel ON total = datastream
        UNION SELECT id, hour FROM changed JOIN counter_channel ON increment = datastream
    )
    SELECT {_COLUMNS},
        coalesce((SELECT max(hour) FROM ({_HEARD} AND hour < touched.hour ORDER BY hour DESC LIMIT 1)
            AS b), touched.hour),
        coalesce((SELECT max(hour) FROM ({_HEARD} AND hour > touched.hour AND hour < hung.ends ORDER BY hour LIMIT 1)
            AS a), touched.hour)
    FROM touched JOIN counter_channel AS channel USING (id) {_CHANNEL}
    WHERE touched.hour >= hung.first_hour AND touched.hour < hung.ends
    ORDER BY channel.id, touched.hour
"""  # noqa: S608 - constants
_BETWEEN: LiteralString = f"""
    SELECT {_COLUMNS},
        coalesce((SELECT max(hour) FROM ({_HEARD} AND hour < span.first ORDER BY hour DESC LIMIT 1)
            AS b), span.first),
        coalesce((SELECT max(hour) FROM ({_HEARD} AND hour > span.last AND hour < hung.ends ORDER BY hour LIMIT 1)
            AS a), span.last)
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
        first, last = hour_of(row[9]), hour_of(row[10])
        before = joined[-1] if joined and joined[-1].channel.id == row[0] else None
        if before is None:
            joined.append(ChannelStretch(_channel(row), first, last))
        elif first <= before.last + 1:
            joined[-1] = ChannelStretch(before.channel, min(before.first, first), max(before.last, last))
        else:
            joined.append(ChannelStretch(before.channel, first, last))
    return joined


def _channel(row: TupleRow) -> CountingChannel:
    return CountingChannel(
        id=row[0],
        total=row[1],
        increment=row[2],
        traits=CounterTraits(
            interval_us=row[7] * 1_000_000,
            width=row[3],
            capacity=row[4],
            starts_us=None if row[5] is None else to_us(row[5]),
            ends_us=None if row[6] is None else to_us(row[6]),
        ),
        zone=ZoneInfo(row[8]),
    )
