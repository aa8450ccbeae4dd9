"""The forecast of when the disk is full."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from geodata.conditions.growth import LEAST_DAYS, forecast
from geodata.model.operator import DatabaseSize

TODAY = date(2026, 11, 30)


def grown(days: int, per_day: int, start: int = 1_000_000_000) -> list[DatabaseSize]:
    first = TODAY - timedelta(days=days)
    return [DatabaseSize(first + timedelta(days=n), start + n * per_day) for n in range(days + 1)]


def test_nothing_is_said_before_two_weeks_are_known() -> None:
    assert forecast(grown(LEAST_DAYS - 1, 1000), 10**9, TODAY) is None
    assert forecast([], 10**9, TODAY) is None
    assert forecast(grown(LEAST_DAYS, 1000), 10**9, TODAY) is not None


@given(per_day=st.integers(1_000_000, 10**9), left=st.integers(1, 6000))
def test_a_steady_growth_fills_the_disk_on_the_day_that_follows_from_it(per_day: int, left: int) -> None:
    found = forecast(grown(60, per_day), per_day * left, TODAY)
    assert found is not None
    assert found.full_on is not None
    assert abs((found.full_on - TODAY).days - left) <= 1


@given(day=st.integers(5, 55), jump=st.integers(-9 * 10**8, 10**12))
def test_one_import_or_deletion_does_not_turn_the_forecast(day: int, jump: int) -> None:
    sizes = [DatabaseSize(size.day, size.bytes + (jump if n >= day else 0)) for n, size in enumerate(grown(60, 10**6))]
    steady, found = forecast(grown(60, 10**6), 10**9, TODAY), forecast(sizes, 10**9, TODAY)
    assert steady is not None
    assert found is not None
    assert found.per_day == steady.per_day


def test_a_database_that_shrinks_or_hardly_grows_fills_no_disk() -> None:
    for per_day in (-1000, 0, 1):
        found = forecast(grown(60, per_day), 10**12, TODAY)
        assert found is not None
        assert found.full_on is None


def test_what_was_longer_ago_than_three_months_no_longer_counts() -> None:
    fast, slow = grown(300, 10**9)[:200], grown(90, 1000)
    assert forecast([*fast, *slow], 10**12, TODAY) == forecast(slow, 10**12, TODAY)
