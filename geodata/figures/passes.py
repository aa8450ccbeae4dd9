"""Passes of hours and days kept up to date: what hangs on the hours that changed, and nothing else.

The result is that of counting everything anew, in whatever order, number and portions the hours changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from geodata.model.counting.counter import CountedDay
from geodata.statistics.counting import channel as counting
from geodata.statistics.counting.days import count_days, day_of
from geodata.statistics.counting.periods import midnight
from geodata.store.counting import passes, queue, reports, touched, unmounted
from geodata.store.counting.touched import ChannelStretch, CountingChannel
from geodata.store.database import Database
from geodata.store.transaction import Transaction, see_one_moment

PORTION = 2_000
"""Entries of the queue that one transaction takes at least: it lasts well below a second, and needs some megabytes."""

_Days = tuple[CountingChannel, date, date]


def mount_new(database: Database) -> list[str]:
    """Give the counters that hang nowhere yet mounting periods, and count them; return their devices.

    Raises StoreError.
    """
    with database.transaction() as connection:
        return mount(connection) if _alone(connection) else []


def mount(connection: Transaction) -> list[str]:
    """As mount_new(), in the transaction of a caller that holds the queue's lock."""
    devices = unmounted.mount(connection)
    for device in devices:
        count(connection, touched.stretches_between(connection, [device], None, None))
    return devices


def count_waiting(database: Database, portion: int = PORTION) -> int | None:
    """Count what hangs on the oldest entries of the queue; return how many hours those were.

    0: nothing waits. None: somebody else is at it. Raises StoreError; the entries wait on.
    """
    with database.transaction() as connection:
        return count_portion(connection, portion) if _alone(connection) else None


def count_portion(connection: Transaction, portion: int) -> int:
    """As count_waiting(), in the transaction of a caller that holds the queue's lock."""
    changed = queue.take(connection, portion)
    count(connection, touched.stretches(connection, changed))
    return len(changed)


def _alone(connection: Transaction) -> bool:
    """Whether this transaction may count. It sees one moment: an hour that changes meanwhile waits, and is not read."""
    see_one_moment(connection)
    return queue.try_lock(connection)


def count(connection: Transaction, stretches: Sequence[ChannelStretch]) -> None:
    """Count these stretches, and the days that they touch, from what is stored; the caller holds the queue's lock."""
    if not stretches:
        return
    counted = [
        (stretch, counting.count(totals, increments, stretch.channel.traits))
        for stretch, totals, increments in zip(
            stretches, reports.totals(connection, stretches), reports.increments(connection, stretches), strict=True
        )
    ]
    passes.write_hours(
        connection,
        stretches,
        (
            (stretch.channel.id, hour)
            for stretch, found in counted
            for hour in found.hours
            if stretch.first <= hour.hour <= stretch.last
        ),
    )
    passes.write_silences(
        connection,
        stretches,
        (
            (stretch.channel.id, silence)
            for stretch, found in counted
            for silence in found.silences
            if stretch.begins(silence.start_us)
        ),
    )
    _count_days(connection, _touched_days(stretches))


def _touched_days(stretches: Sequence[ChannelStretch]) -> list[_Days]:
    """The days of these stretches, each channel's apart from each other."""
    spans: list[_Days] = []
    for stretch in stretches:
        channel = stretch.channel
        first, last = day_of(stretch.first, channel.zone), day_of(stretch.last, channel.zone)
        if spans and spans[-1][0].id == channel.id and first <= spans[-1][2]:
            spans[-1] = (channel, spans[-1][1], last)
        else:
            spans.append((channel, first, last))
    return spans


def _count_days(connection: Transaction, spans: Sequence[_Days]) -> None:
    bounds: list[tuple[int, datetime, datetime]] = [
        (channel.id, midnight(first, channel.zone), midnight(last + timedelta(days=1), channel.zone))
        for channel, first, last in spans
    ]
    found = zip(spans, passes.hours_between(connection, bounds), passes.silences_over(connection, bounds), strict=True)
    counted: list[tuple[int, CountedDay]] = [
        (channel.id, day)
        for (channel, _, _), hours, silences in found
        for day in count_days(hours, silences, channel.zone)
    ]
    passes.write_days(connection, [(channel.id, first, last) for channel, first, last in spans], counted)
