"""All channels that ever hung on a trail with their counted days; also those that have none, which are silent."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, tzinfo
from typing import LiteralString

from geodata.model.counting.counter import CountedDay, CountFlag
from geodata.statistics.counting.periods import midnight
from geodata.statistics.counting.trail_sums import ChannelAtTrail
from geodata.store.transaction import Transaction


def load(connection: Transaction, trail: str, start: date, end: date, zone: tzinfo) -> list[ChannelAtTrail]:
    """The channels of ``trail``, with their days from ``start`` to before ``end``; ``zone`` is the municipality's.

    A mounting period without a beginning begins with the first day that was ever counted in it, or when its device was
    registered.
    """
    days: defaultdict[int, dict[date, CountedDay]] = defaultdict(dict)
    for channel, day, passes, shared, covered_s, covered_hours, valid, flags in connection.execute(
        _DAYS, {"trail": trail, "start": start, "end": end}
    ):
        days[channel][day] = CountedDay(
            day=day, passes=passes, shared=shared, covered_s=covered_s, covered_hours=covered_hours, valid=valid,
            flags=CountFlag(flags),
        )  # fmt: skip
    return [
        ChannelAtTrail(
            channel=channel, mounting=mounting, ends_at=ends_at, days=days[channel],
            starts_at=starts_at or (registered_at if first_day is None else midnight(first_day, zone)),
        )
        for channel, mounting, starts_at, ends_at, first_day, registered_at in connection.execute(
            _CHANNELS, {"trail": trail}
        )
    ]  # fmt: skip


_CHANNELS: LiteralString = """
    SELECT channel.id, mounting.id, starts_at, ends_at,
        (SELECT min(day) FROM passes_day WHERE passes_day.channel = channel.id), device.registered_at
    FROM counter_mounting AS mounting JOIN counter_channel AS channel ON channel.mounting = mounting.id
    JOIN device ON device.id = mounting.device
    WHERE mounting.trail = %(trail)s ORDER BY mounting.id, channel.id
"""
_DAYS: LiteralString = """
    SELECT passes_day.channel, day, passes, shared, covered_s, covered_hours, valid, flags
    FROM passes_day JOIN counter_channel AS channel ON channel.id = passes_day.channel
    JOIN counter_mounting AS mounting ON mounting.id = channel.mounting
    WHERE mounting.trail = %(trail)s AND day >= %(start)s AND day < %(end)s
"""
