"""What a text was and became, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """A line that stayed, went (``was``) or came (``became``)."""

    kind: Literal["same", "was", "became"]
    text: str


def compared(before: str, after: str) -> list[ComparedLine]:
    """The lines of both in order; what stayed is there once."""
    return list(_compared(before.splitlines(), after.splitlines()))


def _compared(before: list[str], after: list[str]) -> Iterator[ComparedLine]:
    for tag, first, last, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (ComparedLine("same", line) for line in before[first:last])
        else:
            yield from (ComparedLine("was", line) for line in before[first:last])
            yield from (ComparedLine("became", line) for line in after[start:end])
