"""Days are told apart by the calendar of the Land, and by rain where it was measured."""

from __future__ import annotations

from datetime import date

import pytest

from geodata.statistics.signs.day_kind import day_kind


@pytest.mark.parametrize(
    ("day", "land", "rain_mm", "kind"),
    [
        (date(2026, 6, 6), "NW", None, "free"),
        (date(2026, 6, 3), "NW", None, "work"),
        (date(2026, 6, 4), "NW", None, "free"),  # Corpus Christi
        (date(2026, 6, 4), "HH", None, "work"),
        (date(2026, 6, 3), "NW", 1.0, "work-dry"),
        (date(2026, 6, 3), "NW", 1.1, "work-wet"),
        (date(2026, 6, 7), "NW", 0.0, "free-dry"),
    ],
)
def test_a_day_is_free_or_not_and_dry_or_wet_where_that_is_known(
    day: date, land: str, rain_mm: float | None, kind: str
) -> None:
    assert day_kind(day, land, rain_mm) == kind
