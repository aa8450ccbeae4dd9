"""«Wo bin ich, wen rufe ich?»: what somebody at a station needs to say in an emergency, complete on the page itself."""

from __future__ import annotations

import re
from dataclasses import dataclass

from api.catalogue.lookup import next_station, previous_station
from api.catalogue.snapshot import Snapshot
from api.webapp import wording
from api.webapp.views.frame import Frame, Words
from api.webapp.views.parts import station_title, trail_name
from geodata.model import operator as operator_lines
from geodata.model.operator import Operator
from geodata.model.station import Station

_DECIMALS = 5  # a metre


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone as people read it, and as a link."""

    name: str
    number: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """Where a station is, in words and degrees, and who comes. ``between`` is empty where there is one station only."""

    number: int
    title: Words
    trail: Words
    municipality: str
    between: str
    north: str
    east: str
    geo: str
    office: Phone | None


def build(snapshot: Snapshot, station: Station, default: Operator, frame: Frame) -> Whereabouts:
    """The whereabouts of a station; ``default`` is the operator of the settings."""
    catalogue = snapshot.catalogue
    trail = catalogue.trails[station.trail]
    municipality = catalogue.municipalities[trail.municipality]
    return Whereabouts(
        number=station.number,
        title=station_title(station, frame),
        trail=trail_name(trail, frame),
        municipality=municipality.name,
        between=_between(snapshot, station, frame),
        north=degrees(station.lat, frame, frame.t("Nord"), frame.t("Süd")),
        east=degrees(station.lon, frame, frame.t("Ost"), frame.t("West")),
        geo=f"geo:{station.lat:.{_DECIMALS}f},{station.lon:.{_DECIMALS}f}",
        office=phone_of(operator_lines.effective(municipality.operator, default), municipality.name),
    )


def degrees(value: float, frame: Frame, positive: str, negative: str) -> str:
    """Degrees to be read out, in groups of digits: «52,051 55° Nord»."""
    text = wording.number(abs(value), _DECIMALS, frame.t)
    return f"{text[:-2]}\u202f{text[-2:]}° {positive if value >= 0 else negative}"


def phone_of(operator: Operator, town: str) -> Phone | None:
    """Whom to call of those who run the trail; None where no number can be called."""
    digits = re.sub(r"[^0-9+]", "", operator.phone.replace("(0)", ""))
    if len(digits) < 3:
        return None
    return Phone(operator.name or town, operator.phone, f"tel:{digits}")


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
