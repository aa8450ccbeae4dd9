"""«Wo bin ich, wen rufe ich?»: what somebody at a station needs to say in an emergency, complete on the page itself."""

from __future__ import annotations

import re
from dataclasses import dataclass

from api.catalogue.lookup import next_station, previous_station
from api.catalogue.snapshot import Snapshot
from api.webapp import wording
from api.webapp.views.frame import Frame, Words
from api.webapp.views.parts import said_name, said_title
from geodata.geometry.line import TrailGeometry
from geodata.model import operator as operator_lines
from geodata.model.operator import Operator
from geodata.model.place import Place, PlaceKind
from geodata.model.sentences import marked
from geodata.model.station import Station

_DECIMALS = 5  # a metre
_LEAST_DIGITS = 3
_HERE_M = 15.0  # positions in the forest are no better
_HELPERS = (
    (PlaceKind.RESCUE_POINT, marked("Rettungspunkt")),
    (PlaceKind.ROAD_ACCESS, marked("Zufahrt für Autos")),
)
_HERE, _AHEAD, _BEHIND = marked("hier"), marked("%(distance)s weiter"), marked("%(distance)s zurück")


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone as people read it, and as a link."""

    name: str
    number: str
    href: str


@dataclass(frozen=True, slots=True)
class Nearby:
    """A place for helpers: what it is, its name in the town's language, and how far along the trail."""

    what: str
    name: Words
    way: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """Where a station is, in words and degrees, and who comes.

    ``title`` and ``trail`` are as helpers know them, then as the page's readers do, where that differs.
    ``between`` is empty where there is one station only; ``nearby`` are the next rescue point and the next access for
    cars, where somebody has written them down.
    """

    number: int
    title: tuple[Words, ...]
    trail: tuple[Words, ...]
    municipality: str
    between: str
    degrees: str
    geo: str
    nearby: tuple[Nearby, ...]
    office: Phone | None


def build(snapshot: Snapshot, station: Station, default: Operator, frame: Frame) -> Whereabouts:
    """The whereabouts of a station; ``default`` is the operator of the settings."""
    catalogue = snapshot.catalogue
    trail = catalogue.trails[station.trail]
    municipality = catalogue.municipalities[trail.municipality]
    place = degrees_of(station.lon, station.lat, frame)
    return Whereabouts(
        number=station.number,
        title=said_title(station, frame),
        trail=said_name(trail, frame),
        municipality=municipality.name,
        between=_between(snapshot, station, frame),
        degrees=place[0],
        geo=place[1],
        nearby=tuple(filter(None, (_nearest(snapshot, station, kind, what, frame) for kind, what in _HELPERS))),
        office=phone_of(operator_lines.effective(municipality.operator, default), municipality.name),
    )


def degrees_of(lon: float, lat: float, frame: Frame) -> tuple[str, str]:
    """A point in degrees to be read out, and as a link to an app of maps."""
    north = degrees(lat, frame, frame.t("Nord"), frame.t("Süd"))
    east = degrees(lon, frame, frame.t("Ost"), frame.t("West"))
    return f"{north}, {east}", f"geo:{lat:.{_DECIMALS}f},{lon:.{_DECIMALS}f}"


def degrees(value: float, frame: Frame, positive: str, negative: str) -> str:
    """Degrees to be read out, in groups of digits: «52,051 55° Nord»."""
    text = wording.number(abs(value), _DECIMALS, frame.t)
    return f"{text[:-2]}\u202f{text[-2:]}° {positive if value >= 0 else negative}"


def phone_of(operator: Operator, town: str) -> Phone | None:
    """The forest office, else whoever runs the trail; None where no number can be called."""
    offices = ((operator.forest_office, operator.forest_phone), (operator.name or town, operator.phone))
    for name, number in offices:
        digits = re.sub(r"[^0-9+]", "", number.replace("(0)", ""))
        if len(digits) >= _LEAST_DIGITS:
            return Phone(name or operator.name or town, number, f"tel:{digits}")
    return None


def _nearest(snapshot: Snapshot, station: Station, kind: PlaceKind, what: str, frame: Frame) -> Nearby | None:
    """The place of a kind that is nearest on foot along the trail."""
    geometry = snapshot.geometries.get(station.trail)
    places = [place for place in snapshot.catalogue.places.get(station.trail, ()) if place.kind is kind]
    if geometry is None or not places:
        return None
    ways = [(*_way_to(geometry, station.along_m, place), place) for place in places]
    metres, is_ahead, place = min(ways, key=lambda way: way[0])
    distance = wording.distance(metres, frame.t)
    text = _HERE if metres < _HERE_M else _AHEAD if is_ahead else _BEHIND
    way = frame.t(text, distance=distance) if text != _HERE else frame.t(text)
    return Nearby(frame.t(what), Words.german(place.name), way)


def _way_to(geometry: TrailGeometry, along_m: float, place: Place) -> tuple[float, bool]:
    """Metres to walk to a place, and whether one goes on for it or back."""
    forward = geometry.forward_m(along_m, place.along_m)
    is_ahead = place.along_m >= along_m if not geometry.is_loop else forward <= geometry.length_m / 2
    back = geometry.length_m - forward if geometry.is_loop else forward
    return (forward if is_ahead else back) + place.off_m, is_ahead


def _between(snapshot: Snapshot, station: Station, frame: Frame) -> str:
    """As in «Zwischen Station 3 und 5, 420 m hinter Station 3»."""
    before = previous_station(snapshot, station.trail, station.along_m, besides=station.code)
    after = next_station(snapshot, station.trail, station.along_m, besides=station.code)
    if before is None or before.way is None:
        return ""
    distance, t = wording.distance(before.way.distance_m, frame.t), frame.t
    if after is None or after.station.number == before.station.number:
        return t("%(distance)s hinter Station %(before)s.", distance=distance, before=before.station.number)
    return t(
        "Zwischen Station %(before)s und %(after)s, %(distance)s hinter Station %(before)s.",
        before=before.station.number,
        after=after.station.number,
        distance=distance,
    )
