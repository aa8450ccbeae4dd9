"""What may be compared at all, and in which words it is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.statistics.comparison.coverage import NotComparable, Question, comparable
from geodata.statistics.comparison.day import ComparedDay
from tests.geodata.statistics.comparison.twoyears import AFTER, BEFORE, QUESTION, counted


def without(days: list[ComparedDay], lost: set[date]) -> list[ComparedDay]:
    return [replace(each, valid=False) if each.day in lost else each for each in days]


def first_days(year: int, month: int, number: int) -> set[date]:
    return {date(year, month, 1) + timedelta(n) for n in range(number)}


def test_a_month_that_lacks_more_than_a_fifth_in_one_year_is_compared_in_neither() -> None:
    found = comparable(without(counted(), first_days(BEFORE, 5, 7)), QUESTION)  # 24 of 31 days
    assert {each.day.month for each in found.days} == set(range(1, 13)) - {5}
    assert [str(note) for note in found.notes] == [
        "1 month of a counter has too many days without a count and is left out."
    ]


def test_a_month_that_lacks_a_fifth_at_most_is_compared_with_the_days_it_has() -> None:
    found = comparable(without(counted(), first_days(BEFORE, 5, 6)), QUESTION)  # 25 of 31 days
    assert sum(each.day.month == 5 for each in found.days) == 25 + 31
    assert found.notes == ()


def test_days_left_out_on_demand_make_no_month_incomplete() -> None:
    feast = first_days(AFTER, 5, 20)
    found = comparable(counted(), replace(QUESTION, left_out=frozenset(feast)))
    assert sum(each.day.month == 5 for each in found.days) == 31 + 11
    assert not feast & {each.day for each in found.days}


def test_months_count_by_counter() -> None:
    days = without(counted(), first_days(AFTER, 7, 20)) + counted(counters=[2])
    found = comparable(days, QUESTION)
    assert {each.counter for each in found.days if each.day.month == 7} == {2}


def test_only_the_asked_days_of_a_month_are_needed() -> None:
    question = Question(before=BEFORE, after=AFTER, first=(3, 20), last=(9, 5))
    days = [each for each in counted() if question.first <= (each.day.month, each.day.day) <= question.last]
    assert len(comparable(days, question).days) == len(days)


@given(last_of_first=st.integers(1, 366))
def test_a_counter_that_was_replaced_is_never_compared_with_its_successor(last_of_first: int) -> None:
    """A mounting period that ends in the second year at the latest: the next one has another number."""
    days = [replace(each, counter=1 if number < 366 else 2) for number, each in enumerate(counted())]
    moved = [replace(each, counter=2) if each.day.timetuple().tm_yday > last_of_first else each for each in days[:366]]
    try:
        found = comparable(moved + days[366:], QUESTION)
    except NotComparable:
        return
    assert {each.counter for each in found.days} == {2}


def test_a_counter_that_counted_nobody_for_a_year_is_left_out() -> None:
    dead = counted(lambda day: 100 if day.year == BEFORE else 0, counters=[7])
    found = comparable(counted() + dead, QUESTION)
    assert {each.counter for each in found.days} == {1}
    assert "1 counter" in str(found.notes[0])


@pytest.mark.parametrize(
    ("days", "reason"),
    [
        (without(counted(), {each.day for each in counted() if each.day.year == AFTER}), "no day of 2025 is counted"),
        ([], "no day of 2024 is counted"),
        ([replace(each, counter=each.day.year) for each in counted()], "no counter hung at the same place"),
        (counted(lambda day: 0), "no counter hung at the same place"),
        ([each for each in counted() if each.day.day % 2], "no counter has a month with 80 % of its days"),
        ([each for each in counted() if each.day.month == 4], "only 5 weeks were counted in both years, and 8"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_its_reason(days: list[ComparedDay], reason: str) -> None:
    with pytest.raises(NotComparable, match=reason):
        comparable(days, QUESTION)
