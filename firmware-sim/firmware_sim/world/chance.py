"""Chance that can be asked again: the same keys give the same number, in any order and in any process."""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from functools import lru_cache

_MASK = (1 << 64) - 1


def key_of(name: str) -> int:
    """Turn a name into a key; unlike ``hash()`` the same in every process."""
    return zlib.crc32(name.encode())


def mix(*keys: int) -> int:
    """Scramble integers into 64 bits (the finaliser of splitmix64, folded over the keys)."""
    state = 0
    for key in keys:
        state = (state + key + 0x9E3779B97F4A7C15) & _MASK
        state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & _MASK
        state ^= state >> 31
    return state


def chance(*keys: int) -> float:
    """A number in 0..1 (1 excluded), evenly spread."""
    return (mix(*keys) >> 11) / (1 << 53)


def bell(*keys: int) -> float:
    """A number around 0 with a standard deviation of about 1, never beyond ±3.5."""
    return (sum(chance(*keys, part) for part in range(4)) - 2.0) * math.sqrt(3.0)


def choose(share: float, weights: Sequence[float]) -> int:
    """The index of the weight in which ``share`` (0..1) of the whole sum falls."""
    left = share * sum(weights)
    for index, weight in enumerate(weights):
        left -= weight
        if left < 0:
            return index
    return len(weights) - 1


def clamp(value: float, low: float, high: float) -> float:
    """The nearest number to ``value`` within ``low``..``high``."""
    return low if value < low else min(value, high)


def drift(seed: int, channel: int, t: float, period_s: float) -> float:
    """A smooth curve in -1..1 that wanders about once per ``period_s``, at unix time ``t``."""
    place = t / period_s
    index = math.floor(place)
    share = place - index
    blend = share * share * (3.0 - 2.0 * share)
    left, right = _lattice(seed, channel, index), _lattice(seed, channel, index + 1)
    return left + (right - left) * blend


@lru_cache(maxsize=8192)
def _lattice(seed: int, channel: int, index: int) -> float:
    return 2.0 * chance(seed, channel, index) - 1.0
