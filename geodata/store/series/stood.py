"""Time series of a place: of a device that was moved only what it measured while it stood there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from geodata.model.observation import Bucket, Observation
from geodata.store.series import series
from geodata.store.transaction import Transaction
from geodata.times import full_hour

Span = tuple[datetime | None, datetime | None]
"""From a time on, up to but not at another; None: without end."""
_At = Callable[[datetime], datetime]
Wanted = Mapping[int, Sequence[Span]]
"""Datastreams with the spans in which they belong to the place."""

_HOUR = timedelta(hours=1)


def raw(connection: Transaction, wanted: Wanted, start: datetime, end: datetime, limit: int) -> list[Observation]:
    """Single observations from ``start`` to before ``end``, at most ``limit``, by time: as series.raw() gives them."""
    parts = list(_parts(wanted, start, end, _exact))
    observations = [
        observation
        for streams, since, until in parts
        for observation in series.raw(connection, streams, since, until, limit)
    ]
    if len(parts) > 1:
        observations.sort(key=lambda observation: (observation.phenomenon_time, observation.datastream_id))
    return observations[:limit]


def hours(connection: Transaction, wanted: Wanted, start: datetime, end: datetime) -> dict[int, list[Bucket]]:
    """Hourly values by datastream, as series.hours() gives them.

    The hour in which a device was moved belongs to the place where it stood until then.
    """
    return _joined(
        [
            series.hours(connection, streams, since, until)
            for streams, since, until in _parts(wanted, start, end, _whole)
        ]
    )


def days(
    connection: Transaction, wanted: Wanted, start: datetime, end: datetime, timezone: str
) -> dict[int, list[Bucket]]:
    """Daily values by datastream, as series.days() gives them, of the hours that hours() gives.

    The day of a move has a part at either place.
    """
    joined = _joined(
        [
            series.days(connection, streams, since, until, timezone)
            for streams, since, until in _parts(wanted, start, end, _whole)
        ]
    )
    returned = [stream for stream, spans in wanted.items() if len(spans) > 1 and stream in joined]
    return joined | {stream: _one_a_day(joined[stream]) for stream in returned}


def _parts(wanted: Wanted, start: datetime, end: datetime, at: _At) -> Iterator[tuple[list[int], datetime, datetime]]:
    """Datastreams that share a span, with as much of it as lies between ``start`` and ``end``."""
    sharing: defaultdict[Span, list[int]] = defaultdict(list)
    for stream, spans in wanted.items():
        for span in spans:
            sharing[span].append(stream)
    for (since, until), streams in sharing.items():
        first = start if since is None else max(start, at(since))
        last = end if until is None else min(end, at(until))
        if first < last:
            yield streams, first, last


def _exact(moment: datetime) -> datetime:
    return moment


def _whole(moment: datetime) -> datetime:
    """The end of the hour in which ``moment`` lies; itself where that is a full hour."""
    full = full_hour(moment)
    return full if full == moment else full + _HOUR


def _one_a_day(buckets: Sequence[Bucket]) -> list[Bucket]:
    """The buckets with one for each day: a device that came back to a place within a day has two parts of it."""
    by_day: list[Bucket] = []
    for bucket in buckets:
        if by_day and by_day[-1].start == bucket.start:
            by_day[-1] = _together(by_day[-1], bucket)
        else:
            by_day.append(bucket)
    return by_day


def _together(first: Bucket, second: Bucket) -> Bucket:
    """Two buckets of a series as one; ``second`` is the later one."""
    missing, suspect = first.missing + second.missing, first.suspect + second.suspect
    both = [(bucket, bucket.mean * bucket.count) for bucket in (first, second) if bucket.mean is not None]
    if len(both) < 2:
        return replace(both[0][0] if both else first, missing=missing, suspect=suspect)
    count = first.count + second.count
    return Bucket(
        start=first.start,
        count=count,
        mean=sum(total for _, total in both) / count,
        minimum=min(bucket.minimum for bucket, _ in both if bucket.minimum is not None),
        maximum=max(bucket.maximum for bucket, _ in both if bucket.maximum is not None),
        first=first.first,
        last=second.last,
        suspect=suspect,
        missing=missing,
    )


def _joined(parts: Sequence[Mapping[int, list[Bucket]]]) -> dict[int, list[Bucket]]:
    """The buckets of all parts, in order of time."""
    joined: dict[int, list[Bucket]] = {}
    for part in parts:
        for stream, buckets in part.items():
            joined.setdefault(stream, []).extend(buckets)
    return joined
