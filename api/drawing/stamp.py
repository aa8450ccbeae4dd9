"""A stamp for each station: the slice of a tree whose rings no other code has. Drawn the same on every day."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from math import cos, pi, sin

SIZE = 96
"""Width and height of the drawing."""

_POINTS = 11  # of a ring; more make it round again
_BARK = 43.0
_RINGS = (38.0, 31.0, 24.0)  # what is inside is free for the number
_UNEVEN = 0.085  # share of the radius by which a year was better on one side


@dataclass(frozen=True, slots=True)
class Stamp:
    """SVG paths in a square of SIZE: the bark, the rings of the years, and the crack that drying wood gets."""

    bark: str
    rings: str
    crack: str


def draw(seed: str) -> Stamp:
    """The stamp of ``seed``: a station's code, or a trail's slug for its badge."""
    noise = _noise(seed)
    lobes = [(order, noise[order] * 2 * pi, _UNEVEN * (0.4 + noise[order + 4]) / order) for order in (2, 3, 4)]

    def ring(radius: float, age: float) -> str:
        """A closed curve; ``age`` is 1 at the bark: the young tree was rounder."""
        corners = [
            _at(angle, radius * (1 + age * sum(size * cos(order * angle + turn) for order, turn, size in lobes)))
            for angle in (2 * pi * i / _POINTS for i in range(_POINTS))
        ]
        return _closed(corners)

    turn = noise[9] * 2 * pi
    inner, outer = _at(turn, _RINGS[-1] - 1), _at(turn + 0.1 * (noise[10] - 0.5), _BARK - 1)
    return Stamp(
        bark=ring(_BARK, 1),
        rings="".join(ring(radius, 0.9 - i * 0.3) for i, radius in enumerate(_RINGS)),
        crack=f"M{_text(inner)}L{_text(outer)}",
    )


def _noise(seed: str) -> list[float]:
    """Numbers from 0 to 1 that belong to ``seed``."""
    return [byte / 255 for byte in hashlib.sha256(seed.encode()).digest()]


_Point = tuple[float, float]


def _at(angle: float, radius: float) -> _Point:
    return SIZE / 2 + radius * cos(angle), SIZE / 2 + radius * sin(angle)


def _closed(corners: list[_Point]) -> str:
    """A smooth curve: through the middles between corners, which it leans to."""
    middles = [((x + u) / 2, (y + v) / 2) for (x, y), (u, v) in zip(corners, [*corners[1:], corners[0]], strict=True)]
    curves = "".join(f"Q{_text(corner)} {_text(middle)}" for corner, middle in zip(corners, middles, strict=True))
    return f"M{_text(middles[-1])}{curves}Z"


def _text(point: _Point) -> str:
    return f"{point[0]:.0f} {point[1]:.0f}"
