"""The stamps: each code's own, the same on every day, and within their square."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from api.drawing import stamp

CODES = st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=6, max_size=6)


@given(CODES, CODES)
def test_two_codes_have_two_stamps_and_one_has_one(code: str, other: str) -> None:
    assert stamp.draw(code) == stamp.draw(code)
    assert (stamp.draw(code) == stamp.draw(other)) == (code == other)


@given(CODES)
def test_a_stamp_stays_within_its_square(code: str) -> None:
    drawn = stamp.draw(code)
    numbers = [int(number) for number in re.findall(r"-?\d+", drawn.bark + drawn.rings + drawn.crack)]
    assert min(numbers) >= 0
    assert max(numbers) <= stamp.SIZE


@given(CODES)
def test_the_middle_is_free_for_the_number(code: str) -> None:
    points = re.findall(r"(-?\d+) (-?\d+)", stamp.draw(code).rings)
    middle = stamp.SIZE / 2
    assert min(((int(x) - middle) ** 2 + (int(y) - middle) ** 2) ** 0.5 for x, y in points) > 16
