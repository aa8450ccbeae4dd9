"""Stretches along a trail: what the ground is like, and who gets along. Distances are metres, widths centimetres."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Surface(StrEnum):
    """What people walk on."""

    ASPHALT = "asphalt"
    PAVING = "paving"
    FINE_GRAVEL = "fine_gravel"  # bound with water, rolled: firm under narrow wheels
    GRAVEL = "gravel"  # loose
    EARTH = "earth"
    GRASS = "grass"
    SAND = "sand"
    ROOTS_AND_ROCKS = "roots_and_rocks"
    BOARDWALK = "boardwalk"
    STAIRS = "stairs"


class Passable(StrEnum):
    """Whether wheels get along. What nobody has said is None, and pages say so: it is never guessed."""

    YES = "yes"
    LIMITED = "limited"  # with help, or with strong wheels
    NO = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A stretch of a trail from ``from_m`` to ``to_m``, metres along its line from the start.

    None of ``surface``, ``steps``, ``wheelchair``, ``pram`` and ``width_cm`` means that it is not known. ``steps``
    counts the single steps of stairs in the stretch, 0 where there are none; ``width_cm`` is the narrowest place;
    ``note`` is plain German text of the town.
    """

    trail: str
    from_m: float
    to_m: float
    surface: Surface | None = None
    steps: int | None = None
    wheelchair: Passable | None = None
    pram: Passable | None = None
    width_cm: int | None = None
    note: str = ""

    @property
    def length_m(self) -> float:
        """How long it is."""
        return self.to_m - self.from_m
