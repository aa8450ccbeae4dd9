"""The kind of each day in a Land, as comparisons need it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from geodata.statistics.calendars.public_holidays import is_bridge_day, is_public_holiday
from geodata.statistics.calendars.school_holidays import is_school_holiday
from geodata.statistics.comparison.day import DayKind


def day_kinds(days: Iterable[date], land: str) -> dict[date, DayKind]:
    """The kind of each of ``days`` in ``land`` (its letters, such as NW)."""
    return {
        day: DayKind(
            public_holiday=is_public_holiday(land, day),
            bridge_day=is_bridge_day(land, day),
            school_holidays=is_school_holiday(land, day),
        )
        for day in set(days)
    }
