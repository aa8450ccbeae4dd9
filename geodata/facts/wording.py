"""What places are called in sentences and plans: of their kind, and by their name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from geodata.messages.message import Message, joined, message, phrase
from geodata.model.place import Place, PlaceKind

_ONE = {
    PlaceKind.TOILET: phrase("toilet"),
    PlaceKind.BENCH: phrase("bench"),
    PlaceKind.BUS_STOP: phrase("bus stop"),
    PlaceKind.PARKING: phrase("car park"),
    PlaceKind.RESCUE_POINT: phrase("rescue point"),
    PlaceKind.ROAD_ACCESS: phrase("road access"),
    PlaceKind.SHELTER: phrase("shelter"),
    PlaceKind.DRINKING_WATER: phrase("drinking water"),
    PlaceKind.FOOD: phrase("place to eat"),
}
_SEVERAL = {
    PlaceKind.TOILET: phrase("toilets"),
    PlaceKind.BENCH: phrase("benches"),
    PlaceKind.BUS_STOP: phrase("bus stops"),
    PlaceKind.PARKING: phrase("car parks"),
    PlaceKind.RESCUE_POINT: phrase("rescue points"),
    PlaceKind.ROAD_ACCESS: phrase("road accesses"),
    PlaceKind.SHELTER: phrase("shelters"),
    PlaceKind.DRINKING_WATER: phrase("drinking water"),
    PlaceKind.FOOD: phrase("places to eat"),
}


def kind(of: PlaceKind) -> Message:
    """One place of a kind."""
    return _ONE[of]


def called(place: Place) -> Message:
    """A place in a sentence or a table: "rescue point LIP-1234", "bench"."""
    return message("{kind} {name}", kind=kind(place.kind), name=place.name) if place.name else kind(place.kind)


def counts(places: Iterable[Place]) -> list[Message]:
    """How many there are of each kind, in words."""
    found = Counter(place.kind for place in places)
    return [
        message("{count} {kind}", count=found[each], kind=(_SEVERAL if found[each] > 1 else _ONE)[each])
        for each in PlaceKind
        if each in found
    ]


def listed_places(places: Sequence[Place], most: int = 5) -> Message:
    """The first of them by what they are called, and how many more there are."""
    more = [f"(+{len(places) - most})"] if len(places) > most else []
    return joined([*map(called, places[:most]), *more])
