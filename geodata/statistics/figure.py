"""A figure as anybody may read it: what was counted in a closed period, or why no number is said."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from geodata.statistics.known_time import KnownTime


class FigureState(StrEnum):
    """Why a figure has a number or none."""

    COUNTED = "counted"
    ESTIMATED = "estimated"  # of more of the time counters told only afterwards how many had passed than by the hour
    HIDDEN = "hidden"  # so small that it might tell of single persons, or beside such a number
    NO_DATA = "no-data"  # nobody counted: this is not 0

    @property
    def has_number(self) -> bool:
        """Whether a number is said."""
        return self is _COUNTED or self is _ESTIMATED


# Members are looked up once: of tens of thousands of figures at a time that is felt.
_COUNTED, _ESTIMATED = FigureState.COUNTED, FigureState.ESTIMATED


def state_of_number(time: KnownTime) -> FigureState:
    """That of a figure with a number: by shares of the time alone, which tell nothing of the count."""
    return _ESTIMATED if time.estimated > time.coverage else _COUNTED


class Figure(msgspec.Struct, frozen=True, gc=False):
    """How many there were in ``start`` ≤ time < ``end`` (aware, UTC), a closed period.

    ``count`` is None exactly where ``state`` has no number; then ``time``, how much of the time is known, never says
    "at least".
    """

    start: datetime
    end: datetime
    count: int | None
    state: FigureState
    time: KnownTime
