"""Permanent station codes: six characters that survive a thumb on a phone, rain on a sign and a voice on the telephone.

Crockford base32: five random characters and one check character. Read as numbers of the field GF(32), the
characters weighted by distinct, non-zero factors add up to zero. So a single wrong character always shows, and so
does the exchange of any two characters, neighbours or not.

New codes are texts to every program: none that a spreadsheet or another reader that guesses types could take for a
number, a date, a time or a duration (012345, 2068E6, 1MAR22). Two thirds of all codes are left, 21 million. Codes that
were printed before stay valid.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from random import Random

from geodata.errors import InvalidInput
from geodata.messages.message import message

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 6
PATTERN = f"[0-9A-HJKMNP-TV-Z]{{{LENGTH}}}"
"""Of ALPHABET; the check character is not looked at."""

_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015]+")
_LOOK_ALIKE = [
    set(pair) for pair in ("8B", "5S", "2Z", "6G", "VY", "VW", "MN", "17", "0D", "0Q", "EF", "CG", "KX", "PR")
]
_VALUES = re.compile(
    r"\d*[A-Z]{0,3}\d*"  # digits with one group of letters: 012345, 2068E6, 12345F, 1MAR22, MAR122, 2022Q1
    r"|(\d+[A-Z])+\d*"  # 1E234F, 3D5H2M
    r"|0[XB].{4}"  # hexadecimal, binary
    r"|P(T?\d+[A-Z]?)+"  # a duration by ISO 8601: P1Y2M3
    r"|\d*(MARCH|MAERZ|SEPT)\d*"
    r"|.*\d([AHMPST]|ND|RD|WED).*"  # am, pm, hours, minutes, ordinals: dateutil reads 9P6AXD as a time of day
)
_CHANGED = re.compile(r"\d+([DE]\d+)?|\d{0,4}(JAN|FEB|MAR|MARCH|APR|MAY|SEP|SEPT|DE[CZ])\d{0,4}")
_REDUCTION = 0b100101  # x^5 + x^2 + 1, primitive over GF(2)


def _powers() -> list[int]:
    """The 31 non-zero elements of GF(32) as powers of x."""
    powers = [1]
    while len(powers) < 31:
        doubled = powers[-1] << 1
        powers.append(doubled ^ _REDUCTION if doubled & 32 else doubled)
    return powers


_POWERS = _powers()
_LOGARITHMS = {element: exponent for exponent, element in enumerate(_POWERS)}


def _weighted_sum(text: str) -> int:
    """Sum over the characters times x^5, x^4, … x^0; zero for a valid code."""
    total = 0
    for position, character in enumerate(text):
        element = ALPHABET.index(character)
        if element:
            total ^= _POWERS[(_LOGARITHMS[element] + LENGTH - 1 - position) % 31]
    return total


def new_code(source: Random) -> str:
    """A random code that looks like no value; give ``random.SystemRandom()``; the database says whether it is taken."""
    while True:
        head = "".join(source.choice(ALPHABET) for _ in range(LENGTH - 1))
        code = head + ALPHABET[_weighted_sum(head)]  # the check character's weight is 1
        if not looks_like_a_value(code):
            return code


def looks_like_a_value(code: str) -> bool:
    """Whether a program that guesses types could take ``code``, in its stored form, for a number, a date or a time."""
    return _VALUES.fullmatch(code) is not None


def changes_in_spreadsheets(code: str) -> bool:
    """Whether LibreOffice or Excel shows ``code``, in its stored form, as another text: 12345, 2.07E+09, 01. Mrz 22.

    LibreOffice takes the numbers only, Excel dates without separators too, Access 1D2345 as a number.
    """
    return _CHANGED.fullmatch(code) is not None


def normalise(text: str) -> str:
    """The form that is stored: upper case, O read as 0, I and L as 1, without spaces and hyphens.

    Raises InvalidInput when that leaves no six characters of the alphabet. Says nothing about the check character.
    """
    code = _fold(text)
    if len(code) != LENGTH:
        expected = message("{length} characters", length=LENGTH)
        raise InvalidInput("code", text, expected, "Compare it with the sign, character by character.")
    strange = sorted(set(code) - set(ALPHABET))
    if strange:
        expected = message("digits and letters only, without {strange}", strange=" ".join(strange))
        raise InvalidInput("code", text, expected, "Compare it with the sign.")
    return code


def is_valid(text: str) -> bool:
    """Whether ``text`` can be a code at all, in any spelling that normalise() takes."""
    try:
        return _weighted_sum(normalise(text)) == 0
    except InvalidInput:
        return False


def nearest(text: str, known: Collection[str]) -> list[str]:
    """Codes of ``known`` one slip away from ``text``, the likeliest slip first; ``text`` itself when it is known.

    A slip is one wrong character, two neighbours exchanged, one character missing or one too many. The cost does
    not grow with ``known`` when that is a set or a dictionary.
    """
    ranks: dict[str, int] = {}
    for rank, candidate in _one_slip_away(_fold(text)):
        if candidate in known:
            ranks[candidate] = min(rank, ranks.get(candidate, rank))
    return sorted(ranks, key=lambda code: (ranks[code], code))


def _fold(text: str) -> str:
    return _SEPARATORS.sub("", text).upper().translate(_READ_AS)


def _one_slip_away(text: str) -> Iterator[tuple[int, str]]:
    """Candidates with their rank; 0 is the text itself."""
    if len(text) == LENGTH:
        yield 0, text
        yield from _substituted(text)
        for i in range(LENGTH - 1):
            yield 1, text[:i] + text[i + 1] + text[i] + text[i + 2 :]
    elif len(text) == LENGTH - 1:
        for i in range(LENGTH):
            for character in ALPHABET:
                yield 2, text[:i] + character + text[i:]
    elif len(text) == LENGTH + 1:
        for i in range(LENGTH + 1):
            yield 2, text[:i] + text[i + 1 :]


def _substituted(text: str) -> Iterator[tuple[int, str]]:
    for i, written in enumerate(text):
        for character in ALPHABET:
            rank = 1 if {written, character} in _LOOK_ALIKE else 3
            yield rank, text[:i] + character + text[i + 1 :]
