"""Find what a request names: stations by a code as people type it, trails by slug, and the stations next along."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from api.catalogue.closures import CurrentClosure, current
from api.catalogue.snapshot import Snapshot
from geodata.errors import InvalidInput, NotFound
from geodata.geometry.line import Stretch, TrailGeometry
from geodata.geometry.relief import walking_minutes
from geodata.messages.message import message
from geodata.model.station import Station
from geodata.model.trail import Trail
from geodata.store.catalogue.trail_state import RemovedCode
from geodata.vocabulary import codes

_LOOK_BACK_M = 60.0


class UnknownStation(NotFound):
    """No station has this code; ``did_you_mean`` are codes of stations that are one slip away."""

    def __init__(self, code: str, did_you_mean: list[str]) -> None:
        super().__init__("station", code)
        self.did_you_mean = did_you_mean


class UnknownTrail(NotFound):
    """No trail has this slug; ``did_you_mean`` is one that differs in capitals only."""

    def __init__(self, slug: str, did_you_mean: list[str]) -> None:
        super().__init__("trail", slug)
        self.did_you_mean = did_you_mean


class RemovedStation(NotFound):
    """The station of this code was removed with its trail; ``removed`` says where it stood."""

    def __init__(self, removed: RemovedCode) -> None:
        super().__init__("station", removed.code)
        self.removed = removed
        self.sentence = message("The code {code} is no longer valid: its trail was removed.", code=removed.code)
        self.args = (self.sentence,)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A station next along the trail and the way there; no way where the trail's line cannot be used."""

    station: Station
    way: Stretch | None


def find_station(snapshot: Snapshot, text: str) -> Station:
    """The station, retired or not, whose code is ``text`` in any spelling; raises UnknownStation or RemovedStation."""
    stations = snapshot.catalogue.stations
    try:
        code = codes.normalise(text)
        station = stations.get(code)
    except InvalidInput:
        code, station = "", None
    if station is None and (removed := snapshot.catalogue.removed.get(code)):
        raise RemovedStation(removed)
    if station is None:
        raise UnknownStation(text, codes.nearest(text, stations.keys()))
    return station


def find_trail(snapshot: Snapshot, slug: str) -> Trail:
    """The trail of this slug; raises UnknownTrail."""
    trails = snapshot.catalogue.trails
    trail = trails.get(slug)
    if trail is None:
        raise UnknownTrail(slug, [slug.lower()] if slug.lower() in trails else [])
    return trail


def stations_ahead(snapshot: Snapshot, station: Station) -> list[Station]:
    """The other stations of a station's trail in the order in which one comes to them, on a loop all of them."""
    geometry, others = snapshot.geometries.get(station.trail), _along(snapshot, station.trail, station.code)
    ahead = [other for other in others if other.along_m >= station.along_m]
    return ahead + [other for other in _around(geometry, others) if other.along_m < station.along_m]


def next_station(snapshot: Snapshot, trail: str, along_m: float, *, besides: str = "") -> Neighbour | None:
    """The first station ahead of a place on the trail; on a loop the first of all follows the last.

    ``besides`` is the code of the station at the place itself. None at the end of other lines.
    """
    geometry, others = snapshot.geometries.get(trail), _along(snapshot, trail, besides)
    ahead = [station for station in others if station.along_m >= along_m] or _around(geometry, others)
    if not ahead:
        return None
    return Neighbour(ahead[0], geometry.stretch(along_m, ahead[0].along_m) if geometry else None)


def previous_station(snapshot: Snapshot, trail: str, along_m: float, *, besides: str = "") -> Neighbour | None:
    """The last station behind a place on the trail, and the way back to it; as next_station() otherwise."""
    geometry, others = snapshot.geometries.get(trail), _along(snapshot, trail, besides)
    behind = [station for station in others if station.along_m < along_m] or _around(geometry, others)
    if not behind:
        return None
    return Neighbour(behind[-1], _way_back(geometry, along_m, behind[-1].along_m) if geometry else None)


def closures_at(snapshot: Snapshot, station: Station, now: datetime) -> list[CurrentClosure]:
    """The closures that affect a station and hold or begin soon."""
    of_trail = snapshot.closures_of_trail.get(station.trail, [])
    return current((placed for placed in of_trail if placed.affects(station.code)), now)


def _along(snapshot: Snapshot, trail: str, besides: str) -> list[Station]:
    return [station for station in snapshot.stations_along.get(trail, []) if station.code != besides]


def _around(geometry: TrailGeometry | None, others: list[Station]) -> list[Station]:
    return others if geometry is not None and geometry.is_loop else []


def _way_back(geometry: TrailGeometry, from_m: float, to_m: float) -> Stretch:
    """The way forward from ``to_m`` to ``from_m``, walked the other way round."""
    forward = geometry.stretch(to_m, from_m)
    look_back = min(forward.distance_m, _LOOK_BACK_M) or _LOOK_BACK_M
    return Stretch(
        distance_m=forward.distance_m,
        ascent_m=forward.descent_m,
        descent_m=forward.ascent_m,
        heading_deg=(geometry.heading_deg(from_m - look_back, look_back) + 180) % 360,
        minutes=walking_minutes(forward.distance_m, forward.descent_m or 0, forward.ascent_m or 0),
    )
