"""A trail from a file: given, planned and shown, read in another way, carried out or dropped."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath
from uuid import UUID

import msgspec
from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api.catalogue.texts import name_of
from api.http.forms.upload_form import NotAForm, UploadForm, read_upload
from dashboards.access import roles
from dashboards.access.visible import visible_municipalities, visible_trails
from dashboards.forms import Fields, Posted
from dashboards.imports import views
from dashboards.imports.form import NUMBERS, TICKS, TrailFileForm, filled, option_names
from dashboards.languages import marked, t
from dashboards.services import CurrentStaff, ServicesDep, StaffServices
from dashboards.templating import page
from geodata.actions.planned import apart, carry_out
from geodata.actions.planned.apart import MOST_BYTES, PlanningBusy, PlanningFailed
from geodata.actions.planned.carry_out import StateChanged
from geodata.actions.planned.rows import Asked, FindingRow, PlanOutcome, PlanRequest, outcome_of, packed
from geodata.errors import NotFound
from geodata.model.staff import Staff
from geodata.store.access import audit
from geodata.store.submissions import trail_upload as store
from geodata.store.submissions.trail_upload import TrailUpload
from geodata.vocabulary.audit import Action

router = APIRouter(max_body_size=MOST_BYTES + 64 * 1024)

LIST = "/staff/trail-files"
ENDINGS = [".gpx", ".gpkg", ".kml", ".kmz", ".geojson", ".json", ".geojsonl", ".geojsons", ".ndjson", ".shp", ".zip"]
NOTICES = {
    "again": marked("Inzwischen hat sich etwas geändert. Der Plan ist neu: Bitte sehen Sie ihn noch einmal an."),
    "dropped": marked("Die Datei ist verworfen. Am Pfad ist nichts geändert."),
}
_FAULTS = {
    "none": marked("Bitte wählen Sie zuerst eine Datei."),
    "large": marked("Die Datei ist zu groß: Es gehen höchstens 20 MB. Lassen Sie weg, was nicht zum Pfad gehört."),
    "ending": marked("Diese Art von Datei geht nicht. Es gehen: %(endings)s"),
    "busy": marked("Gerade wird eine andere Datei gelesen. Bitte versuchen Sie es in einer Minute noch einmal."),
    "form": marked("Die Datei ist nicht ganz angekommen. Bitte versuchen Sie es noch einmal."),
    "town": marked("Bitte wählen Sie, wohin der Pfad gehört."),
}
_SLOW = {
    "de": "Die Datei braucht zu viel Zeit oder Speicher. Lassen Sie weg, was nicht zum Pfad gehört.",
    "en": "The file takes too much time or memory. Leave out what does not belong to the trail.",
}


@router.get("/trail-files")
def begin(
    request: Request,
    services: ServicesDep,
    staff: CurrentStaff,
    municipality: str = "",
    trail: str = "",
    said: str = "",
) -> Response:
    """Where the trail goes, the form for the file, and the files that wait."""
    return _begin(request, services, staff, municipality, trail, said=said)


@router.post("/trail-files")
async def take(
    request: Request, services: ServicesDep, staff: CurrentStaff, municipality: str = "", trail: str = ""
) -> Response:
    """Take a file, plan its import, and show the plan."""
    try:
        form = await read_upload(request, MOST_BYTES) if municipality else None
    except NotAForm:
        return await run_in_threadpool(_begin, request, services, staff, municipality, trail, fault="form")
    return await run_in_threadpool(_take, request, services, staff, municipality, trail, form)


@router.get("/trail-files/{upload}")
def show(request: Request, services: ServicesDep, upload: UUID, said: str = "") -> Response:
    """The plan of a file on the map and in words."""
    found = _find(services, upload)
    return _page(request, services, found, filled(_asked(found)), said=said)


@router.post("/trail-files/{upload}/read")
def read_anew(request: Request, services: ServicesDep, posted: Posted, upload: UUID) -> Response:
    """Read the same file in another way."""
    found = _find(services, upload)
    form = TrailFileForm(Fields(posted))
    if not form.validate():
        return _page(request, services, found, form, status=422)
    try:
        _plan_anew(services, found, form.asked())
    except PlanningBusy:
        return _page(request, services, found, form, status=422, fault="busy")
    return RedirectResponse(f"{LIST}/{upload}", 303)


@router.post("/trail-files/{upload}")
def carry(request: Request, services: ServicesDep, staff: CurrentStaff, upload: UUID) -> Response:
    """Do exactly what the plan says; where something is another by now, there is a new plan to look at."""
    found = _find(services, upload)
    outcome = outcome_of(found.outcome)
    if outcome.plan is None or outcome.is_refused:
        return _page(request, services, found, filled(_asked(found)), status=422)
    try:
        with services.database.transaction() as connection:
            carry_out.write(connection, found.municipality, outcome.plan, found.state)
            store.delete(connection, upload)
            slug, counts = outcome.plan.trail.slug, views.plan_view(outcome.plan, services.keeper.current).counts
            after, town = f"{found.file_name}\n{counts}", found.municipality
            audit.by_staff(connection, staff.name, Action.TRAIL_IMPORT, slug, after=after, municipality=town)
    except StateChanged:
        try:
            _plan_anew(services, found, _asked(found))
        except PlanningBusy:
            return _page(request, services, found, filled(_asked(found)), status=422, fault="busy")
        return RedirectResponse(f"{LIST}/{upload}?said=again", 303)
    return RedirectResponse(f"/staff/trails?said={slug}", 303)


@router.post("/trail-files/{upload}/drop")
def drop(services: ServicesDep, upload: UUID) -> Response:
    """Forget a file and its plan."""
    with services.database.transaction() as connection:
        store.delete(connection, upload)
    return RedirectResponse(f"{LIST}?said=dropped", 303)


def _take(
    request: Request, services: StaffServices, staff: Staff, municipality: str, trail: str, form: UploadForm | None
) -> Response:
    towns = services.keeper.current.catalogue.municipalities
    if form is None or municipality not in towns:
        return _begin(request, services, staff, "", trail, fault="town")
    name = _safe(form.file_name)
    fault = _fault(form, name)
    if fault or form.file is None:
        return _begin(request, services, staff, municipality, trail, fault=fault)
    asked = Asked(trail=trail)
    try:
        outcome, state = _outcome(services, municipality, name, form.file, asked)
    except PlanningBusy:
        return _begin(request, services, staff, municipality, trail, fault="busy")
    with services.database.transaction() as connection:
        planned = (_record(asked), packed(outcome), state)
        identity = store.add(
            connection,
            municipality=municipality,
            file_name=name,
            content=form.file,
            by=staff.name,
            planned=planned,
            now=services.clock(),
        )
    return RedirectResponse(f"{LIST}/{identity}", 303)


def _fault(form: UploadForm, name: str) -> str:
    if form.is_too_large:
        return "large"
    if form.file is None:
        return "none"
    return "" if PurePosixPath(name).suffix.lower() in ENDINGS else "ending"


def _plan_anew(services: StaffServices, found: TrailUpload, asked: Asked) -> None:
    with services.database.transaction() as connection:
        content = store.content(connection, found.id)
    outcome, state = _outcome(services, found.municipality, found.file_name, content, asked)
    with services.database.transaction() as connection:
        store.plan_anew(connection, found.id, _record(asked), packed(outcome), state)


def _outcome(
    services: StaffServices, municipality: str, name: str, content: bytes, asked: Asked
) -> tuple[PlanOutcome, str]:
    """The plan and the digest of what it was compared with; raises PlanningBusy."""
    with services.database.transaction() as connection:
        stored = carry_out.stored_state(connection, municipality)
    request = PlanRequest(
        file_name=name, content=content, asked=asked, stored=stored, now=services.clock(), names=option_names()
    )
    try:
        outcome = apart.outcome_for(request)
    except PlanningFailed:
        outcome = PlanOutcome(findings=[FindingRow(severity="error", reason="too-much", said=_SLOW)])
    return outcome, carry_out.digest(stored)


def _begin(
    request: Request,
    services: StaffServices,
    staff: Staff,
    municipality: str,
    trail: str,
    *,
    said: str = "",
    fault: str = "",
) -> Response:
    snapshot = services.keeper.current
    towns = {
        slug: snapshot.catalogue.municipalities[slug].name
        for slug in visible_municipalities(snapshot, staff)
        if staff.roles_in(slug) & roles.PAGES
    }
    trails = [each for each in visible_trails(snapshot, staff).values() if each.municipality in towns]
    known = snapshot.catalogue.trails.get(trail)
    if known is not None and municipality and known.municipality != municipality:
        raise NotFound("trail", trail)
    with services.database.transaction() as connection:
        waiting = store.waiting(connection, list(towns), services.clock())
    context = {
        "towns_by_slug": towns,
        "targets": [(each.slug, name_of(each), each.municipality) for each in trails],
        "municipality": municipality if municipality in towns else "",
        "trail": trail if known else "",
        "trail_title": name_of(known) if known else "",
        "waiting": waiting,
        "endings": " ".join(ENDINGS),
        "fault": _said(fault),
        "notice": NOTICES.get(said, ""),
    }
    return page(request, "imports/begin.html", context, 422 if fault else 200)


def _page(
    request: Request,
    services: StaffServices,
    found: TrailUpload,
    form: TrailFileForm,
    *,
    status: int = 200,
    said: str = "",
    fault: str = "",
) -> Response:
    outcome = outcome_of(found.outcome)
    context = {
        "upload": found,
        "town": services.keeper.current.catalogue.municipalities[found.municipality].name,
        "findings": views.findings_of(outcome),
        "is_refused": outcome.is_refused,
        "plan": views.plan_view(outcome.plan, services.keeper.current) if outcome.plan else None,
        "form": form,
        "numbers": [(value, t(name)) for value, name in NUMBERS.items()],
        "ticks": [form[name] for name in TICKS],
        "has_faults": bool(form.errors),
        "fault": _said(fault),
        "notice": NOTICES.get(said, ""),
    }
    return page(request, "imports/plan.html", context, status)


def _said(fault: str) -> str:
    """The sentence for a fault, empty without one."""
    if not fault:
        return ""
    return t(_FAULTS[fault], endings=" ".join(ENDINGS)) if fault == "ending" else t(_FAULTS[fault])


def _find(services: StaffServices, upload: UUID) -> TrailUpload:
    with services.database.transaction() as connection:
        return store.find(connection, upload, services.clock())


def _asked(found: TrailUpload) -> Asked:
    return msgspec.convert(found.asked, Asked)


def _record(asked: Asked) -> dict[str, object]:
    return msgspec.to_builtins(asked)


def _safe(name: str) -> str:
    """The name of the file without folders and without what a file system or a sentence may not hold."""
    plain = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    visible = "".join(c if unicodedata.category(c)[0] not in "CZ" or c == " " else "_" for c in plain).strip(" .")
    stem, dot, suffix = visible.rpartition(".")
    return f"{stem[:80] or 'datei'}{dot}{suffix[:10]}"
