"""How a place was used in a span of days: passes and scans in one view, the weather beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo

import numpy as np
from numpy.typing import NDArray

from geodata.model.municipality import Municipality
from geodata.statistics.usage import sums
from geodata.statistics.usage.buckets import UsageBucket, firsts, local, slots
from geodata.statistics.usage.ranges import DaySpan
from geodata.statistics.usage.sums import ChannelColumns, PassesPoint
from geodata.statistics.usage.week_hours import WeekHour, week_hours, week_hours_of_scans
from geodata.store.transaction import Transaction
from geodata.store.usage import counters, scans
from geodata.store.usage.scans import StationScans

_ALL = np.zeros(1, dtype=np.int64)
"""The first slot of the one point that is all of them."""
WEEK_HOURS_DAYS = 366
"""Of so many days at the end of a span the hours of the week are made: more of them change the mean no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedPlace:
    """Some ``trails`` of a ``town``, or one ``station`` alone; ``stations`` are the codes whose scans count."""

    town: Municipality
    trails: Sequence[str]
    station: str | None
    stations: Sequence[str]
    zone: tzinfo


@dataclass(frozen=True, slots=True, kw_only=True)
class UsagePoint:
    """A stretch from ``start`` to before ``end`` (times there): ``passes``, and ``scans``, None where none counted.

    ``scans_share``: the share of the time in which scans were counted, 0 to 1.
    """

    start: datetime
    end: datetime
    passes: PassesPoint
    scans: int | None
    scans_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StationUse:
    """What a station had in the whole span; ``code`` None: counters beside the stations."""

    code: str | None
    passes: PassesPoint
    scans: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """A place in a ``span``: points in order, their ``total``, and each station's."""

    span: DaySpan
    bucket: UsageBucket
    points: Sequence[UsagePoint]
    total: UsagePoint
    stations: Sequence[StationUse]


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageColumns:
    """What was read of a place for the slots between ``edges``, full hours or days of ``span``, before it is summed.

    ``known``: in how many minutes of each slot scans were counted.
    """

    span: DaySpan
    edges: NDArray[np.int64]
    channels: Sequence[ChannelColumns]
    scanned: Sequence[StationScans]
    known: NDArray[np.int64]


def read(connection: Transaction, place: UsedPlace, span: DaySpan, bucket: UsageBucket) -> Usage:
    """The usage of ``place``, of hours only where the span is short enough: see geodata.statistics.usage.buckets."""
    return sum_up(place, gather(connection, place, span, bucket), span, bucket)


def gather(connection: Transaction, place: UsedPlace, span: DaySpan, bucket: UsageBucket) -> UsageColumns:
    """What sum_up() needs for ``bucket``, or for any of days on where that is none of hours: four queries."""
    is_hours = bucket is UsageBucket.HOUR
    hung = counters.hung(connection, place.trails, place.station, place.zone)
    return UsageColumns(
        span=span,
        edges=slots(bucket, span, place.zone),
        channels=(counters.hours if is_hours else counters.days)(connection, hung, span, place.zone),
        scanned=(scans.by_hour if is_hours else scans.by_day)(connection, place.stations, span, place.zone),
        known=(scans.minutes_by_hour if is_hours else scans.minutes_by_day)(connection, span, place.zone),
    )


def sum_up(place: UsedPlace, found: UsageColumns, span: DaySpan, bucket: UsageBucket) -> Usage:
    """The points of ``span``, which lies within what was gathered; of hours it is all of that."""
    found = _within(found, span)
    starts = firsts(bucket, span, found.edges)
    whole = sums.by_slot(found.channels, found.edges)
    ends = np.append(found.edges[starts[1:]], found.edges[-1])
    times = [_there(found.edges[starts], place.zone), _there(ends, place.zone)]
    points = [
        UsagePoint(start=start, end=end, passes=passes, scans=count, scans_share=share)
        for start, end, passes, (count, share) in zip(
            *times, sums.points(whole, starts), _scans(found, found.scanned, starts), strict=True
        )
    ]
    ((in_all, share),) = _scans(found, found.scanned, _ALL)
    total = UsagePoint(
        start=points[0].start, end=points[-1].end, passes=sums.total(whole), scans=in_all, scans_share=share
    )
    return Usage(span=span, bucket=bucket, points=points, total=total, stations=_stations(place, found))


def at_station(place: UsedPlace, code: str) -> UsedPlace:
    """One of the stations of ``place`` alone."""
    return replace(place, station=code, stations=[code])


def hours_of_week(connection: Transaction, place: UsedPlace, span: DaySpan) -> list[list[WeekHour]]:
    """The mean passes of each hour of the week; scans where nothing hung that counts passes."""
    span = DaySpan(max(span.first, span.last - timedelta(days=WEEK_HOURS_DAYS - 1)), span.last)
    edges = slots(UsageBucket.HOUR, span, place.zone)
    clock_s = local(edges[:-1], span, place.zone)
    hung = counters.hung(connection, place.trails, place.station, place.zone)
    if hung:
        return week_hours(sums.by_slot(counters.hours(connection, hung, span, place.zone), edges), clock_s)
    found = scans.by_hour(connection, place.stations, span, place.zone)
    known = scans.minutes_by_hour(connection, span, place.zone) >= 45
    return week_hours_of_scans(_by_slot(found, len(edges) - 1), known, clock_s)


def first_day(connection: Transaction, place: UsedPlace) -> date | None:
    """The first day of which anything is known."""
    return counters.first_day(connection, place.trails, place.zone)


def _within(found: UsageColumns, span: DaySpan) -> UsageColumns:
    """The days of ``span`` alone."""
    if span == found.span:
        return found
    skipped = (span.first - found.span.first).days
    end = skipped + span.days
    scanned: list[StationScans] = []
    for each in found.scanned:
        there = (each.slot >= skipped) & (each.slot < end)
        scanned.append(replace(each, slot=each.slot[there] - skipped, count=each.count[there]))
    return replace(
        found, span=span, edges=found.edges[skipped : end + 1], scanned=scanned, known=found.known[skipped:end]
    )


def _by_slot(scanned: Sequence[StationScans], count: int) -> NDArray[np.int64]:
    found = np.zeros(count, dtype=np.int64)
    for each in scanned:
        np.add.at(found, each.slot, each.count)
    return found


def _scans(
    found: UsageColumns, scanned: Sequence[StationScans], starts: NDArray[np.int64]
) -> list[tuple[int | None, float]]:
    """Of each point, with the share of its time; None where nobody counted, or there was no station to scan."""
    made = min((each.made_s or 0 for each in scanned), default=None)
    if made is None:
        return [(None, 0.0)] * len(starts)
    counted = np.add.reduceat(_by_slot(scanned, len(found.known)), starts)
    there = np.add.reduceat(np.where(found.edges[1:] > made, found.known, 0), starts)
    shares = np.minimum(there / (np.add.reduceat(np.diff(found.edges), starts) / 60), 1.0)
    return [
        (count if count or minutes else None, share)
        for count, minutes, share in zip(counted.tolist(), there.tolist(), shares.tolist(), strict=True)
    ]


def _stations(place: UsedPlace, found: UsageColumns) -> list[StationUse]:
    by_code = {each.station: each for each in found.scanned}
    codes: list[str | None] = list(place.stations)
    if any(channel.station not in place.stations for channel in found.channels):
        codes.append(None)
    return [
        StationUse(
            code=code,
            passes=sums.total(
                sums.by_slot([each for each in found.channels if _is_at(each, code, place)], found.edges)
            ),
            scans=_scans(found, [by_code[code]], _ALL)[0][0] if code in by_code else None,
        )
        for code in codes
    ]


def _is_at(channel: ChannelColumns, code: str | None, place: UsedPlace) -> bool:
    return channel.station == code if code is not None else channel.station not in place.stations


def _there(moments: NDArray[np.int64], zone: tzinfo) -> list[datetime]:
    return [datetime.fromtimestamp(each, UTC).astimezone(zone) for each in moments.tolist()]
