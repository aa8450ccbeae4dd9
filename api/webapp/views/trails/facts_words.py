"""What people call kinds of places, grounds and passability; to be translated where they are shown."""

from __future__ import annotations

from collections.abc import Mapping

from geodata.model.place import PlaceKind
from geodata.model.section import Passable, Surface
from geodata.model.sentences import marked
from geodata.model.trail import TrailDirection

KINDS: Mapping[PlaceKind, str] = {
    PlaceKind.RESCUE_POINT: marked("Rettungspunkt"),
    PlaceKind.ROAD_ACCESS: marked("Nächste Straße für Helfer"),
    PlaceKind.BUS_STOP: marked("Bushaltestelle"),
    PlaceKind.PARKING: marked("Parkplatz"),
    PlaceKind.TOILET: marked("Toilette"),
    PlaceKind.BENCH: marked("Bank"),
    PlaceKind.SHELTER: marked("Schutzhütte"),
    PlaceKind.DRINKING_WATER: marked("Trinkwasser"),
    PlaceKind.FOOD: marked("Essen und Trinken"),
}

SURFACES: Mapping[Surface, str] = {
    Surface.ASPHALT: marked("Asphalt"),
    Surface.PAVING: marked("Pflaster"),
    Surface.FINE_GRAVEL: marked("fester, feiner Schotter"),
    Surface.GRAVEL: marked("Schotter"),
    Surface.EARTH: marked("Waldboden"),
    Surface.GRASS: marked("Gras"),
    Surface.SAND: marked("Sand"),
    Surface.ROOTS_AND_ROCKS: marked("Wurzeln und Steine"),
    Surface.BOARDWALK: marked("Holzsteg"),
    Surface.STAIRS: marked("Treppe"),
}

PASSABLE: Mapping[Passable | None, str] = {
    Passable.YES: marked("geht gut"),
    Passable.LIMITED: marked("geht mit Hilfe"),
    Passable.NO: marked("geht nicht"),
    None: marked("nicht bekannt"),
}

DIRECTIONS: Mapping[TrailDirection | None, str] = {
    TrailDirection.CLOCKWISE: marked("Die Schilder führen im Uhrzeigersinn."),
    TrailDirection.ANTICLOCKWISE: marked("Die Schilder führen gegen den Uhrzeigersinn."),
    TrailDirection.ONE_WAY: marked("Die Schilder führen nur vom Start zum Ziel."),
    TrailDirection.EITHER: marked("Die Schilder führen in beide Richtungen."),
    None: marked("In welche Richtung die Schilder führen, ist nicht bekannt."),
}
