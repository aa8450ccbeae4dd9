"""Who wrote a text in plain language, and which group of readers checked which words of it (DIN SPEC 33429).

A check holds for the words that were read. Whether it still does is worked out from the words each time and is stored
nowhere: whichever way a text was changed, it is no longer called checked.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256

_DIGITS = 16  # of the digest: people compare and copy it


class CheckState(StrEnum):
    """What may be said of a text in plain language."""

    UNCHECKED = "unchecked"
    CHECKED = "checked"
    OUTDATED = "outdated"  # the words are others than those that were checked


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainLanguage:
    """``translator`` wrote the text; the group ``checked_by`` read it on ``checked_on``; all may be unknown.

    ``checked_text`` is the digest of the words that the group read, see digest(); empty where nobody has said which.
    """

    translator: str = ""
    checked_by: str = ""
    checked_on: date | None = None
    checked_text: str = ""

    @property
    def claims_check(self) -> bool:
        """Whether it names a group and a day; of which words is another question."""
        return bool(self.checked_by) and self.checked_on is not None

    def state(self, words: Iterable[str]) -> CheckState:
        """What may be said of a text with these words."""
        if not self.claims_check:
            return CheckState.UNCHECKED
        return CheckState.CHECKED if self.checked_text == digest(words) else CheckState.OUTDATED


def digest(words: Iterable[str]) -> str:
    """16 hexadecimal digits that stand for these words in this order; blanks at the ends of lines make no difference.

    The ends of lines themselves do: a line of plain language holds one thought.
    """
    hashed = sha256()
    for part in words:
        lines = unicodedata.normalize("NFC", part).strip().splitlines()
        plain = "\n".join(line.rstrip() for line in lines).encode()
        hashed.update(f"{len(plain)}:".encode())
        hashed.update(plain)
    return hashed.hexdigest()[:_DIGITS]
