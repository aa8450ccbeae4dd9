"""How many passed a counter in a time: from its running totals, which survive lost messages, and with its coverage."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from geodata.model.observation import Bucket
from geodata.statistics.suppression import published

DAYS = 7
_HOUR = timedelta(hours=1)
_WRAPS = (2**16, 2**32)
_NEAR_WRAP = 0.05  # so near its end a counter is believed to have begun anew, further away it was reset


@dataclass(frozen=True, slots=True)
class Footfall:
    """Passes of a counter from ``start`` to before ``end``.

    ``passes`` is None where it is suppressed or where nothing was counted; ``coverage`` is the share of the hours in
    which the counter reported, 0 to 1: at 0 nothing is known.
    """

    start: datetime
    end: datetime
    passes: int | None
    coverage: float


def last_days(now: datetime, timezone: tzinfo, days: int = DAYS) -> tuple[datetime, datetime]:
    """The last full ``days`` in a town's time zone, up to the midnight before ``now``."""
    local = now.astimezone(timezone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    first = (midnight - timedelta(days=days)).replace(tzinfo=timezone)
    return first, midnight


def of(series: Mapping[int, Sequence[Bucket]], start: datetime, end: datetime) -> Footfall:
    """The passes of one counter, whose ``series`` (in, out) are hourly buckets of running totals by datastream.

    A bucket of the hour before ``start`` may be among them: what passed since then counts from its last value.
    """
    hours = max(round((end.timestamp() - start.timestamp()) / 3600), 1)
    reported = {
        bucket.start
        for buckets in series.values()
        for bucket in buckets
        if bucket.count and start <= bucket.start < end
    }
    if not reported:
        return Footfall(start, end, None, 0.0)
    total = round(sum(_passes(buckets, start, end) for buckets in series.values()))
    return Footfall(start, end, published(total), min(len(reported) / hours, 1.0))


def _passes(buckets: Sequence[Bucket], start: datetime, end: datetime) -> float:
    total, before = 0.0, None
    for bucket in sorted(buckets, key=lambda each: each.start):
        if bucket.first is None or bucket.last is None or bucket.start >= end:
            continue
        if bucket.start >= start:
            total += sum(_steps([value for value in (before, bucket.first, bucket.last) if value is not None]))
        before = bucket.last
    return total


def _steps(totals: Sequence[float]) -> Iterable[float]:
    """What was counted between the values of a running total; after a reset what it counted since."""
    for before, after in itertools.pairwise(totals):
        if after >= before:
            yield after - before
            continue
        wrap = next((wrap for wrap in _WRAPS if (1 - _NEAR_WRAP) * wrap <= before < wrap), None)
        yield after + wrap - before if wrap and after < _NEAR_WRAP * wrap else after
