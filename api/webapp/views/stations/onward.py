"""The way to the next station, in words; where it is closed, the way around."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from api.catalogue.closures import PlacedClosure, closes_way
from api.catalogue.lookup import Neighbour, next_station, previous_station, stations_ahead
from api.catalogue.nearby import heading_deg
from api.catalogue.snapshot import Snapshot
from api.webapp import wording
from api.webapp.directions import compass_words, slope_words
from api.webapp.views import conditions
from api.webapp.views.frame import Frame, StationLink, Words
from api.webapp.views.parts import station_link
from geodata.geometry.line import Stretch
from geodata.geometry.relief import slope
from geodata.model.station import Station


@dataclass(frozen=True, slots=True)
class Leg:
    """The way to a station, in words."""

    station: StationLink
    way: str
    is_back_at_start: bool = False


@dataclass(frozen=True, slots=True)
class ClosedWay:
    """What bars the way: ``to`` cannot be reached along the trail. ``detours`` lead around, where somebody named them.

    ``is_whole``: the trail is closed, so that nothing leads on. ``is_ahead``: the station itself is not in what is
    closed, so that no closure of its own tells of it.
    """

    to: StationLink
    detours: tuple[Words, ...]
    is_whole: bool
    is_ahead: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Onward:
    """Where to go from a station. ``next`` is None at the end of a trail, and where nothing leads on.

    With ``closed`` it is the first station behind what is closed.
    """

    next: Leg | None
    closed: ClosedWay | None
    previous: Leg | None

    @property
    def detour(self) -> Leg | None:
        """The station behind the closure, where a detour is described that leads to it."""
        return self.next if self.closed and self.closed.detours else None


def build(snapshot: Snapshot, station: Station, frame: Frame, closed: Sequence[PlacedClosure]) -> Onward:
    """The ways on and back; ``closed`` are the closures that hold on the trail."""
    following = next_station(snapshot, station.trail, station.along_m, besides=station.code)
    before = previous_station(snapshot, station.trail, station.along_m, besides=station.code)
    bars = _bars(snapshot, station, following.station, closed) if following else []
    return Onward(
        next=_beyond(snapshot, station, frame, closed, bars) if bars else _leg(following, station, frame),
        closed=_closed(station, following, frame, bars) if following and bars else None,
        previous=_back(before, frame, closed) if before else None,
    )


def nearest_to(snapshot: Snapshot, lon: float, lat: float, frame: Frame, now: datetime) -> Leg | None:
    """The nearest station of any trail as the crow flies: a moved or ended trail may leave none on the same path."""
    nearest = snapshot.live.nearest_to(lon, lat)
    if nearest is None:
        return None
    station, metres = nearest
    heading = heading_deg(lon, lat, station.lon, station.lat)
    words = [
        frame.t("%(distance)s Luftlinie", distance=wording.distance(metres, frame.t)),
        frame.t(compass_words(heading)),
    ]
    if conditions.is_closed(conditions.closed_now(snapshot, station.trail, now), station.code):
        words.insert(0, frame.t("gesperrt"))
    return Leg(station_link(station, frame), " · ".join(words))


def _bars(
    snapshot: Snapshot, station: Station, following: Station, closed: Sequence[PlacedClosure]
) -> list[PlacedClosure]:
    """The closures that lie on the way to the following station, or in which it stands."""
    geometry = snapshot.geometries.get(station.trail)
    return [
        placed
        for placed in closed
        if placed.affects(following.code)
        or (geometry is not None and closes_way(placed, geometry, station.along_m, following.along_m))
    ]


def _closed(station: Station, following: Neighbour, frame: Frame, bars: Sequence[PlacedClosure]) -> ClosedWay:
    detours = tuple(filter(None, (conditions.detour_of(placed.closure, frame) for placed in bars)))
    is_whole = any(placed.closure.kind == "trail" for placed in bars)
    return ClosedWay(
        to=station_link(following.station, frame),
        detours=() if is_whole else detours,
        is_whole=is_whole,
        is_ahead=not any(placed.affects(station.code) for placed in bars),
    )


def _beyond(
    snapshot: Snapshot,
    station: Station,
    frame: Frame,
    closed: Sequence[PlacedClosure],
    bars: Sequence[PlacedClosure],
) -> Leg | None:
    """The first station ahead that no closure affects."""
    if any(placed.closure.kind == "trail" for placed in bars):
        return None
    is_open = (other for other in stations_ahead(snapshot, station) if not conditions.is_closed(closed, other.code))
    first = next(is_open, None)
    if first is None:
        return None
    return Leg(station_link(first, frame), frame.t("hinter der Sperrung"), first.number < station.number)


def _leg(neighbour: Neighbour | None, station: Station, frame: Frame) -> Leg | None:
    if neighbour is None:
        return None
    way = _way(neighbour.way, frame) if neighbour.way else ""
    return Leg(station_link(neighbour.station, frame), way, neighbour.station.number < station.number)


def _back(before: Neighbour, frame: Frame, closed: Sequence[PlacedClosure]) -> Leg:
    is_closed = conditions.is_closed(closed, before.station.code)
    return Leg(station_link(before.station, frame), frame.t("gesperrt") if is_closed else "")


def _way(stretch: Stretch, frame: Frame) -> str:
    """«420 m · nach Osten · leicht bergauf»."""
    words = [wording.distance(stretch.distance_m, frame.t), frame.t(compass_words(stretch.heading_deg))]
    if stretch.ascent_m is not None and stretch.descent_m is not None:
        words.append(frame.t(slope_words(slope(stretch.distance_m, stretch.ascent_m, stretch.descent_m))))
    return " · ".join(words)
