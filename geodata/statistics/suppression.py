"""Small counts are not published: one rule for every page, file and interface."""

from __future__ import annotations

K = 5
"""The smallest count of people that is published; 0 is one too, since it says nothing of anybody."""


def published(count: int) -> int | None:
    """The count, or None where it is so small that it might tell of single persons."""
    return count if count == 0 or count >= K else None
