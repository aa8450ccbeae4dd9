"""Times as microseconds since 1970 UTC and as aware datetimes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""Tells the time, aware and in UTC."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

DAY_US = 86_400_000_000
AHEAD_US = 600_000_000
"""So far ahead of ours a time may be and still come from a clock that is right."""
_WEEK_US = 7 * DAY_US
HOUR_US = DAY_US // 24
_MINUTE_US = HOUR_US // 60


def utc_now() -> datetime:
    """The clock of the running system."""
    return datetime.now(UTC)


def to_datetime(us: int) -> datetime:
    """Microseconds since 1970 as an aware UTC time, exactly."""
    return _EPOCH + timedelta(microseconds=us)


def to_us(moment: datetime) -> int:
    """An aware time as microseconds since 1970, exactly."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def full_hour(moment: datetime) -> datetime:
    """The beginning of the hour in which ``moment`` is."""
    return moment.replace(minute=0, second=0, microsecond=0)


def hour_of(moment: datetime) -> int:
    """The hour in which ``moment`` is, counted since 1970: what is kept for it is of no other."""
    return to_us(moment) // HOUR_US


def hour_begin(hour: int) -> datetime:
    """When the hour with this number since 1970 begins: the other way round than hour_of()."""
    return to_datetime(hour * HOUR_US)


def minute_of(moment: datetime) -> int:
    """The minute in which ``moment`` is, counted since 1970."""
    return to_us(moment) // _MINUTE_US


def rfc3339(moment: datetime) -> str:
    """An aware time in UTC, such as ``2026-11-23T08:00:00Z`` (RFC 3339)."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def by_week(times_us: Iterable[int]) -> list[tuple[datetime, datetime, list[int]]]:
    """The weeks that occur, as begin and end, with the indexes of their times; rising.

    A week begins on Thursday 0:00 UTC as 1970 did, and as TimescaleDB's chunks of seven days do: it lies in one chunk,
    or in at most two of the monthly partitions. A statement with these bounds as parameters reads no others.
    """
    members: dict[int, list[int]] = {}
    for i, us in enumerate(times_us):
        members.setdefault(us // _WEEK_US, []).append(i)
    return [
        (to_datetime(week * _WEEK_US), to_datetime((week + 1) * _WEEK_US), members[week]) for week in sorted(members)
    ]
