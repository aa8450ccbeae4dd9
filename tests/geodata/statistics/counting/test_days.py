"""Days of a time zone from hours: their true length, what is exact in them, and when one is fit for comparisons."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.model.counting.counter import CountedDay, CountedHour, CountFlag, SilentTime
from geodata.statistics.counting.days import count_days
from geodata.statistics.counting.periods import CountPeriod, end_of, length_s, midnight, offsets, start_of
from geodata.statistics.counting.sums import sum_up
from geodata.times import HOUR_US, hour_of

BERLIN = ZoneInfo("Europe/Berlin")
SUMMER, SPRING, AUTUMN = date(2026, 6, 10), date(2026, 3, 29), date(2026, 10, 25)
days_of_years = st.dates(date(2020, 1, 1), date(2040, 12, 31))


def hours_of(day: date, without: Collection[int] = ()) -> list[CountedHour]:
    """All hours of a day, one pass in each, but those that begin at these times of the clock there."""
    first, after = (hour_of(midnight(each, BERLIN)) for each in (day, day + timedelta(days=1)))
    missing = {first + at for at in without}
    return [CountedHour(hour, 1, 0, 3600) for hour in range(first, after) if hour not in missing]


def only(hours: list[CountedHour], *silences: SilentTime) -> CountedDay:
    (day,) = count_days(hours, silences, BERLIN)
    return day


@pytest.mark.parametrize(("day", "hours"), [(SUMMER, 24), (SPRING, 23), (AUTUMN, 25)])
def test_a_day_has_all_its_hours_and_no_other(day: date, hours: int) -> None:
    neighbours = [hour for near in (-1, 0, 1) for hour in hours_of(day + timedelta(days=near))]
    found = {one.day: one for one in count_days(neighbours, [], BERLIN)}[day]
    assert (found.passes, found.covered_s, found.covered_hours) == (hours, hours * 3600, hours)


@pytest.mark.parametrize(
    ("missing", "valid"),
    [
        ((), True),
        ((0, 1, 2, 3), True),
        ((0, 1, 2, 3, 4), False),
        ((12,), False),
        ((7, 20), True),
        ((8,), False),
        ((19,), False),
    ],
)
def test_a_day_is_valid_from_twenty_hours_and_all_of_daylight(missing: tuple[int, ...], valid: bool) -> None:
    assert only(hours_of(SUMMER, missing)).valid is valid


def test_on_the_days_of_the_clocks_change_the_same_hours_of_the_clock_are_daylight() -> None:
    assert only(hours_of(SPRING, [0, 1, 2])).valid  # from 4 o'clock on
    assert not only(hours_of(SPRING, [0, 1, 2, 3])).valid  # 19 hours are left
    assert not only(hours_of(SPRING, [7])).valid  # 8 o'clock, an hour earlier than on other days
    assert only(hours_of(AUTUMN, [0, 1, 2, 3, 4])).valid
    assert not only(hours_of(AUTUMN, [9])).valid  # 8 o'clock


def test_what_passed_in_a_silence_within_the_day_is_exact_and_over_its_end_it_is_shared() -> None:
    noon = hour_of(midnight(SUMMER, BERLIN)) + 12
    silent = [CountedHour(noon + i, 0, 5, 0, CountFlag.ESTIMATED) for i in range(2)]
    within = SilentTime(noon * HOUR_US, (noon + 2) * HOUR_US, 10)
    found = only([*hours_of(SUMMER, (12, 13)), *silent], within)
    assert (found.passes, found.shared, found.flags) == (22 + 10, 0, CountFlag.NONE)
    over = SilentTime((noon - 30) * HOUR_US, (noon + 2) * HOUR_US, 100, CountFlag.AT_LEAST)
    found = only([*hours_of(SUMMER, (12, 13)), *silent], over)
    assert (found.passes, found.shared, found.flags) == (22, 10, CountFlag.ESTIMATED)


@given(st.sampled_from(CountPeriod), days_of_years)
def test_periods_follow_each_other_without_gap_or_overlap(period: CountPeriod, day: date) -> None:
    start, end = start_of(period, day), end_of(period, day)
    assert start <= day < end
    assert start_of(period, end) == end
    assert start_of(period, end - timedelta(days=1)) == start


@given(days_of_years)
def test_weeks_are_those_of_iso_and_seasons_those_of_meteorologists(day: date) -> None:
    assert start_of(CountPeriod.WEEK, day).isocalendar()[:2] == day.isocalendar()[:2]
    assert start_of(CountPeriod.SEASON, day).month in {12, 3, 6, 9}
    assert (end_of(CountPeriod.SEASON, day) - start_of(CountPeriod.SEASON, day)).days in {90, 91, 92}


def test_the_length_of_a_period_is_the_real_one() -> None:
    assert length_s(SPRING, SPRING + timedelta(days=1), BERLIN) == 23 * 3600
    assert length_s(date(2026, 10, 1), date(2026, 11, 1), BERLIN) == (31 * 24 + 1) * 3600
    assert length_s(date(2026, 1, 1), date(2027, 1, 1), BERLIN) == 365 * 24 * 3600


def test_a_sum_says_how_much_was_counted_and_a_period_without_a_counted_second_is_a_gap() -> None:
    monday = date(2026, 6, 8)
    hours = [hour for i in range(7) if i != 2 for hour in hours_of(monday + timedelta(days=i))]
    night = hour_of(midnight(date(2026, 7, 1), BERLIN))
    unknown = CountedHour(night, 0, 4, 0, CountFlag.ESTIMATED)
    over = SilentTime((night - 50) * HOUR_US, (night + 1) * HOUR_US, 10)
    week, gap = sum_up(count_days([*hours, unknown], [over], BERLIN), CountPeriod.WEEK, BERLIN)
    assert (week.start, week.passes, week.valid_days) == (monday, 144, 6)
    assert week.coverage == pytest.approx(6 / 7)
    assert (gap.passes, gap.shared, gap.coverage) == (None, 4, 0.0)


@given(
    days_of_years,
    st.integers(0, 900),
    st.integers(0, 23),
    st.sampled_from(["Europe/Berlin", "America/New_York", "UTC"]),
)
def test_offsets_of_the_clock_are_right_at_every_hour(day: date, days: int, hour: int, name: str) -> None:
    zone = ZoneInfo(name)
    start = datetime(day.year, day.month, day.day, hour, 30, tzinfo=UTC)
    spans = offsets(start, start + timedelta(days=days), zone)
    assert [ends for _, ends, _ in spans[:-1]] == [begins for begins, _, _ in spans[1:]]
    assert (spans[0][0], spans[-1][1]) == (start, start + timedelta(days=days)) if days else spans == []
    for begins, ends, offset_h in spans:
        for at in (begins, begins + (ends - begins) / 2, ends - timedelta(microseconds=1)):
            assert at.astimezone(zone).utcoffset() == timedelta(hours=offset_h)
