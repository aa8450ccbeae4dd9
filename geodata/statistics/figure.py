"""A figure as anybody may read it: what was counted in a closed period, or why no number is said."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec


class FigureState(StrEnum):
    """Why a figure has a number or none."""

    COUNTED = "counted"
    HIDDEN = "hidden"  # so small that it might tell of single persons, or beside such a number
    NO_DATA = "no-data"  # nobody counted: this is not 0


class Figure(msgspec.Struct, frozen=True, gc=False):
    """How many there were in ``start`` ≤ time < ``end`` (aware, UTC), a closed period.

    ``count`` is None exactly where ``state`` is not COUNTED; ``coverage`` is the share of the time that was counted, 0
    to 1.
    """

    start: datetime
    end: datetime
    count: int | None
    state: FigureState
    coverage: float
