"""How long a trail takes, for adults and with children, and by which rule."""

from __future__ import annotations

from dataclasses import dataclass

from api.languages.texts import Texts
from api.webapp import wording

CHILDREN = 1.5
"""With children it takes so many times as long: no standard says so, it is what family guides reckon with."""


@dataclass(frozen=True, slots=True)
class WalkingTimes:
    """Both times in words."""

    adults: str
    children: str


def of(minutes: float, t: Texts) -> WalkingTimes:
    """The times for a walk that takes so many minutes by DIN 33466."""
    return WalkingTimes(wording.duration(minutes, t), wording.duration(CHILDREN * minutes, t))
