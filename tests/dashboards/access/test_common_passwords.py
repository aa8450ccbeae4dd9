"""No password that people often choose is taken as a new one, however it is stretched to the least length."""

from __future__ import annotations

import pytest
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from dashboards.access.passwords import MIN_LENGTH, password_problem

COMMON: list[str] = FREQUENCY_LISTS["passwords"]
"""The 30 000 passwords that were seen most often in leaks, the most frequent first."""
OFTEN = "wird oft erraten"


def test_none_of_the_most_frequent_passwords_is_taken() -> None:
    assert len(COMMON) >= 30_000
    assert [word for word in COMMON[:3000] if password_problem(word, "anna") is None] == []


def test_those_that_are_long_enough_are_refused_for_being_frequent() -> None:
    long = [word for word in COMMON if len(word) >= MIN_LENGTH]
    assert len(long) > 200
    assert [word for word in long if OFTEN not in (password_problem(word, "anna") or "")] == []


@pytest.mark.parametrize("stretch", ["{0}{0}", "{0}{0}{0}", "{0}123456", "123456{0}", "{0}!!!!!!"])
def test_stretching_a_frequent_one_does_not_help(stretch: str) -> None:
    stretched = [stretch.format(word) for word in COMMON[:3000:30]]
    long = [word for word in stretched if len(word) >= MIN_LENGTH]
    assert len(long) > 50
    assert [word for word in long if OFTEN not in (password_problem(word, "anna") or "")] == []


@pytest.mark.parametrize("good", ["vier ruhige Fichten am Teich", "Kiebitz-Laterne-Moped-7", "x9#Lq!vB27zr&Tp"])
def test_words_in_a_row_and_random_ones_are_taken(good: str) -> None:
    assert password_problem(good, "anna") is None
