"""Public holidays and bridge days of a Land."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from geodata.statistics.calendars.public_holidays import is_bridge_day, is_public_holiday, public_holidays
from geodata.vocabulary.laender import DEFAULT_LAND, LAENDER


@pytest.mark.parametrize("year", [2024, 2025, 2030])
def test_north_rhine_westphalia_has_eleven_public_holidays(year: int) -> None:
    found = public_holidays(DEFAULT_LAND, year)
    assert len(found) == 11
    assert {date(year, 10, 31), date(year, 12, 24)}.isdisjoint(found)


def test_their_names_are_german_whatever_the_process_speaks() -> None:
    assert public_holidays("NW", 2026)[date(2026, 6, 4)] == "Fronleichnam"


def test_every_land_has_public_holidays() -> None:
    assert {land for land in LAENDER if len(public_holidays(land, 2026)) >= 9} == LAENDER.keys()


def test_the_friday_after_ascension_is_a_bridge_day_and_good_friday_is_none() -> None:
    assert is_bridge_day("NW", date(2026, 5, 15))
    assert not is_bridge_day("NW", date(2026, 4, 3))  # a holiday itself
    assert not is_bridge_day("NW", date(2026, 4, 2))  # before it, but after no weekend


def test_the_monday_before_a_holiday_on_tuesday_is_a_bridge_day() -> None:
    assert is_bridge_day("NW", date(2028, 10, 2))


def test_a_bridge_day_is_a_working_day_between_a_holiday_and_a_weekend() -> None:
    day = date(2023, 1, 1)
    for _ in range(8 * 365):
        if is_bridge_day("NW", day):
            beside = {day - timedelta(1), day + timedelta(1)}
            assert day.weekday() in {0, 4}
            assert not is_public_holiday("NW", day)
            assert any(is_public_holiday("NW", each) for each in beside)
            assert any(each.weekday() >= 5 for each in beside)
        day += timedelta(1)
