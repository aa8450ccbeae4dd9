"""School holidays from the file of dates, and what is not known."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from geodata.statistics.calendars.day_kinds import day_kinds
from geodata.statistics.calendars.school_holidays import is_school_holiday, known
from geodata.vocabulary.laender import LAENDER


@pytest.mark.parametrize(
    ("day", "is_one"),
    [
        (date(2024, 7, 7), False),
        (date(2024, 7, 8), True),
        (date(2024, 8, 20), True),
        (date(2024, 8, 21), False),
        (date(2025, 6, 10), True),  # the one day of Pentecost
        (date(2025, 1, 6), True),
        (date(2023, 6, 21), None),  # before the first row
        (date(2029, 8, 15), None),  # behind the last one
    ],
)
def test_a_day_is_in_the_holidays_or_not_or_nobody_knows(day: date, is_one: bool | None) -> None:
    assert is_school_holiday("NW", day) is is_one


def test_of_a_land_without_rows_nothing_is_known() -> None:
    assert is_school_holiday("BY", date(2025, 7, 15)) is None
    assert day_kinds([date(2025, 7, 15)], "BY")[date(2025, 7, 15)].school_holidays is None


def test_rows_follow_each_other_with_their_source_and_the_day_it_was_looked_up() -> None:
    for land in LAENDER:
        rows = known(land)
        assert all(row.first <= row.last for row in rows)
        assert all(row.source.startswith("https://") and row.looked_up >= date(2026, 11, 30) for row in rows)
        assert all(row.last < after.first for row, after in pairwise(rows))


def test_no_school_year_is_missing_between_the_first_row_and_the_last() -> None:
    """Else the days of a missing one would pass for school days."""
    summers = [row for row in known("NW") if row.name == "Sommer"]
    years = sorted({row.school_year for row in known("NW")})
    assert [summer.school_year for summer in summers] == years
    assert [int(year[:4]) for year in years] == list(range(2023, 2030))
    assert all(timedelta(42) <= summer.last - summer.first <= timedelta(44) for summer in summers)
    for year in years[:-1]:
        assert {row.name for row in known("NW") if row.school_year == year} >= {
            "Sommer",
            "Herbst",
            "Weihnachten",
            "Ostern",
        }
