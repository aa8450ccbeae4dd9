"""What hikers read of a measured value: German texts, which the catalogues of the pages translate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Levels = tuple[tuple[float, str], ...]
"""Bound and sentence: a value below (not at) the bound reads this; the bounds rise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentences:
    """The sentences of one observed property; without any of them a page says its name and number.

    ``at_kind`` are the levels at devices of a kind, instead of ``levels``. ``stands`` says the value itself,
    ``%(value)s``. ``more`` and ``less`` than yesterday, ``%(difference)s``, are said from ``smallest`` on, those than
    at another station, ``more_there`` and ``less_there`` with its ``%(number)s``, from twice that. ``highest`` and
    ``lowest``: the value is beyond all of the last ``%(days)s`` days.
    """

    levels: Levels = ()
    at_kind: Mapping[str, Levels] = field(default_factory=dict[str, Levels], hash=False)
    stands: str = ""
    more: str = ""
    less: str = ""
    smallest: float = 0.0
    more_there: str = ""
    less_there: str = ""
    highest: str = ""
    lowest: str = ""


NO_SENTENCES = Sentences()


def marked(text: str) -> str:
    """Mark a text that is translated later, where it is shown; returns it as it is."""
    return text
