"""A trail as the pages about it need it: its line, its stations, its clock, and itself as a drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from api.catalogue.closures import PlacedClosure
from api.catalogue.snapshot import Snapshot
from api.catalogue.texts import name_of, title_of
from api.drawing.map import TrailMap, draw
from api.webapp import wording
from dashboards.languages import t
from dashboards.services import StaffServices
from geodata.errors import NotFound
from geodata.geometry.line import TrailGeometry
from geodata.model.place import Place
from geodata.model.station import Station
from geodata.model.trail import Trail


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A trail with what lies on it at the moment of a page. ``stations``: those that stand, by their numbers."""

    snapshot: Snapshot
    trail: Trail
    geometry: TrailGeometry
    stations: tuple[Station, ...]
    timezone: tzinfo
    now: datetime

    @property
    def name(self) -> str:
        """What people call the trail."""
        return name_of(self.trail)

    def station(self, number: int) -> Station | None:
        """The station that has this number now."""
        return next((station for station in self.stations if station.number == number), None)

    def map(self, closed: Sequence[PlacedClosure] = (), places: Sequence[Place] = ()) -> TrailMap:
        """The trail with its stations, north up."""
        return draw(self.geometry, self.trail.line, self.stations, closed, places)

    def moment(self, at: datetime) -> str:
        """A time as people say it."""
        return wording.moment(at, self.now, self.timezone, t.texts)

    def length(self, metres: float) -> str:
        """A length or a place along the trail, to the metre: ``1.250 m``."""
        return f"{wording.number(metres, 0, t.texts)}\u00a0m"


def ground_of(services: StaffServices, slug: str) -> Ground:
    """The trail of this slug; raises NotFound where there is none, or its line cannot be used."""
    snapshot = services.keeper.current
    trail, geometry = snapshot.catalogue.trails.get(slug), snapshot.geometries.get(slug)
    if trail is None or geometry is None:
        raise NotFound("trail", slug)
    return Ground(
        snapshot=snapshot,
        trail=trail,
        geometry=geometry,
        stations=tuple(snapshot.stations_of_trail.get(slug, ())),
        timezone=snapshot.catalogue.timezone_of(slug),
        now=services.clock(),
    )


def called(station: Station) -> str:
    """``4 · Försterteiche``."""
    return f"{station.number} · {title_of(station)}"


def stations_of(ground: Ground) -> list[tuple[int, str]]:
    """Number and name of each station, for a choice."""
    return [(station.number, called(station)) for station in ground.stations]


def line_of(ground: Ground) -> dict[str, object]:
    """The line for presses on the map: points x, y of the drawing with their metres along it."""
    frame, geometry = ground.map().frame, ground.geometry
    count = min(600, max(2, round(geometry.length_m / 10)))
    along = [geometry.length_m * i / count for i in range(count + 1)]
    points = [(*frame.xy(*geometry.point_at(min(metres, geometry.length_m))), round(metres, 1)) for metres in along]
    return {"points": points, "loop": geometry.is_loop}
