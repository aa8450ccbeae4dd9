"""The report's addresses: which there are, and the PDF."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from api.catalogue.texts import name_of
from dashboards.council import period as periods
from dashboards.council.making import month_report
from dashboards.council.period import ReportPeriod
from dashboards.explorer.asked import ExplorerPlace, ExplorerQuery, place_of
from dashboards.languages import t
from dashboards.services import CurrentStaff, ServicesDep, StaffServices
from dashboards.templating import page
from geodata.figures.usage import exploring
from geodata.messages.message import cut
from geodata.typesetting import apart

router = APIRouter()

_NEWEST = 36
"""Months and years that are offered at once."""


class ReportQuery(BaseModel, frozen=True):
    """The address: a place, and the ``month`` or the ``year``."""

    trail: str = ""
    municipality: str = ""
    month: str = ""
    year: str = ""


@router.get("/figures/report")
def show(
    request: Request,
    services: ServicesDep,
    staff: CurrentStaff,
    query: Annotated[ReportQuery, Query()],
) -> Response:
    """The page; with ``month=2026-11`` or ``year=2026`` the PDF itself."""
    wanted = query.month or query.year
    place = place_of(ExplorerQuery(trail=query.trail, municipality=query.municipality), services.keeper.current, staff)
    if place is None:
        return page(request, "council/report.html", {"place": None})
    if not wanted or not apart.is_there():
        return _page(request, services, place)
    asked = periods.parse(wanted)
    if asked is None:
        said = t("„%(text)s“ ist kein Monat und kein Jahr. Bitte schreiben Sie 2026-11 oder 2026.", text=cut(wanted))
        return _page(request, services, place, said, 422)
    if asked.span.last >= services.clock().astimezone(place.zone).date():
        said = t("%(period)s ist noch nicht vorbei. Den Bericht gibt es danach.", period=asked.name)
        return _page(request, services, place, said, 422)
    return _pdf(services, place, asked)


def _pdf(services: StaffServices, place: ExplorerPlace, asked: ReportPeriod) -> Response:
    content = month_report(services.database, services.keeper.current, place, asked, services.clock())
    slug = place.trail.slug if place.trail else place.town.slug
    headers = {"Content-Disposition": f'attachment; filename="bericht-{slug}-{asked}.pdf"'}
    return Response(content, media_type="application/pdf", headers=headers)


def _page(
    request: Request, services: StaffServices, place: ExplorerPlace, wrong: str = "", status: int = 200
) -> Response:
    today = services.clock().astimezone(place.zone).date()
    with services.database.transaction() as connection:
        since = exploring.first_day(connection, place.used) or today
    context = {
        "place": place,
        "name_of": name_of,
        "periods": periods.offered(since, today)[:_NEWEST],
        "wrong": wrong,
        "can_be_set": apart.is_there(),
    }
    return page(request, "council/report.html", context, status)
