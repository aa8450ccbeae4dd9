"""Closures on the ground: which stations each affects, and which hold now or begin soon."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfoNotFoundError

import structlog
from shapely.geometry.base import BaseGeometry

from geodata.conditions.closures import TOLERANCE_M, Closure, Period, affected_stations, closed_line, period
from geodata.geometry.line import TrailGeometry
from geodata.model.station import Station
from geodata.model.trail import Trail
from geodata.store.catalogue.catalogue import Catalogue

SOON = timedelta(days=14)
"""A closure is announced so long before it begins: people plan, and a phone may be offline when it does."""

_SAME_GROUND_M = 2.0

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedClosure:
    """A closure with what it does on the ground. ``stations`` in walking order; ``line`` is the closed part."""

    closure: Closure
    timezone: tzinfo
    stations: tuple[Station, ...]
    line: BaseGeometry

    def affects(self, code: str) -> bool:
        """Whether the station with this code is affected."""
        return any(station.code == code for station in self.stations)


@dataclass(frozen=True, slots=True)
class CurrentClosure:
    """A closure that holds (``is_active``) or comes next, with that period."""

    placed: PlacedClosure
    period: Period
    is_active: bool


def closes_way(placed: PlacedClosure, geometry: TrailGeometry, from_m: float, to_m: float) -> bool:
    """Whether more than TOLERANCE_M of the way forward from one place of the trail to another are closed.

    Where the trail meets itself, a closure of the one part closes the other: it is the same ground.
    """
    if placed.closure.kind == "trail":
        return True
    closed = geometry.flat(placed.line).buffer(_SAME_GROUND_M)
    return geometry.flat(geometry.part(from_m, to_m)).intersection(closed).length > TOLERANCE_M


def place(
    catalogue: Catalogue, geometries: Mapping[str, TrailGeometry], stations: Mapping[str, Sequence[Station]]
) -> dict[str, list[PlacedClosure]]:
    """All closures by trail. On a trail whose line cannot be used a closure affects every station."""
    placed: defaultdict[str, list[PlacedClosure]] = defaultdict(list)
    for closure in catalogue.closures.values():
        of_trail = stations.get(closure.trail, ())
        placed[closure.trail].append(place_one(catalogue, closure, geometries.get(closure.trail), of_trail))
    return dict(placed)


def place_one(
    catalogue: Catalogue, closure: Closure, geometry: TrailGeometry | None, stations: Sequence[Station]
) -> PlacedClosure:
    """A closure, which need not be stored, on a trail of the catalogue; ``stations`` are that trail's."""
    trail = catalogue.trails[closure.trail]
    return PlacedClosure(
        closure=closure,
        timezone=_timezone(catalogue, trail),
        stations=_walked(closure, geometry, stations) if geometry else tuple(stations),
        line=closed_line(closure, geometry, trail.line) if geometry else trail.line,
    )


def current(placed: Iterable[PlacedClosure], at: datetime, within: timedelta = SOON) -> list[CurrentClosure]:
    """Those that hold at ``at`` or begin ``within`` that time, in order of their beginning."""
    unsorted = [
        CurrentClosure(placed_closure, next_period, next_period.start <= at)
        for placed_closure in placed
        if (next_period := period(placed_closure.closure, at, placed_closure.timezone)) is not None
        and next_period.start <= at + within
    ]
    return sorted(
        unsorted, key=lambda closure: (not closure.is_active, closure.period.start, closure.placed.closure.id)
    )


def state(closures: Iterable[CurrentClosure]) -> tuple[tuple[int, bool], ...]:
    """Changes exactly when a page that shows these closures has to."""
    return tuple((closure.placed.closure.id, closure.is_active) for closure in closures)


def _walked(closure: Closure, geometry: TrailGeometry, stations: Iterable[Station]) -> tuple[Station, ...]:
    affected = affected_stations(closure, geometry, stations)
    if closure.stretch is None or not geometry.is_loop:
        return tuple(sorted(affected, key=lambda station: station.along_m))
    start = closure.stretch[0] - geometry.length_m / 100  # a station just before the start is in the tolerance
    return tuple(sorted(affected, key=lambda station: (station.along_m - start) % geometry.length_m))


def _timezone(catalogue: Catalogue, trail: Trail) -> tzinfo:
    try:
        return catalogue.timezone_of(trail.slug)
    except (ZoneInfoNotFoundError, ValueError) as error:
        _log.warning("timezone-unknown", municipality=trail.municipality, used="UTC", error=str(error))
        return UTC
