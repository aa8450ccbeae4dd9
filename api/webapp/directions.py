"""Directions in words: which way, and how steep. To be translated where they are shown."""

from __future__ import annotations

from geodata.geometry.relief import Slope
from geodata.model.sentences import marked

_COMPASS = (
    marked("nach Norden"),
    marked("nach Nordosten"),
    marked("nach Osten"),
    marked("nach Südosten"),
    marked("nach Süden"),
    marked("nach Südwesten"),
    marked("nach Westen"),
    marked("nach Nordwesten"),
)

_SLOPES = {
    Slope.LEVEL: marked("eben"),
    Slope.GENTLY_UP: marked("leicht bergauf"),
    Slope.UP: marked("bergauf"),
    Slope.STEEPLY_UP: marked("steil bergauf"),
    Slope.GENTLY_DOWN: marked("leicht bergab"),
    Slope.DOWN: marked("bergab"),
    Slope.STEEPLY_DOWN: marked("steil bergab"),
    Slope.UP_AND_DOWN: marked("auf und ab"),
}


def compass_words(heading_deg: float) -> str:
    """One of eight directions for degrees clockwise from north."""
    return _COMPASS[round(heading_deg / 45) % 8]


def slope_words(slope: Slope) -> str:
    """How steep a way is."""
    return _SLOPES[slope]
