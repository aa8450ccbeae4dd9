"""Kinds of days on which other shares of those who pass scan: free days and working days, dry ones and wet ones."""

from __future__ import annotations

from datetime import date

from geodata.statistics.calendars.public_holidays import is_public_holiday
from geodata.statistics.comparison.day import WET_MM

_SATURDAY = 6


def day_kind(day: date, land: str, rain_mm: float | None) -> str:
    """The kind of ``day`` in a Land (its letters, such as NW), such as "free-wet"; "free" where no rain was measured.

    Public holidays are free days as weekends are.
    """
    habit = "free" if day.isoweekday() >= _SATURDAY or is_public_holiday(land, day) else "work"
    if rain_mm is None:
        return habit
    return f"{habit}-wet" if rain_mm > WET_MM else f"{habit}-dry"
