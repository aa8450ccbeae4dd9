"""Up and down along a line: ascent without the noise of the height data, walking time, height profile, slope."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise

HYSTERESIS_M = 3.0
"""A rise counts only once it reaches this many metres without a fall of as many, and the other way round.

Heights from maps and GPS tremble by one or two metres from point to point; added up as they are, a level path of
5 km climbs a hundred metres. A single swing of 3 m or more keeps its full height.
"""


class Slope(StrEnum):
    """How a stretch goes, as one would say it."""

    LEVEL = "level"
    GENTLY_UP = "gently_up"
    UP = "up"
    STEEPLY_UP = "steeply_up"
    GENTLY_DOWN = "gently_down"
    DOWN = "down"
    STEEPLY_DOWN = "steeply_down"
    UP_AND_DOWN = "up_and_down"


def climb(heights: Sequence[float], hysteresis_m: float = HYSTERESIS_M) -> tuple[float, float]:
    """Ascent and descent in metres, both ≥ 0, of heights in walking order."""
    steps = [after - before for before, after in pairwise(_turning_points(heights, hysteresis_m))]
    return sum(step for step in steps if step > 0), -sum(step for step in steps if step < 0)


def _turning_points(heights: Sequence[float], hysteresis_m: float) -> list[float]:
    """Alternating lows and highs that differ by at least ``hysteresis_m``."""
    turns: list[float] = []
    low = high = heights[0] if heights else 0.0
    rising: bool | None = None
    for height in heights:
        if rising is not True and height - low >= hysteresis_m:
            turns.append(low)
            rising, high = True, height
        elif rising is not False and high - height >= hysteresis_m:
            turns.append(high)
            rising, low = False, height
        low, high = min(low, height), max(high, height)
    if rising is None:
        return []
    return [*turns, high if rising else low]


def walking_minutes(length_m: float, ascent_m: float, descent_m: float) -> float:
    """Walking time by DIN 33466: 4 km/h on the level, 300 m/h up, 500 m/h down; the larger plus half the smaller."""
    level = length_m / 4000
    vertical = ascent_m / 300 + descent_m / 500
    return 60 * (max(level, vertical) + min(level, vertical) / 2)


def slope(distance_m: float, ascent_m: float, descent_m: float) -> Slope:
    """The word for a stretch; a stretch without length is level."""
    rise = ascent_m - descent_m
    if min(ascent_m, descent_m) >= max(2 * HYSTERESIS_M, abs(rise) / 2):
        return Slope.UP_AND_DOWN
    percent = 100 * rise / distance_m if distance_m > 0 else 0.0
    if abs(percent) < 1.5:
        return Slope.LEVEL
    gentle, plain, steep = (
        (Slope.GENTLY_UP, Slope.UP, Slope.STEEPLY_UP)
        if percent > 0
        else (Slope.GENTLY_DOWN, Slope.DOWN, Slope.STEEPLY_DOWN)
    )
    if abs(percent) < 5:
        return gentle
    return plain if abs(percent) < 12 else steep
