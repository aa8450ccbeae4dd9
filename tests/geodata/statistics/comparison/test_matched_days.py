"""Days of the same kind beside each other, for when a regression is not possible."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from math import exp

import pytest

from geodata.statistics.comparison.day import DayKind
from geodata.statistics.comparison.matched_days import TooFewMatches, matched_days
from tests.geodata.statistics.comparison.twoyears import AFTER, BEFORE, DAYS, PLAIN, QUESTION, counted


def test_a_doubling_on_every_day_is_a_doubling_without_doubt() -> None:
    found = matched_days(counted(lambda day: 200 if day.year == AFTER else 100), PLAIN, QUESTION).ratio
    assert [exp(value) for value in (found.value, found.low, found.high)] == pytest.approx([2, 2, 2])


def test_more_sundays_among_the_counted_days_are_no_rise() -> None:
    """Sundays have three times the passes; in the earlier year two of three of them are missing."""
    days = counted(lambda day: 300 if day.weekday() == 6 else 100)
    kept = [e for e in days if e.day.year == AFTER or e.day.weekday() < 6 or e.day.isocalendar().week % 3 == 0]
    assert matched_days(kept, PLAIN, QUESTION).ratio.value == pytest.approx(0)


def test_a_public_holiday_is_compared_with_none_but_public_holidays() -> None:
    kinds = {day: DayKind(public_holiday=(day.month, day.day) == (5, 1)) for day in DAYS}
    days = counted(lambda day: 900 if day == date(AFTER, 5, 1) else 100)
    used = matched_days(days, replace(PLAIN, kinds=kinds | {date(BEFORE, 5, 1): DayKind()}), QUESTION).days
    assert date(AFTER, 5, 1) not in {each.day for each in used}
    assert date(AFTER, 5, 1) in {each.day for each in matched_days(days, replace(PLAIN, kinds=kinds), QUESTION).days}


def test_the_same_days_give_the_same_interval_in_any_order() -> None:
    days = counted(lambda day: 100 + day.day)
    assert matched_days(days, PLAIN, QUESTION) == matched_days(days[::-1], PLAIN, QUESTION)


def test_days_of_different_weeks_are_no_match() -> None:
    days = [each for each in counted() if each.day.month == (3 if each.day.year == BEFORE else 9)]
    with pytest.raises(TooFewMatches):
        matched_days(days, PLAIN, QUESTION)


def test_unknown_school_holidays_tell_no_days_apart_and_that_is_said() -> None:
    """Else the days of the later year, all of them unknown, would match none."""
    kinds = {day: DayKind(school_holidays=None if day >= date(AFTER, 8, 15) else day.month == 7) for day in DAYS}
    found = matched_days(counted(), replace(PLAIN, kinds=kinds), QUESTION)
    assert {each.day for each in found.days} == set(DAYS)
    (said,) = found.notes
    assert f"not known from {AFTER}-08-15 to {max(DAYS)}: they are not taken into account" in str(said)
    assert matched_days(counted(), replace(PLAIN, kinds=dict.fromkeys(DAYS, DayKind())), QUESTION).notes == ()
