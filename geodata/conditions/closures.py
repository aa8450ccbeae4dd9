"""Closed stretches, areas and trails: when a closure holds, and which stations it affects.

Everything is a pure function of the closure, the moment and the ground: closures begin and end by themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from itertools import count

import shapely
from shapely import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from geodata.errors import InvalidInput
from geodata.geometry.line import TrailGeometry
from geodata.messages.message import message
from geodata.model.station import Station
from geodata.vocabulary.languages import text_in
from geodata.vocabulary.season import Season, midnight

_EDGE_DEG = 0.01
"""An edge of so many degrees bows by less than a centimetre."""
TOLERANCE_M = 10.0
"""A station this close to a closed stretch or area counts as in it: a position in the forest is no better, and it is
worse to send someone to a station that cannot be reached than to warn of one that can."""

_LAST_YEAR = 9990


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosureContent:
    """Why it is closed and how to get around it, in one variant."""

    variant: str
    reason: str
    detour: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """A trail, or a part of it, that must not be walked from ``valid_from`` until before ``valid_until``.

    ``stretch``: from and to in metres along the trail, forward across the start on a loop. ``area``: lon, lat.
    Neither of them: the whole trail. With a ``season`` it holds only on these days of each year. Times are aware UTC;
    ``valid_until`` None: the end is open.
    """

    id: int = 0
    trail: str
    valid_from: datetime
    valid_until: datetime | None = None
    season: Season | None = None
    stretch: tuple[float, float] | None = None
    area: Polygon | MultiPolygon | None = None
    legal_basis: str = ""
    updated_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    contents: dict[str, ClosureContent] = field(default_factory=dict[str, ClosureContent])

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        if self.valid_until is not None and self.valid_until <= self.valid_from:
            expected = message("a time after {begin}", begin=self.valid_from.isoformat())
            raise InvalidInput("until", self.valid_until.isoformat(), expected)
        if self.stretch is not None and self.area is not None:
            raise InvalidInput("closure", "a stretch and an area", "one of the two", "Make two closures.")
        if self.stretch is not None and self.stretch[0] == self.stretch[1]:
            raise InvalidInput("stretch", self.stretch, "two different places", "Leave both out for the whole trail.")
        if self.area is not None and (self.area.is_empty or not self.area.is_valid):
            raise InvalidInput("area", self.area.wkt, "a polygon that does not cross itself")

    @property
    def kind(self) -> str:
        """``stretch``, ``area`` or ``trail``."""
        return "stretch" if self.stretch is not None else "area" if self.area is not None else "trail"

    def detour(self, variant: str) -> ClosureContent | None:
        """The content whose detour is told to who asks for ``variant``; None where nobody described one.

        It falls back by itself: whoever adds a reason in one more language does not take the way around from its
        readers.
        """
        return text_in({name: content for name, content in self.contents.items() if content.detour}, variant)


@dataclass(frozen=True, slots=True)
class Period:
    """A time without a pause in which a closure holds: from ``start`` until before ``end``, None: open."""

    start: datetime
    end: datetime | None


def is_active(closure: Closure, at: datetime, timezone: tzinfo) -> bool:
    """Whether the closure holds at the moment ``at``; its season's days are those of ``timezone``."""
    if at < closure.valid_from or (closure.valid_until is not None and at >= closure.valid_until):
        return False
    return closure.season is None or closure.season.holds(at.astimezone(timezone).date())


def periods(closure: Closure, since: datetime, timezone: tzinfo) -> Iterator[Period]:
    """The periods that end after ``since``, in order of time; without end for a season with an open end."""
    begin, until = closure.valid_from, closure.valid_until
    if closure.season is None:
        if until is None or until > since:
            yield Period(begin, until)
        return
    for year in count(max(since, begin).astimezone(timezone).year - 1):
        if year > _LAST_YEAR:
            return
        start = max(midnight(closure.season.starts(year), timezone), begin)
        end = midnight(closure.season.ends(year), timezone)
        if until is not None:
            if start >= until:
                return
            end = min(end, until)
        if end > max(since, start):
            yield Period(start, end)


def period(closure: Closure, at: datetime, timezone: tzinfo) -> Period | None:
    """The period that holds at ``at``, else the next one; None once all is over."""
    return next(periods(closure, at, timezone), None)


def next_change(closure: Closure, at: datetime, timezone: tzinfo) -> datetime | None:
    """The first moment after ``at`` at which the closure begins or ends; None if it stays as it is for good."""
    current = period(closure, at, timezone)
    if current is None:
        return None
    return current.start if current.start > at else current.end


def affected_stations(closure: Closure, geometry: TrailGeometry, stations: Iterable[Station]) -> list[Station]:
    """Those of the trail's ``stations`` that are in the closure, or up to TOLERANCE_M from it; retired ones never."""
    live = [station for station in stations if station.retired_at is None]
    if closure.area is not None:
        # GeoJSON's edges are straight in lon, lat; on the plane of metres long ones are bows
        area = geometry.flat(shapely.segmentize(closure.area, _EDGE_DEG))
        points = ((station, geometry.flat(Point(station.lon, station.lat))) for station in live)
        return [station for station, point in points if area.distance(point) <= TOLERANCE_M]
    if closure.stretch is not None:
        start, length = _forward(closure.stretch, geometry)
        return [station for station in live if _reaches(station.along_m, start, length, geometry)]
    return live


def check_stretch(closure: Closure, geometry: TrailGeometry) -> None:
    """Refuse a stretch that begins or ends beyond the trail: it would close something else, or nothing.

    Raises InvalidInput.
    """
    for metres in closure.stretch or ():
        if not 0 <= metres <= geometry.length_m:
            expected = message("metres along the trail, 0 to {length:.0f}", length=geometry.length_m)
            raise InvalidInput("stretch", metres, expected, "Give a place on the trail, or name stations.")


def closed_line(closure: Closure, geometry: TrailGeometry, line: LineString) -> BaseGeometry:
    """The part of the trail that is closed: a line, several, or an empty shape where an area misses the trail."""
    if closure.area is not None:
        return line.intersection(closure.area)
    if closure.stretch is None or _forward(closure.stretch, geometry)[1] == geometry.length_m:
        return line
    start, length = _forward(closure.stretch, geometry)
    return geometry.part(start, start + length)


def _forward(stretch: tuple[float, float], geometry: TrailGeometry) -> tuple[float, float]:
    """Where the stretch starts and how long it is, in metres; on a line that is no loop from the lower end."""
    start, end = stretch if geometry.is_loop else sorted(stretch)
    return start, geometry.length_m if end - start >= geometry.length_m else geometry.forward_m(start, end)


def _reaches(along_m: float, start_m: float, length_m: float, geometry: TrailGeometry) -> bool:
    ahead = along_m - start_m + TOLERANCE_M
    if geometry.is_loop:
        ahead %= geometry.length_m
    return 0 <= ahead <= length_m + 2 * TOLERANCE_M
