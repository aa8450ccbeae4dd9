"""Signs of rescue points on a drawn map: each at its place, or beside it where a station's number stands."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

SIGN = 24.0
"""Length of a side, in units of the drawn map."""
_FROM_PLATE = 33.0  # half of a number's 34, half of SIGN, and air
_FROM_SIGN = SIGN + 3
_WAYS = [(0.0, 0.0)] + [
    (reach * math.cos(turn * math.pi / 4), reach * math.sin(turn * math.pi / 4))
    for reach in (26.0, 38.0, 52.0)
    for turn in range(8)
]


@dataclass(frozen=True, slots=True)
class HelpPoint:
    """A rescue point's sign around ``x``, ``y``, for the point ``at_x``, ``at_y``. ``name`` is what is read out."""

    name: str
    x: float
    y: float
    at_x: float
    at_y: float

    @property
    def is_moved(self) -> bool:
        """Whether a leader line to the point is needed."""
        return (self.x, self.y) != (self.at_x, self.at_y)


def place(
    points: Sequence[tuple[str, float, float]], plates: Sequence[tuple[float, float]], room: tuple[float, float]
) -> tuple[HelpPoint, ...]:
    """The signs of ``points`` (name, x, y) within ``room``, none of which hides a plate.

    One for which there is no room is left out, as is one that lies off the map: the list has them all.
    """
    placed: list[HelpPoint] = []
    for name, at_x, at_y in points:
        for east, south in _WAYS if _is_within(at_x, at_y, room) else ():
            x, y = round(at_x + east, 1), round(at_y + south, 1)
            is_free = all(_apart((x, y), plate) >= _FROM_PLATE for plate in plates) and all(
                _apart((x, y), (other.x, other.y)) >= _FROM_SIGN for other in placed
            )
            if is_free and _is_within(x, y, room):
                placed.append(HelpPoint(name, x, y, at_x, at_y))
                break
    return tuple(placed)


def _apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    return max(abs(one[0] - other[0]), abs(one[1] - other[1]))


def _is_within(x: float, y: float, room: tuple[float, float]) -> bool:
    return SIGN / 2 <= x <= room[0] - SIGN / 2 and SIGN / 2 <= y <= room[1] - SIGN / 2
