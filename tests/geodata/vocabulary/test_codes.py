"""Station codes: every slip shows, and the way back is found."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from contextlib import suppress
from itertools import combinations, product
from random import Random

import pandas as pd
import pytest
from dateutil import parser as dates
from hypothesis import given
from hypothesis import strategies as st

from geodata.bundle.folder import bundled
from geodata.errors import InvalidInput
from geodata.vocabulary.codes import (
    ALPHABET,
    LENGTH,
    PATTERN,
    changes_in_spreadsheets,
    is_valid,
    looks_like_a_value,
    nearest,
    new_code,
    normalise,
)

codes = st.integers(0, 2**32).map(lambda seed: new_code(Random(seed)))


@given(codes)
def test_a_new_code_is_valid_and_in_the_stored_form(code: str) -> None:
    assert is_valid(code)
    assert normalise(code) == code


def test_no_new_code_is_a_number_or_a_date_to_a_reader_that_guesses() -> None:
    drawn = [new_code(Random(seed)) for seed in range(20_000)]
    assert [code for code in drawn if _read_as_a_value(code)] == []
    column = pd.read_csv(io.StringIO("\n".join(["code", *drawn])))["code"]
    assert list(column) == drawn


def _read_as_a_value(code: str) -> bool:
    """Numbers of Python, of C with a suffix, of Fortran; dates of dateutil, the most lenient reader."""
    numbers = code, code.replace("D", "E"), code[:-1] if code[-1] in "DFM" else code
    readers: list[tuple[Callable[[str], object], str]] = [(dates.parse, code), *product((float, _whole), numbers)]
    for read, text in readers:
        with suppress(ValueError, OverflowError):
            read(text)
            return True
    return False


def _whole(text: str) -> int:
    return int(text, base=0)


@pytest.mark.parametrize(
    "code",
    [
        *("012345", "0E8413", "2068E6", "12E345", "12345F", "12345D", "1D2345", "1E234F", "0X12AB", "0B1011"),
        *("1MAR22", "MAR122", "22DEZ1", "MARCH1", "12SEPT", "2022Q1", "2022W5", "12345Z", "20T123", "M24WED"),
        *("1234PM", "12PM34", "9P6AXD", "3D5H2M", "P1Y2M3", "PT5H3M", "NAN123"),
    ],
)
def test_what_a_reader_takes_for_a_value_is_never_drawn(code: str) -> None:
    assert looks_like_a_value(code)


def test_what_spreadsheets_change_is_a_small_part_of_what_is_never_drawn() -> None:
    changed = ["012345", "0E8413", "2068E6", "1D2345", "1MAR22", "MAR122", "22DEZ1", "MARCH1", "12SEPT"]
    assert all(changes_in_spreadsheets(code) and looks_like_a_value(code) for code in changed)
    assert not any(changes_in_spreadsheets(station.code) for station in bundled().stations)


def test_a_printed_code_that_looks_like_a_value_stays_valid() -> None:
    heads = ("01234", "0E841", "2068E", "1MAR2")
    printed = [head + check for head in heads for check in ALPHABET if is_valid(head + check)]
    assert len(printed) == len(heads)
    assert all(is_valid(station.code) for station in bundled().stations)


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


def test_the_published_pattern_takes_the_characters_of_codes_and_no_others() -> None:
    characters = {chr(number) for number in range(0x250)}
    assert {one for one in characters if re.fullmatch(PATTERN, one * LENGTH)} == set(ALPHABET)
