"""The explorer's addresses: the page, the points of its chart, and the same as a file."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from api.catalogue.texts import name_of
from dashboards.access.visible import visible_municipalities, visible_trails
from dashboards.explorer import words
from dashboards.explorer.asked import AskedQuery, ExplorerPlace, ExplorerQuery, place_of
from dashboards.explorer.rows import as_csv, as_json
from dashboards.explorer.view import ExplorerFigures, look, read
from dashboards.languages import t
from dashboards.services import CurrentStaff, ServicesDep, StaffServices
from dashboards.templating import page
from geodata.errors import NotFound
from geodata.model.staff import Staff
from geodata.statistics.usage.ranges import RangePreset

router = APIRouter()


@router.get("/figures/explore")
def show(request: Request, services: ServicesDep, staff: CurrentStaff, query: AskedQuery) -> Response:
    """The page; what of the address cannot be read is said in it, with status 422."""
    snapshot = services.keeper.current
    place = place_of(query, snapshot, staff)
    if place is None:
        return page(request, "explorer/explore.html", {"view": None})
    view = look(services, place, query)
    towns = [snapshot.catalogue.municipalities[slug] for slug in visible_municipalities(snapshot, staff)]
    seen = {trail.municipality for trail in visible_trails(snapshot, staff).values()}
    context = {
        "view": view,
        "place": place,
        "query": query,
        "towns_seen": [town for town in towns if town.slug in seen],
        "name_of": name_of,
        "ranges": {preset: t(words.RANGES[preset]) for preset in RangePreset},
        "buckets": {bucket: t(words.BUCKETS[bucket]) for bucket in view.figures.asked.offered},
        "scans_by": t(words.SCANS_BY[view.drawn]),
        "passes_by": t(words.PASSES_BY[view.figures.asked.bucket]),
        "all_scans_by": t(words.SCANS_BY[view.figures.asked.bucket]),
    }
    return page(request, "explorer/explore.html", context, 422 if view.figures.asked.wrong else 200)


@router.get("/figures/explore/points")
def points(services: ServicesDep, staff: CurrentStaff, query: AskedQuery) -> Response:
    """The points as the chart takes them."""
    place, found = _figures(services, staff, query)
    return JSONResponse(as_json(found.rows, found.asked.bucket, found.notes, place.zone.key))


@router.get("/figures/explore.csv")
def file(services: ServicesDep, staff: CurrentStaff, query: AskedQuery) -> Response:
    """The points as a German spreadsheet opens them, or plain."""
    place, found = _figures(services, staff, query)
    content = as_csv(found.rows, found.asked.bucket, found.notes, place.zone.key, query.form)
    slug = place.trail.slug if place.trail else place.town.slug
    name = f"nutzung-{slug}-{found.asked.span.first}-{found.asked.span.last}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


def _figures(services: StaffServices, staff: Staff, query: ExplorerQuery) -> tuple[ExplorerPlace, ExplorerFigures]:
    place = place_of(query, services.keeper.current, staff)
    if place is None:
        raise NotFound("trail", query.trail)
    with services.database.transaction() as connection:
        return place, read(connection, services, place, query)
