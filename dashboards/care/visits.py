"""Visits come in: from the page's form, or from the phone that kept them while it had no network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, RedirectResponse, Response

from api.http.forms.upload_form import NotAForm, UploadForm, read_upload
from dashboards.care import form as fields
from dashboards.care.form import UnreadableVisit
from dashboards.care.pages import show_page
from dashboards.languages import t
from dashboards.services import CurrentStaff, ServicesDep, StaffServices
from geodata.actions import care_visit
from geodata.actions.care_visit import KeptVisit
from geodata.errors import NotFound
from geodata.media import apart
from geodata.media.apart import NoPicture
from geodata.model.care.visit import CareVisit
from geodata.model.report import ReportPicture
from geodata.model.staff import Staff
from geodata.store.care import visits

router = APIRouter()

MOST_PICTURE = 8_000_000
"""Bytes; a phone's page sends some 200 000, a form without scripts what the camera made."""
_CLOCKS_APART = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class _Trouble:
    """Why a visit is not kept."""

    status: int
    sentence: str


@router.post("/care/visits", max_body_size=MOST_PICTURE + 200_000)
async def keep(request: Request, services: ServicesDep, staff: CurrentStaff, trail: str = "") -> Response:
    """Keep a visit, once, and do what it ticks."""
    try:
        form = await read_upload(request, MOST_PICTURE, fields.MOST_FIELDS)
    except NotAForm:
        form = UploadForm({}, None, is_too_large=False)
    try:
        kept = await _kept(request, services, staff, form)
    except UnreadableVisit as error:
        return await run_in_threadpool(_refused, request, services, form, _Trouble(422, str(error)))
    except NoPicture:
        sentence = t("Das Foto lässt sich nicht lesen. Bitte nehmen Sie ein anderes, oder senden Sie ohne Foto.")
        return await run_in_threadpool(_refused, request, services, form, _Trouble(422, sentence))
    if not isinstance(kept, KeptVisit):
        return await run_in_threadpool(_refused, request, services, form, kept)
    if _wants_json(request):
        late = [f"{tick.kind}:{tick.ref}" for tick in kept.visit.ticks if tick.is_late]
        return JSONResponse({"id": str(kept.visit.id), "late": late}, 201 if kept.is_new else 200)
    return RedirectResponse(f"/staff/care?{urlencode({'trail': trail, 'notice': 'saved'})}", 303)


async def _kept(request: Request, services: StaffServices, staff: Staff, form: UploadForm) -> KeptVisit | _Trouble:
    if form.is_too_large:
        return _Trouble(413, t("Das Foto ist zu groß. Bitte nehmen Sie ein kleineres, oder senden Sie ohne Foto."))
    if form.get("by") not in {"", staff.name}:
        return _Trouble(409, t("Diesen Eintrag hat jemand anderes geschrieben: %(name)s.", name=form.get("by")))
    if not request.query_params.get("trail"):
        raise UnreadableVisit(t("Bitte laden Sie die Seite neu und tragen Sie es noch einmal ein."))
    now = services.clock()
    visit = fields.visit(form, request.query_params, _station(services, request.query_params), staff.name, now)
    there = await run_in_threadpool(_find, services, visit.id)
    if there is not None:  # sent twice over a bad line: nothing costly is done for it
        return KeptVisit(there, is_new=False)
    picture = None
    if form.file is not None:
        async with services.decoders:
            picture = await run_in_threadpool(apart.decoded, form.file)
    made_at = fields.taken_at(form, now) - _CLOCKS_APART
    return await run_in_threadpool(_write, services, visit, picture, made_at)


def _station(services: StaffServices, query: Mapping[str, str]) -> str | None:
    """The station that the address names; it has to be of the trail that it names. Raises NotFound."""
    code, catalogue = query.get("station", ""), services.keeper.current.catalogue
    if query["trail"] not in catalogue.trails:
        raise NotFound("trail", query["trail"])
    if not code:
        return None
    station = catalogue.stations.get(code)
    if station is None or station.trail != query["trail"]:
        raise NotFound("station", code)
    return station.code


def _find(services: StaffServices, visit: UUID) -> CareVisit | None:
    with services.database.transaction() as connection:
        return visits.find(connection, visit)


def _write(services: StaffServices, visit: CareVisit, picture: ReportPicture | None, made_at: datetime) -> KeptVisit:
    with services.database.transaction() as connection:
        return care_visit.keep(connection, visit, picture, made_at)


def _refused(request: Request, services: StaffServices, form: UploadForm, trouble: _Trouble) -> Response:
    if _wants_json(request):
        return JSONResponse({"wrong": trouble.sentence}, trouble.status)
    return show_page(
        request, services, request.query_params.get("trail", ""), wrong=trouble.sentence, typed=form.fields,
        typed_at=request.url.query, status=trouble.status,
    )  # fmt: skip


def _wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")


@router.get("/care/visits/{visit}/picture")
def show_picture(services: ServicesDep, visit: UUID) -> Response:
    """The picture, encoded anew when it came in."""
    with services.database.transaction() as connection:
        data = visits.picture(connection, visit)
    return Response(data, media_type="image/jpeg")
