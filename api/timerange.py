"""From when to when a series is answered: defaults, bounds, and whole hours and days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from api.dependencies import Bucketing
from geodata.errors import InvalidInput

_INSTANT = timedelta(microseconds=1)
_DEFAULT = {
    Bucketing.RAW: timedelta(hours=24),
    Bucketing.HOUR: timedelta(days=7),
    Bucketing.DAY: timedelta(days=365),
}
LONGEST = {
    Bucketing.RAW: timedelta(days=31),
    Bucketing.HOUR: timedelta(days=2 * 366),
    Bucketing.DAY: timedelta(days=20 * 366),
}
"""The longest interval that one question may cover."""


@dataclass(frozen=True, slots=True)
class TimeRange:
    """``start`` ≤ time < ``end``, UTC."""

    start: datetime
    end: datetime


def time_range(
    start: datetime | None, end: datetime | None, bucket: Bucketing, timezone: str, now: datetime
) -> TimeRange:
    """The interval asked for, widened to whole buckets; raises InvalidInput when it is empty or too long."""
    end = end or now
    start = start or end - _DEFAULT[bucket]
    if start >= end:
        raise InvalidInput("from", start.isoformat(), f"a time before 'to', which is {end.isoformat()}")
    if end - start > LONGEST[bucket]:
        raise InvalidInput(
            "from",
            start.isoformat(),
            f"at most {LONGEST[bucket].days} days before 'to' with bucket={bucket.value}",
            "Ask for a coarser bucket or in several parts.",
        )
    if bucket is Bucketing.RAW:
        return TimeRange(start, end)
    zone = ZoneInfo(timezone)
    if bucket is Bucketing.HOUR:
        return TimeRange(_hour(start), _hour(end - _INSTANT) + timedelta(hours=1))
    return TimeRange(
        _midnight(_date(start, zone), zone), _midnight(_date(end - _INSTANT, zone) + timedelta(days=1), zone)
    )


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _date(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
