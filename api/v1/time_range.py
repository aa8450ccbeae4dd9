"""From when to when a series is answered: defaults, bounds, and whole hours and days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from api.v1.parameters import Bucketing
from geodata.errors import InvalidInput
from geodata.times import full_hour

_INSTANT = timedelta(microseconds=1)
_DEFAULT = {
    Bucketing.RAW: timedelta(hours=24),
    Bucketing.HOUR: timedelta(days=7),
    Bucketing.DAY: timedelta(days=365),
}
LONGEST = {
    Bucketing.RAW: timedelta(days=31, hours=1),  # a month in which clocks are set back
    Bucketing.HOUR: timedelta(days=2 * 366),
    Bucketing.DAY: timedelta(days=20 * 366),
}
"""The longest interval that one question may cover."""


@dataclass(frozen=True, slots=True)
class TimeRange:
    """``start`` ≤ time < ``end``, UTC."""

    start: datetime
    end: datetime

    def days(self, timezone: str) -> tuple[date, date]:
        """The first and the last day of which it has a part, as the calendar in ``timezone`` counts them."""
        zone = ZoneInfo(timezone)
        return _date(self.start, zone), _date(self.end - _INSTANT, zone)


class LocalDates:
    """The days of the calendar in which moments lie; quick where many moments in order share a day."""

    def __init__(self, timezone: str) -> None:
        self._zone = ZoneInfo(timezone)
        self._day = date.min
        self._begin = self._end = datetime.min.replace(tzinfo=UTC)

    def of(self, moment: datetime) -> date:
        """The day of an aware ``moment``."""
        if not self._begin <= moment < self._end:
            self._day = _date(moment, self._zone)
            self._begin = _midnight(self._day, self._zone)
            self._end = _midnight(self._day + timedelta(days=1), self._zone)
        return self._day


def time_range(first: date | None, last: date | None, bucket: Bucketing, timezone: str, now: datetime) -> TimeRange:
    """The interval asked for, widened to whole buckets; raises InvalidInput when it is empty or too long.

    ``first`` and ``last`` are aware times, the last not included, or days in ``timezone``, the last included.
    """
    zone = ZoneInfo(timezone)
    end = now if last is None else _end(last, zone)
    start = end - _DEFAULT[bucket] if first is None else _begin(first, zone)
    if start >= end:
        raise InvalidInput(
            "from", (first or start).isoformat(), f"a time before 'to', which is {(last or end).isoformat()}"
        )
    if end - start > LONGEST[bucket]:
        raise InvalidInput(
            "from",
            (first or start).isoformat(),
            f"at most {LONGEST[bucket].days} days before 'to' with bucket={bucket.value}",
            "Ask for a coarser bucket or in several parts.",
        )
    if bucket is Bucketing.RAW:
        return TimeRange(start, end)
    if bucket is Bucketing.HOUR:
        return TimeRange(full_hour(start), full_hour(end - _INSTANT) + timedelta(hours=1))
    return TimeRange(
        _midnight(_date(start, zone), zone), _midnight(_date(end - _INSTANT, zone) + timedelta(days=1), zone)
    )


def _begin(first: date, zone: ZoneInfo) -> datetime:
    return first if isinstance(first, datetime) else _midnight(first, zone)


def _end(last: date, zone: ZoneInfo) -> datetime:
    return last if isinstance(last, datetime) else _midnight(last + timedelta(days=1), zone)


def _date(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
