"""Reports of problems: those that wait, and each with its picture, its state and the answer that people read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from api.catalogue.lookup import next_station
from api.catalogue.snapshot import Snapshot
from api.catalogue.texts import name_of, title_of
from api.languages.texts import texts
from api.webapp.reporting.views import kind_words
from dashboards import words
from dashboards.access.visible import visible_municipalities
from dashboards.forms import Fields, Posted
from dashboards.gate import may
from dashboards.reports.form import ReportAnswerForm
from dashboards.services import CurrentStaff, ServicesDep, StaffServices
from dashboards.templating import page
from geodata.errors import NotFound
from geodata.model.report import LONGEST_TEXT, Report, ReportKind, ReportState
from geodata.store.access import audit
from geodata.store.access.municipality_of import municipality_of
from geodata.store.reports import handling, reading
from geodata.store.transaction import Transaction
from geodata.vocabulary.audit import Action
from geodata.vocabulary.languages import language

router = APIRouter()

LIST = "/staff/reports"
STATES: Mapping[ReportState, str] = {
    ReportState.NEW: "neu",
    ReportState.IN_WORK: "in Arbeit",
    ReportState.DONE: "erledigt",
    ReportState.REJECTED: "abgelehnt",
}
_MOST = 200
_EXCERPT = 160  # characters of a text in the list


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow:
    """A report in words. ``href`` leads to the page it is of, empty where that is gone; ``written``: if it waited."""

    report: Report
    kind: str
    place: str
    href: str
    received: str
    written: str
    state: str
    excerpt: str
    language: str


@router.get("/reports")
def show_list(
    request: Request,
    services: ServicesDep,
    staff: CurrentStaff,
    *,
    closed: bool = False,
    number: Annotated[int, Query(alias="page", ge=1, le=10_000)] = 1,
) -> Response:
    """The open ones or the closed ones, the newest first; the oldest wait on the last page."""
    towns = visible_municipalities(services.keeper.current, staff)
    with services.database.transaction() as connection:
        found = reading.newest(connection, _MOST + 1, is_closed=closed, skip=(number - 1) * _MOST, municipalities=towns)
    context = {
        "rows": [_row(services, report) for report in found[:_MOST]],
        "closed": closed,
        "number": number,
        "has_older": len(found) > _MOST,
    }
    return page(request, "reports/reports.html", context)


@router.get("/reports/{report}")
def show(request: Request, services: ServicesDep, report: UUID, notice: str = "") -> Response:
    """One report, and the form for whoever may answer it."""
    found = _find(services, report)
    form = ReportAnswerForm(data={"state": found.state, "answer": found.answer, "note": found.note})
    return _page(request, services, found, form, notice="Gespeichert." if notice == "saved" else "")


@router.post("/reports/{report}")
def change(request: Request, services: ServicesDep, staff: CurrentStaff, posted: Posted, report: UUID) -> Response:
    """Keep state, answer and note."""
    form = ReportAnswerForm(Fields(posted))
    found = _find(services, report)
    if not form.validate():
        return _page(request, services, found, form, status=422)
    state, answer, note = ReportState(form.state.data), _text(form.answer.data), _text(form.note.data)
    with services.database.transaction() as connection:
        handling.change(connection, report, state, answer, note, services.clock())
        audit.by_staff(
            connection,
            staff.name,
            Action.REPORT_CHANGE,
            f"{report} {state}",
            before=STATES[found.state],
            after=STATES[state],
            municipality=_town(connection, report),
        )
    return RedirectResponse(f"{LIST}/{report}?notice=saved", 303)


@router.get("/reports/{report}/picture")
def show_picture(services: ServicesDep, report: UUID) -> Response:
    """The picture, encoded anew when it came in."""
    with services.database.transaction() as connection:
        picture = reading.picture(connection, report)
    return Response(picture.data, media_type="image/jpeg")


@router.post("/reports/{report}/delete-picture")
def delete_picture(services: ServicesDep, staff: CurrentStaff, report: UUID) -> Response:
    """Delete a picture that should not be kept, such as one that shows people."""
    with services.database.transaction() as connection:
        handling.delete_picture(connection, report)
        town = _town(connection, report)
        audit.by_staff(connection, staff.name, Action.REPORT_CHANGE, f"{report} picture", municipality=town)
    return RedirectResponse(f"{LIST}/{report}?notice=saved", 303)


@router.post("/reports/{report}/delete")
def delete(services: ServicesDep, staff: CurrentStaff, report: UUID) -> Response:
    """Delete a report at once, such as one that is an insult or names people."""
    with services.database.transaction() as connection:
        town = _town(connection, report)
        handling.delete(connection, report)
        audit.by_staff(connection, staff.name, Action.REPORT_DELETE, str(report), municipality=town)
    return RedirectResponse(LIST, 303)


def _page(
    request: Request,
    services: StaffServices,
    report: Report,
    form: ReportAnswerForm,
    *,
    notice: str = "",
    status: int = 200,
) -> Response:
    context = {
        "row": _row(services, report),
        "closing": _closing(services, report),
        "form": form,
        "states": STATES,
        "notice": notice,
        "most": LONGEST_TEXT,
        "may_change": may(request, "POST /reports/{report}"),
        "may_delete": may(request, "POST /reports/{report}/delete"),
    }
    return page(request, "reports/report.html", context, status)


def _find(services: StaffServices, report: UUID) -> Report:
    with services.database.transaction() as connection:
        found = reading.find(connection, report)
    if found is None:
        raise NotFound("report", str(report))
    return found


def _town(connection: Transaction, report: UUID) -> str | None:
    """Whose report it is, for the audit log."""
    return municipality_of(connection, "report", str(report))


def _row(services: StaffServices, report: Report) -> ReportRow:
    snapshot = services.keeper.current
    trail = report.place.trail
    zone = (
        snapshot.catalogue.timezone_of(trail)
        if trail in snapshot.catalogue.trails
        else snapshot.catalogue.timezones()[0]
    )
    moment: Callable[[datetime], str] = partial(words.moment, now=services.clock(), timezone=zone)
    place, href = _place(snapshot, report)
    text = " ".join(report.text.split())
    return ReportRow(
        report=report,
        kind=kind_words(report.kind, texts("de")),
        place=place,
        href=href,
        received=moment(report.received_at),
        written=moment(report.written_at) if report.written_at else "",
        state=STATES[report.state],
        excerpt=text if len(text) <= _EXCERPT else f"{text[:_EXCERPT]}…",
        language="" if report.variant == "de" else language(report.variant).name,
    )


def _place(snapshot: Snapshot, report: Report) -> tuple[str, str]:
    catalogue, place = snapshot.catalogue, report.place
    station = catalogue.stations.get(place.station or "")
    if station is not None:
        return f"Station {station.number} · {title_of(station)}", f"/s/{station.code}"
    trail = catalogue.trails.get(place.trail or "")
    if trail is not None:
        return name_of(trail), f"/t/{trail.slug}"
    town = catalogue.municipalities.get(place.municipality or "")
    return f"{town.name}, ohne Pfad" if town else "ohne Ort", ""


def _closing(services: StaffServices, report: Report) -> str:
    """The page that closes the way on from where a tree lies across; empty where there is nothing to close."""
    snapshot, place = services.keeper.current, report.place
    if report.kind is not ReportKind.TREE or report.state.is_closed or place.trail not in snapshot.catalogue.trails:
        return ""
    stretch: dict[str, int] = {}
    if (station := snapshot.catalogue.stations.get(place.station or "")) is not None:
        following = next_station(snapshot, station.trail, station.along_m, besides=station.code)
        stretch = {"from_station": station.number}
        if following and following.station.number != station.number:
            stretch["to_station"] = following.station.number
    return f"/staff/trails/{place.trail}/closures/new?{urlencode({'example': 'tree', **stretch})}"


def _text(value: str | None) -> str:
    return (value or "").replace("\r\n", "\n").strip()
