"""The languages that messages are translated into: one file of words each, and English, which is in the code."""

from __future__ import annotations

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "locale"
ENGLISH = "en"


@cache
def languages() -> frozenset[str]:
    """Languages such as ``de`` that messages can be said in."""
    return frozenset({ENGLISH, *(path.stem for path in FOLDER.glob("*.po"))})
