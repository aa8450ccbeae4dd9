"""Ranges by their names, and the lengths they are divided into."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.statistics.usage.buckets import UsageBucket, offered, sensible
from geodata.statistics.usage.ranges import DaySpan, RangePreset, span_of

SINCE = date(2020, 3, 1)
DATES = st.dates(date(2020, 6, 1), date(2035, 12, 31))


def spanned(preset: RangePreset, today: date) -> tuple[date, date]:
    span = span_of(preset, today, "NW", SINCE)
    assert span is not None
    return span.first, span.last


@pytest.mark.parametrize(
    ("preset", "today", "first", "last"),
    [
        (RangePreset.SEVEN_DAYS, date(2026, 11, 30), date(2026, 11, 23), date(2026, 11, 29)),
        (RangePreset.LAST_MONTH, date(2026, 1, 15), date(2025, 12, 1), date(2025, 12, 31)),
        (RangePreset.SEASON, date(2026, 3, 31), date(2025, 4, 1), date(2025, 10, 31)),
        (RangePreset.SEASON, date(2026, 4, 1), date(2026, 4, 1), date(2026, 4, 1)),
        (RangePreset.SEASON, date(2026, 11, 30), date(2026, 4, 1), date(2026, 10, 31)),
        (RangePreset.LAST_YEAR, date(2026, 1, 1), date(2025, 1, 1), date(2025, 12, 31)),
        (RangePreset.ALL, date(2026, 1, 1), SINCE, date(2026, 1, 1)),
    ],
)
def test_a_name_means_these_days(preset: RangePreset, today: date, first: date, last: date) -> None:
    assert spanned(preset, today) == (first, last)


def test_school_holidays_are_those_that_run_or_the_last_ones_and_unknown_without_a_calendar() -> None:
    first, last = spanned(RangePreset.SCHOOL_HOLIDAYS, date(2026, 8, 1))
    assert first < date(2026, 8, 1) == last, "those of the summer run, up to today"
    assert spanned(RangePreset.SCHOOL_HOLIDAYS, date(2026, 11, 30))[0].month == 10
    assert span_of(RangePreset.SCHOOL_HOLIDAYS, date(2026, 8, 1), "BY", SINCE) is None


@given(st.sampled_from(RangePreset), DATES)
def test_no_range_reaches_into_the_future_and_each_has_a_sensible_length_of_points(
    preset: RangePreset, today: date
) -> None:
    span = span_of(preset, today, "NW", SINCE)
    if span is None:
        return
    assert span.first <= span.last <= today
    assert sensible(span) in offered(span)


def test_a_leap_day_is_compared_with_the_last_of_february() -> None:
    before = DaySpan(date(2028, 2, 29), date(2028, 3, 1)).year_before()
    assert before == DaySpan(date(2027, 2, 28), date(2027, 3, 1))
    with pytest.raises(ValueError, match="is before"):
        DaySpan(date(2028, 3, 1), date(2028, 2, 29))


def test_hours_are_offered_for_a_month_and_not_for_longer() -> None:
    first = date(2026, 1, 1)
    assert UsageBucket.HOUR in offered(DaySpan(first, first + timedelta(days=30)))
    assert UsageBucket.HOUR not in offered(DaySpan(first, first + timedelta(days=31)))
