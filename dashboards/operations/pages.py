"""The operator's page: what the checks found, backups, disk and versions."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, RedirectResponse, Response

from dashboards import words
from dashboards.languages import marked, t
from dashboards.operations import view
from dashboards.operations.view import DiskState, OperationsView, RunningVersions
from dashboards.operator_tools import OperatorTools
from dashboards.services import CurrentStaff, ServicesDep, StaffServices
from dashboards.templating import page
from geodata.conditions import growth
from geodata.errors import NotFound
from geodata.store.access import audit
from geodata.store.mail import outbox
from geodata.store.operations import database_size, inspection
from geodata.vocabulary.audit import Action

router = APIRouter()

PAGE = "/staff/operations"
_FRESH = timedelta(minutes=10)
"""So long what the checks found is shown without asking again."""
_NOTICES = {
    "begun": marked("Die Sicherung wird geschrieben. Sie können diese Seite verlassen."),
    "busy": marked("Es wird schon eine Sicherung geschrieben."),
    "checking": marked("Alles wird neu geprüft. Das dauert einige Sekunden."),
}


@router.get("/operations")
def show(request: Request, services: ServicesDep, notice: str = "") -> Response:
    """The page; begins the checks anew where they are old."""
    tools = _tools(services)
    found = tools.checkup()
    if found is None or services.clock() - found.at > _FRESH:
        tools.begin_checkup()
    context = {"view": _look(services, tools), "notice": t(_NOTICES[notice]) if notice in _NOTICES else ""}
    return page(request, "operations/operations.html", context)


@router.post("/operations/checkup")
def check(services: ServicesDep) -> Response:
    """Look at everything anew."""
    _tools(services).begin_checkup()
    return RedirectResponse(f"{PAGE}?notice=checking", 303)


@router.post("/operations/backup")
def back_up(services: ServicesDep, staff: CurrentStaff) -> Response:
    """Begin a backup."""
    if not _tools(services).begin_backup():
        return RedirectResponse(f"{PAGE}?notice=busy", 303)
    with services.database.transaction() as connection:
        audit.by_staff(connection, staff.name, Action.BACKUP)
    return RedirectResponse(f"{PAGE}?notice=begun", 303)


@router.get("/operations/backups/{backup}")
def download(services: ServicesDep, staff: CurrentStaff, backup: str) -> Response:
    """A backup, to be kept elsewhere."""
    path = _tools(services).backup_file(backup)
    with services.database.transaction() as connection:
        audit.by_staff(connection, staff.name, Action.BACKUP_DOWNLOAD, path.name)
    return FileResponse(path, media_type="application/zip", filename=path.name)


def _tools(services: StaffServices) -> OperatorTools:
    if services.around.tools is None:
        raise NotFound("page", PAGE)
    return services.around.tools


def _look(services: StaffServices, tools: OperatorTools) -> OperationsView:
    now = services.clock()
    with services.database.transaction() as connection:
        server = inspection.server(connection)
        sizes = database_size.since(connection, now.date() - growth.LOOKED_BACK)
        taken = database_size.now(connection)
        mails = outbox.state(connection)
    free = tools.free_bytes()
    zone = services.keeper.current.catalogue.timezones()[0]
    return view.build(
        tools,
        DiskState(free, taken, growth.forecast(sizes, free, now.date())),
        mails,
        RunningVersions(tools.version(), server.version, server.timescale),
        partial(words.ago, now=now, timezone=zone),
        now,
    )
