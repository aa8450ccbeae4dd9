"""Places beside a trail, sort by sort, with where each is in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.languages.texts import Texts
from api.webapp import wording
from api.webapp.views.trails.facts_words import KINDS
from geodata.facts.words import kind_in_name
from geodata.model.place import Place, PlaceKind
from geodata.model.section import Passable
from geodata.model.sentences import marked
from geodata.vocabulary.languages import primary_tag

_AT_START_M = 30.0
_ASIDE_M = 20.0
_WHEELCHAIR = {
    Passable.YES: marked("mit dem Rollstuhl erreichbar"),
    Passable.LIMITED: marked("mit dem Rollstuhl nur mit Hilfe"),
    Passable.NO: marked("nicht mit dem Rollstuhl"),
}
_LEAST_FOLDED = 2
_ALL = marked("an %(number)s Stellen: %(spots)s ab Start")
_MORE = marked("an %(number)s weiteren Stellen: %(spots)s ab Start")
_LOOKED_FOR = (PlaceKind.RESCUE_POINT, PlaceKind.BUS_STOP, PlaceKind.PARKING, PlaceKind.TOILET, PlaceKind.BENCH)
"""What everybody asks for: where there is none of it, the page says so."""


def kind_label(place: Place, t: Texts) -> str:
    """Its kind in words; empty where its German name says that to readers of German: «Parkplatz Unter den Eichen»."""
    named = kind_in_name(place.name)
    is_said = named is not None and named[0] is place.kind and primary_tag(t.language) == "de"
    return "" if is_said else t(KINDS[place.kind])


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A place: its German ``name`` (may be empty), where it is, and what else is known of it in words."""

    name: str
    where: str
    wheelchair: str
    note: str


@dataclass(frozen=True, slots=True)
class PlaceGroup:
    """All places of one sort: each of which more than its place is known, and in one line where the ``others`` are."""

    kind: str
    label: str
    lines: tuple[PlaceLine, ...]
    others: str


@dataclass(frozen=True, slots=True)
class PlacesCard:
    """The places of a trail; ``unknown``: sorts that nobody has entered, as one list of words."""

    groups: tuple[PlaceGroup, ...]
    unknown: str


def build(places: Sequence[Place], t: Texts) -> PlacesCard:
    """The places, help first."""
    there = {place.kind for place in places}
    groups = [
        _group(kind, label, [place for place in places if place.kind is kind], t)
        for kind, label in KINDS.items()
        if kind in there
    ]
    unknown = [t(KINDS[kind]) for kind in _LOOKED_FOR if kind not in there]
    return PlacesCard(tuple(groups), ", ".join(unknown))


def _group(kind: PlaceKind, label: str, places: Sequence[Place], t: Texts) -> PlaceGroup:
    bare = [place for place in places if _is_bare(place)]
    if len(bare) < _LEAST_FOLDED:
        bare = []
    lines = tuple(line(place, t) for place in places if place not in bare)
    spots = ", ".join(wording.distance(place.along_m, t) for place in bare)
    text = _MORE if lines else _ALL
    return PlaceGroup(kind.value, t(label), lines, t(text, number=len(bare), spots=spots) if bare else "")


def _is_bare(place: Place) -> bool:
    """Whether there is nothing to say of it but how far along the trail it is."""
    is_described = place.name or place.note or place.wheelchair
    return not is_described and place.along_m >= _AT_START_M and place.off_m < _ASIDE_M


def where(place: Place, t: Texts) -> str:
    """Where it is: how far along, and how far aside where that is worth a word."""
    along = (
        t("beim Start")
        if place.along_m < _AT_START_M
        else t("%(distance)s ab Start", distance=wording.distance(place.along_m, t))
    )
    if place.off_m < _ASIDE_M:
        return along
    return t("%(where)s, %(distance)s vom Weg", where=along, distance=wording.distance(place.off_m, t))


def line(place: Place, t: Texts) -> PlaceLine:
    """A place in words."""
    wheelchair = t(_WHEELCHAIR[place.wheelchair]) if place.wheelchair else ""
    return PlaceLine(place.name, where(place, t), wheelchair, place.note)
