"""Words for kinds of places, surfaces, passability and directions, as tables, GIS layers and GPS devices write them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import TypeVar

from geodata.model.place import PlaceKind
from geodata.model.section import Passable, Surface
from geodata.model.trail import TrailDirection

_Word = TypeVar("_Word", bound=StrEnum)


def fold(text: str) -> str:
    """A word without what people spell differently: capitals, marks, blanks, and "ae" for "ä" stays "ae"."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in plain if character.isalnum())


def _folded(words: Mapping[_Word, str]) -> dict[str, _Word]:
    """Spellings, separated by commas, to what they mean; an umlaut counts as two letters too."""
    table: dict[str, _Word] = {}
    for meaning, spellings in words.items():
        for spelling in (meaning.value, *spellings.split(",")):
            table[fold(spelling)] = meaning
            table[fold(_two_letters(spelling))] = meaning
    return table


def _two_letters(text: str) -> str:
    return text.casefold().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")


_KINDS = _folded(
    {
        PlaceKind.TOILET: "WC, Toilette, Toiletten, Toilets, Klo, Restroom, Restrooms, öffentliche Toilette,"
        " öffentliches WC, Behindertentoilette, Behinderten-WC, Toilettenanlage",
        PlaceKind.BENCH: "Bank, Bänke, Sitzbank, Sitzbänke, Ruhebank, Ruhebänke, Rastbank, Rastbänke, benches,"
        " Sitzgruppe, Sitzgelegenheit, Picknickbank, Sitzplatz",
        PlaceKind.BUS_STOP: "Bushaltestelle, Bushaltestellen, Haltestelle, Haltestellen, Bus, Bus stop, ÖPNV,"
        " highway=bus_stop, Bushalt, stop position, platform, public transport",
        PlaceKind.PARKING: "Parkplatz, Parkplätze, Wanderparkplatz, Waldparkplatz, Parken, Parking area, Stellplatz,"
        " Stellplätze, amenity=parking",
        PlaceKind.RESCUE_POINT: "Rettungspunkt, Rettungspunkte, Forstrettungspunkt, Rettungstafel, Notfallpunkt,"
        " Notfalltreffpunkt, Anfahrpunkt, Rettungsanfahrpunkt, emergency access point, emergency point, rescue,"
        " highway=emergency_access_point",
        PlaceKind.ROAD_ACCESS: "Zufahrt, Straßenzufahrt, Straßenzugang, Rettungszufahrt, nächste Straße, Straße,"
        " access road, Waldzufahrt, Anfahrt",
        PlaceKind.SHELTER: "Schutzhütte, Schutzhütten, Unterstand, Unterstände, Wetterschutz, Schutzdach, Hütte",
        PlaceKind.DRINKING_WATER: "Trinkwasser, Trinkbrunnen, Trinkwasserbrunnen, Trinkwasserstelle, water",
        PlaceKind.FOOD: "Gaststätte, Gasthaus, Gasthof, Restaurant, Einkehr, Café, Imbiss, Biergarten, Kiosk,"
        " fast food, pub, Verpflegung",
    }
)
_SAYS_MORE = frozenset(
    map(
        fold,
        (
            "Wanderparkplatz", "Waldparkplatz", "Behindertentoilette", "Behinderten-WC", "Toilettenanlage",
            "Picknickbank", "Sitzgruppe", "Waldzufahrt", "Rettungszufahrt", "Trinkbrunnen", "Trinkwasserbrunnen",
            "Gasthaus", "Gasthof", "Restaurant", "Café", "Imbiss", "Biergarten", "Kiosk", "pub", "fast food",
        ),
    )
)  # fmt: skip
"""Words for a kind that say more than the page's own word for it."""
_AMBIGUOUS = frozenset(
    map(fold, ("Bus", "Water", "Rescue", "Straße", "Anfahrt", "Hütte", "Stellplatz", "Sitzplatz", "platform", "pub"))
)
"""Words that say a kind in a column of kinds and, at the beginning of a name, may be anything."""

_SURFACES = _folded(
    {
        Surface.ASPHALT: "Asphalt, Teer, geteert, asphaltiert, Straße, Beton, concrete, paved",
        Surface.PAVING: "Pflaster, gepflastert, Pflastersteine, Platten, paving_stones, sett, cobblestone",
        Surface.FINE_GRAVEL: "Feinschotter, feiner Schotter, feiner Kies, wassergebunden, wassergebundene Decke,"
        " wassergebundene Wegedecke, feiner Splitt, Splitt, compacted, Sand-Splitt, Schotterrasen",
        Surface.GRAVEL: "Schotter, Kies, Grobschotter, grober Schotter, geschottert, pebblestone",
        Surface.EARTH: "Erde, Waldboden, Naturboden, Naturweg, Erdweg, Lehm, ground, dirt, mud, unbefestigt, unpaved,"
        " Pfad",
        Surface.GRASS: "Gras, Wiese, Rasen, Wiesenweg, Grasweg",
        Surface.SAND: "Sand, Sandweg",
        Surface.ROOTS_AND_ROCKS: "Wurzeln, Wurzelpfad, Wurzeln und Steine, Felsen, Fels, Steine, rock, steinig",
        Surface.BOARDWALK: "Holzsteg, Steg, Bohlen, Bohlenweg, Bohlensteg, Holz, wood, Knüppeldamm, Brücke",
        Surface.STAIRS: "Treppe, Treppen, Stufen, steps",
    }
)
_PASSABLE = _folded(
    {
        Passable.YES: "ja, j, y, gut, geeignet, barrierefrei, rollstuhlgerecht, frei, true, wahr, 1, designated",
        Passable.LIMITED: "eingeschränkt, bedingt, teilweise, mit Hilfe, mit Einschränkung, teils, schwierig, begrenzt,"
        " bedingt geeignet, partly",
        Passable.NO: "nein, n, nicht, ungeeignet, nicht geeignet, false, falsch, 0, unmöglich",
    }
)
_DIRECTIONS = _folded(
    {
        TrailDirection.CLOCKWISE: "im Uhrzeigersinn, Uhrzeigersinn, rechtsherum, cw",
        TrailDirection.ANTICLOCKWISE: "gegen den Uhrzeigersinn, linksherum, counterclockwise, ccw, anti-clockwise",
        TrailDirection.ONE_WAY: "Einbahn, eine Richtung, nur hin, in einer Richtung, oneway, one way",
        TrailDirection.EITHER: "beide, beide Richtungen, beidseitig, egal, both, in beiden Richtungen, beliebig",
    }
)
_UNKNOWN = frozenset(fold(word) for word in ("unbekannt", "unknown", "k. A.", "keine Angabe", "nicht bekannt", "n/a"))


def is_unknown(text: str) -> bool:
    """Whether a cell says that nobody knows: empty, a dash, "unbekannt"."""
    return not text.strip(" -–—?") or fold(text) in _UNKNOWN


def kind_of(text: str) -> PlaceKind | None:
    """What a column of kinds, a GPX symbol or a layer's name means, or None."""
    return _KINDS.get(fold(text))


def kind_in_name(name: str) -> tuple[PlaceKind, str] | None:
    """The kind that a name begins with, and the rest of it: "Bushaltestelle Waldhof", "WC"; None for any other.

    A bench is one only where nothing but a number follows: "Bank der Klasse 4b" may well be a station.
    """
    words = name.split()
    for count in range(min(3, len(words)), 0, -1):
        head, rest = " ".join(words[:count]).rstrip(":,.–-"), " ".join(words[count:]).lstrip("–-: ")
        kind = kind_of(head)
        if kind is None or fold(head) in _AMBIGUOUS:
            continue
        if kind is PlaceKind.BENCH and rest.strip("0123456789 .#"):
            return None
        return kind, rest
    return None


def is_only_kind(name: str, kind: PlaceKind) -> bool:
    """Whether a name says no more than the kind: "WC" of a toilet does not, "Wanderparkplatz" of a car park does.

    No word for a rescue point is a name of one: that is what stands on its sign.
    """
    return kind_of(name) is kind and (kind is PlaceKind.RESCUE_POINT or fold(name) not in _SAYS_MORE)


def surface_of(text: str) -> Surface | None:
    """What a column of surfaces means, or None; words of OpenStreetMap too."""
    return _SURFACES.get(fold(text))


def passable_of(text: str) -> Passable | None:
    """What a column about wheels means, or None."""
    return _PASSABLE.get(fold(text))


def direction_of(text: str) -> TrailDirection | None:
    """What a word for the direction of walking means, or None."""
    return _DIRECTIONS.get(fold(text))


def listed(words: Iterable[StrEnum]) -> str:
    """The words that are written in files, for "expected one of …"."""
    return ", ".join(word.value for word in words)
