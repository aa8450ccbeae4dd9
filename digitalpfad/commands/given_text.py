"""Texts that an operator gives as options: what pages and terminals would not show as it is written is refused."""

from __future__ import annotations

from geodata.errors import InvalidInput
from geodata.messages.message import message, phrase
from geodata.text.broken import UNFIT, is_line, is_visible

LONGEST_NAME, LONGEST_SENTENCE = 80, 1000


def one_line(option: str, text: str, most: int, *, may_be_empty: bool = False) -> str:
    """``text`` without the blanks around it; raises InvalidInput where it is no line of at most ``most`` characters."""
    stripped = text.strip()
    if not stripped and may_be_empty:
        return ""
    if not is_line(stripped, most):
        expected = message("one line of 1 to {most} characters that can be seen", most=most)
        raise InvalidInput(option, text, expected, "Leave out line breaks and what steers a terminal.")
    return stripped


def plain(option: str, text: str) -> str:
    """``text``, of one line or several; raises InvalidInput for what a text of a station may not hold, or nothing."""
    if UNFIT.search(text) or not is_visible(text):
        raise InvalidInput(option, text, phrase("plain text"), phrase("Remove invisible control characters."))
    return text
