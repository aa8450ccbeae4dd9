"""Station codes: every slip shows, and the way back is found."""

from __future__ import annotations

from itertools import combinations, product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.codes import ALPHABET, LENGTH, is_valid, nearest, new_code, normalise
from geodata.errors import InvalidInput

codes = st.integers(0, 2**32).map(lambda seed: new_code(Random(seed)))


@given(codes)
def test_a_new_code_is_valid_and_in_the_stored_form(code: str) -> None:
    assert is_valid(code)
    assert normalise(code) == code


def test_every_head_has_exactly_one_check_character() -> None:
    for head in ("00000", "ZZZZZ", "12345", "H4X0R"):
        assert sum(is_valid(head + check) for check in ALPHABET) == 1


def test_every_single_wrong_character_shows_for_every_character_at_every_place() -> None:
    random = Random(1)
    for _ in range(300):
        code = new_code(random)
        for i, character in product(range(LENGTH), ALPHABET):
            if character != code[i]:
                assert not is_valid(code[:i] + character + code[i + 1 :])


def test_every_exchange_of_two_different_characters_shows_whatever_stands_between() -> None:
    """All pairs of characters at all pairs of places: the sum is linear, so the other places may hold anything."""
    random = Random(2)
    for (i, j), (first, second) in product(combinations(range(LENGTH), 2), combinations(ALPHABET, 2)):
        code = _code_with(random, {i: first, j: second})
        letters = list(code)
        letters[i], letters[j] = letters[j], letters[i]
        assert not is_valid("".join(letters)), (code, i, j)


def _code_with(random: Random, fixed: dict[int, str]) -> str:
    """A valid code with these characters at these places; one of the free places makes it valid."""
    free = next(place for place in range(LENGTH) if place not in fixed)
    letters = [fixed.get(place, random.choice(ALPHABET)) for place in range(LENGTH)]
    for character in ALPHABET:
        letters[free] = character
        if is_valid("".join(letters)):
            return "".join(letters)
    raise AssertionError("no character makes this code valid")


@given(codes)
def test_lower_case_spaces_hyphens_and_letters_that_look_like_digits_are_forgiven(code: str) -> None:
    sloppy = code.lower().replace("0", "o").replace("1", "l")
    assert normalise(f" {sloppy[:3]}-{sloppy[3:]} ") == code
    assert normalise(code.replace("1", "I")) == code


@pytest.mark.parametrize("text", ["", "ABC", "ABCDEFG", "ABCDEU", "ABC!EF", "ÄBCDEF"])
def test_what_cannot_be_a_code_is_refused_with_its_value(text: str) -> None:
    with pytest.raises(InvalidInput, match="Compare it with the sign") as caught:
        normalise(text)
    assert repr(text) in str(caught.value)
    assert not is_valid(text)


@given(st.lists(codes, min_size=1, max_size=30, unique=True), st.data())
def test_every_single_slip_leads_back_to_the_code(known: list[str], data: st.DataObject) -> None:
    code = data.draw(st.sampled_from(known))
    i = data.draw(st.integers(0, LENGTH - 1))
    character = data.draw(st.sampled_from(ALPHABET + "U"))
    swapped = code[: i - 1] + code[i] + code[i - 1] + code[i + 1 :] if i else code
    for slip in (
        code,
        code[:i] + character + code[i + 1 :],
        swapped,
        code[:i] + code[i + 1 :],
        code[:i] + character + code[i:],
    ):
        assert code in nearest(slip.lower(), set(known)), slip


@given(st.text(alphabet=ALPHABET + "U", min_size=0, max_size=9), st.sets(codes, max_size=20))
def test_only_codes_one_slip_away_are_offered(text: str, known: set[str]) -> None:
    for code in nearest(text, known):
        assert code in known
        assert abs(len(text) - LENGTH) <= 1
        if len(text) == LENGTH:
            assert sum(a != b for a, b in zip(text, code, strict=True)) <= 2


def test_the_likeliest_slip_comes_first() -> None:
    alike, exchanged, other = "B23456", "283456", "823X56"  # not checked for validity: any known text will do
    assert nearest("823456", {alike, exchanged, other}) == [exchanged, alike, other]
    assert nearest("823456", {"823456", alike})[0] == "823456"
