"""What figures are of: what was counted, at how wide a place, for how long a time."""

from __future__ import annotations

from enum import StrEnum


class CountMeasure(StrEnum):
    """What is counted: those who passed a counter, both ways together, or page requests of a station."""

    PASSES = "passes"
    SCANS = "scans"


class FigureScope(StrEnum):
    """How wide the place is that a figure is of."""

    STATION = "station"
    TRAIL = "trail"
    MUNICIPALITY = "municipality"


class Span(StrEnum):
    """How long the time is that a figure is of; a week is one of ISO 8601."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
