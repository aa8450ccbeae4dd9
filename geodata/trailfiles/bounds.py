"""How much of a file is read: bounds far above what trails have, and far below what fills the memory.

A megabyte of text can become a hundred in memory, so the parts that it is made of are counted before a tree is made.
"""

from __future__ import annotations

from geodata.findings.trail_file import Refused
from geodata.messages.message import message, phrase
from geodata.trailfiles.source import EXPORT_AGAIN, SMALLER

MAX_DEPTH = 64
"""How many elements, lists or objects may stand within each other."""

MAX_PARTS = 400_000
"""Elements and attributes of XML that are kept, or values of JSON."""

MAX_VERTICES = 100_000
"""Places in all that is read: a recorder that writes one a second needs 28 hours for them."""


def too_deep(name: str) -> Refused:
    """What to say of a file whose parts stand within each other without end."""
    sentence = message("{name} is nested too deep.", name=name)
    return Refused(
        sentence,
        message("at most {most} levels", most=MAX_DEPTH),
        EXPORT_AGAIN,
        reason="nested-too-deep",
    )


def too_many(name: str) -> Refused:
    """What to say of a file with more places, or more of anything else, than a trail has."""
    sentence = message("{name} holds more than a trail has.", name=name)
    return Refused(
        sentence, message("at most {most:,} places", most=MAX_VERTICES), phrase(SMALLER), reason="too-many-places"
    )
