"""Quotes as word processors and phones set them: „German“, “English”, »books«, ‚single‘."""

from __future__ import annotations

_PAIRS = {
    "„": "“”„",
    "“": "”“",
    "”": "”",
    "»": "«",
    "«": "»",
    "‚": "‘’",
    "‘": "’",
    "’": "’",
    "‹": "›",
    "›": "‹",
    "´": "´",
    "`": "`´",
}
_STRAIGHT = "\"'"
_ALL = frozenset({*_PAIRS, *"".join(_PAIRS.values())})


def in_quotes(text: str) -> str | None:
    """What is in one pair of typographic quotes that holds all of ``text``; None where it is not so.

    «„A“ und „B“» begins and ends with a quote and is no quotation as a whole; nor is one with a quote left open in it.
    """
    if len(text) < 3 or text[-1] not in _PAIRS.get(text[0], ""):
        return None
    inner = text[1:-1]
    return None if any(letter in {text[0], *_PAIRS[text[0]]} - {"’"} for letter in inner) else inner.strip()


def mixed_quotes(text: str) -> bool:
    """Whether ``text`` begins with a quote and ends with one of another kind, one of them straight."""
    if len(text) < 2:
        return False
    first, last = text[0], text[-1]
    opened_straight = first in _STRAIGHT and last in _ALL and first not in text[1:]
    return opened_straight or (first in _PAIRS and last in _STRAIGHT and last not in text[:-1])
