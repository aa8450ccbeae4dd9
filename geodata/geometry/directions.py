"""Directions in words: which way, and how steep."""

from __future__ import annotations

from geodata.geometry.relief import Slope

_COMPASS: dict[str, tuple[str, ...]] = {
    "de": (
        "nach Norden",
        "nach Nordosten",
        "nach Osten",
        "nach Südosten",
        "nach Süden",
        "nach Südwesten",
        "nach Westen",
        "nach Nordwesten",
    ),
    "en": (
        "to the north",
        "to the north-east",
        "to the east",
        "to the south-east",
        "to the south",
        "to the south-west",
        "to the west",
        "to the north-west",
    ),
}

_SLOPES: dict[str, dict[Slope, str]] = {
    "de": {
        Slope.LEVEL: "eben",
        Slope.GENTLY_UP: "leicht bergauf",
        Slope.UP: "bergauf",
        Slope.STEEPLY_UP: "steil bergauf",
        Slope.GENTLY_DOWN: "leicht bergab",
        Slope.DOWN: "bergab",
        Slope.STEEPLY_DOWN: "steil bergab",
        Slope.UP_AND_DOWN: "auf und ab",
    },
    "en": {
        Slope.LEVEL: "level",
        Slope.GENTLY_UP: "gently uphill",
        Slope.UP: "uphill",
        Slope.STEEPLY_UP: "steeply uphill",
        Slope.GENTLY_DOWN: "gently downhill",
        Slope.DOWN: "downhill",
        Slope.STEEPLY_DOWN: "steeply downhill",
        Slope.UP_AND_DOWN: "up and down",
    },
}


def compass_words(heading_deg: float, variant: str = "de") -> str:
    """One of eight directions for degrees clockwise from north; a variant without words of its own speaks German."""
    words = _COMPASS.get(variant, _COMPASS["de"])
    return words[round(heading_deg / 45) % 8]


def slope_words(slope: Slope, variant: str = "de") -> str:
    """The slope in words; a variant without words of its own speaks German."""
    return _SLOPES.get(variant, _SLOPES["de"])[slope]
