"""The places beside a trail as the map page shows them: signs on the map, and the list that says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.languages.texts import Texts
from api.webapp.views.trails import places as places_view
from api.webapp.views.trails.facts_words import KINDS
from api.webapp.views.trails.places import PlaceLine
from geodata.model.place import Place


@dataclass(frozen=True, slots=True)
class MapPlace:
    """A place with its sign. ``kind`` names the drawing; ``line`` is what else is known in words.

    ``label`` says the kind; empty where the name says it, as in "Schutzhütte an den Teichen".
    """

    kind: str
    label: str
    line: PlaceLine
    lon: float
    lat: float


def build(places: Sequence[Place], t: Texts) -> tuple[MapPlace, ...]:
    """The places, help first, each sort along the trail: in this order signs get room on the map."""
    return tuple(
        MapPlace(kind.value, places_view.kind_label(place, t), places_view.line(place, t), place.lon, place.lat)
        for kind in KINDS
        for place in places
        if place.kind is kind
    )
