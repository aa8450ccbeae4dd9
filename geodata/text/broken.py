"""Letters that were broken on their way: control characters, and umlauts that were encoded twice or lost.

One place for the texts of content folders and the names in geodata files, so that both refuse the same.
"""

from __future__ import annotations

import re
import unicodedata

INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u206a-\u206f\ufff9-\ufffb]")
"""Control characters but tab and line feed, the separators that browsers take for line ends, and turns of direction.

The embeddings and overrides U+202A to U+202E show all that follows in another order than it is stored in, so that
editors approve of what nobody will read; U+206A to U+206F are given up by Unicode. Texts in Arabic or Hebrew need none
of them: the marks U+200E, U+200F and U+061C stay, and so do the isolates U+2066 to U+2069, which Unicode (UAX 9) puts
in the place of embeddings and which end with their paragraph.
"""

HALF_LETTERS = re.compile("[\ud800-\udfff]")
"""Halves of surrogates: bytes of an argument or a name that are no UTF-8, and escapes such as "\\uD800" alone."""

UNFIT = re.compile(f"{INVISIBLE.pattern}|{HALF_LETTERS.pattern}")
"""What no text for people holds, however many lines it has."""

TWICE_ENCODED = re.compile("Ã[¤¶¼Ÿ„–œ©]|Â[»«°]|â€|\ufffd")
"""UTF-8 that was read as Windows-1252 ("FÃ¶rster"), and U+FFFD, which stands where a letter was lost."""

STEERING = (*range(32), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x2070), 0xFFF9, 0xFFFA, 0xFFFB)
"""Code points that steer a terminal: control characters, and those that turn the order of what is shown.

Other format characters (soft hyphen, joiners, marks of direction), the many blanks and letters newer than this Python
do no harm.
"""

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Mn", "Me"})
_FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and a symbol by their category, shown as a blank
_UNWANTED = frozenset(map(chr, (*STEERING, 0x2028, 0x2029, *range(0xD800, 0xE000))))


def is_one_line(text: str) -> bool:
    """Whether a text can be in one line: no control characters, line ends, turns of direction or half letters.

    Unlike ``str.isprintable`` it takes no-break spaces and soft hyphens, which people paste from word processors.
    """
    return _UNWANTED.isdisjoint(text)


def is_line(text: str, most: int) -> bool:
    """Whether it is one line of at most ``most`` characters of which people see anything."""
    return len(text) <= most and is_one_line(text) and is_visible(text)


def is_visible(text: str) -> bool:
    """Whether people see anything of it: not of blanks, joiners and marks alone, with which a name looks empty."""
    return any(unicodedata.category(c) not in _UNSEEN and c not in _FILLERS for c in text)
