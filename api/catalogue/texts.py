"""Which of the texts there are is delivered to whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from geodata.model.station import Station
from geodata.model.trail import Trail

LANGUAGE_TAGS = {"de": "de", "en": "en", "de_simple": "de-simple", "children": "de"}
"""The HTML language tag of each variant."""

_FALLBACK = "de"

Content = TypeVar("Content")


def choose(contents: Mapping[str, Content], variant: str) -> Content | None:
    """The content in ``variant``, else in German, else the first there is; None without any."""
    return contents.get(variant) or contents.get(_FALLBACK) or next(iter(contents.values()), None)


def title_of(station: Station, variant: str = _FALLBACK) -> str:
    """What a station is called; its number where nobody has named it yet."""
    content = choose(station.contents, variant)
    return content.title if content else f"Station {station.number}"


def name_of(trail: Trail, variant: str = _FALLBACK) -> str:
    """What a trail is called; its slug where nobody has named it yet."""
    content = choose(trail.contents, variant)
    return content.name if content else trail.slug
