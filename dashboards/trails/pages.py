"""The trails that somebody looks after, and each with its map, its stations and the ways on to what belongs to it."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.catalogue.texts import name_of
from api.drawing.map import outline
from api.webapp import wording
from dashboards.access.visible import visible_trails
from dashboards.languages import t
from dashboards.services import CurrentStaff, ServicesDep
from dashboards.templating import page
from geodata.geometry.line import TrailGeometry
from geodata.model.trail import Trail
from geodata.vocabulary.names import is_name

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaredTrail:
    """A trail in the list; ``view_box`` and ``path`` draw its line."""

    slug: str
    name: str
    town: str
    length: str
    stations: int
    view_box: str
    path: str


@router.get("/trails")
def show_list(request: Request, services: ServicesDep, staff: CurrentStaff, said: str = "") -> Response:
    """Those that somebody sees."""
    snapshot = services.keeper.current
    towns = snapshot.catalogue.municipalities
    cards = [
        _card(
            trail,
            towns[trail.municipality].name,
            snapshot.geometries.get(slug),
            len(snapshot.stations_of_trail.get(slug, ())),
        )
        for slug, trail in visible_trails(snapshot, staff).items()
    ]
    return page(request, "trails/trails.html", {"cards": cards, "said": said if is_name(said) else ""})


def _card(trail: Trail, town: str, geometry: TrailGeometry | None, stations: int) -> CaredTrail:
    view_box, path = outline(trail.line)
    return CaredTrail(
        slug=trail.slug,
        name=name_of(trail),
        town=town,
        length=wording.distance(geometry.length_m, t.texts) if geometry else "",
        stations=stations,
        view_box=view_box,
        path=path,
    )
