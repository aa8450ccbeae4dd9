"""Tasks that staff write down for the next care round."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response
from wtforms import Field, IntegerField, StringField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from api.catalogue.snapshot import Snapshot
from api.catalogue.texts import title_of
from dashboards.access.visible import trail_asked_for, visible_trails
from dashboards.care import words
from dashboards.forms import Fields, GermanForm, Posted, refuse_unfit
from dashboards.gate import may
from dashboards.languages import marked, t
from dashboards.services import CurrentStaff, ServicesDep, StaffServices
from dashboards.templating import page
from geodata.errors import NotFound
from geodata.model.care.work import LONGEST_BRING, LONGEST_TASK, CareTask
from geodata.model.staff import Staff
from geodata.model.station import Station
from geodata.model.trail import Trail
from geodata.store.access import audit
from geodata.store.care import tasks
from geodata.vocabulary.audit import Action

router = APIRouter()

_PAGE = "/staff/care/tasks"
_NOTICES = {"saved": marked("Die Aufgabe steht auf der Runde."), "removed": marked("Die Aufgabe ist gelöscht.")}
_TOO_LONG = marked("Bitte kürzen Sie den Text.")


class CareTaskForm(GermanForm):
    """What to do, where, and what it needs."""

    text = StringField(
        marked("Was ist zu tun?"),
        [DataRequired(marked("Bitte schreiben Sie, was zu tun ist.")), Length(max=LONGEST_TASK, message=_TOO_LONG)],
    )
    bring = StringField(marked("Was braucht man dafür?"), [Length(max=LONGEST_BRING, message=_TOO_LONG)])
    along_m = IntegerField(
        marked("Wie viele Meter ab dem Start?"),
        [Optional(), NumberRange(0, 1_000_000, marked("Bitte geben Sie ganze Meter ein, wie 1200."))],
    )

    def validate_text(self, field: Field) -> None:
        """A text that people can read."""
        refuse_unfit(field)

    def validate_bring(self, field: Field) -> None:
        """As the text."""
        refuse_unfit(field)


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task with its place in words."""

    task: CareTask
    place: str
    written: str


@router.get("/care/tasks")
def show(
    request: Request, services: ServicesDep, staff: CurrentStaff, trail: str = "", station: str = "", notice: str = ""
) -> Response:
    """What is written down for a trail, and the form for more."""
    return _page(
        request,
        services,
        staff,
        (trail, station),
        CareTaskForm(),
        notice=t(_NOTICES[notice]) if notice in _NOTICES else "",
    )


@router.post("/care/tasks")
def add(
    request: Request, services: ServicesDep, staff: CurrentStaff, posted: Posted, trail: str = "", station: str = ""
) -> Response:
    """Write a task down: at the station that the address names, else on its trail."""
    form = CareTaskForm(Fields(posted))
    if not trail or not form.validate():
        return _page(request, services, staff, (trail, station), form, status=422)
    there, place = _place(services.keeper.current, staff, trail, station)
    now = services.clock()
    task = CareTask(
        id=0, trail=there.slug, station=place.code if place else None,
        along_m=None if place else form.along_m.data, text=_plain(form.text.data), bring=_plain(form.bring.data),
        created_by=staff.name, created_at=now,
    )  # fmt: skip
    with services.database.transaction() as connection:
        identity = tasks.add(connection, task)
        audit.by_staff(
            connection,
            staff.name,
            Action.CARE_TASK_ADD,
            str(identity),
            after=task.text,
            municipality=there.municipality,
        )
    return _back(there.slug, "saved")


@router.post("/care/tasks/{task}/remove")
def remove(services: ServicesDep, staff: CurrentStaff, task: int) -> Response:
    """Delete a task that nobody has to do."""
    with services.database.transaction() as connection:
        removed = tasks.remove(connection, task)
        if removed is None:  # done meanwhile, or pressed twice
            return RedirectResponse(_PAGE, 303)
        town = services.keeper.current.catalogue.trails[removed.trail].municipality
        audit.by_staff(
            connection, staff.name, Action.CARE_TASK_REMOVE, str(task), before=removed.text, municipality=town
        )
    return _back(removed.trail, "removed")


def _back(trail: str, notice: str) -> Response:
    return RedirectResponse(f"{_PAGE}?{urlencode({'trail': trail, 'notice': notice})}", 303)


def _place(snapshot: Snapshot, staff: Staff, slug: str, code: str) -> tuple[Trail, Station | None]:
    """Trail and station of an address; raises NotFound where they do not belong together."""
    trail = trail_asked_for(snapshot, staff, slug)
    station = snapshot.catalogue.stations.get(code)
    if code and (station is None or station.trail != trail.slug):
        raise NotFound("station", code)
    return trail, station


def _page(
    request: Request,
    services: StaffServices,
    staff: Staff,
    named: tuple[str, str],
    form: CareTaskForm,
    *,
    notice: str = "",
    status: int = 200,
) -> Response:
    snapshot, (slug, code) = services.keeper.current, named
    if not slug and not visible_trails(snapshot, staff):
        return page(request, "care/tasks.html", {"trail": None, "station": None, "rows": []}, status)
    trail, station = _place(snapshot, staff, slug, code)
    with services.database.transaction() as connection:
        waiting = tasks.open_of_trail(connection, trail.slug)
    context = {
        "trail": trail,
        "station": station,
        "stations": snapshot.stations_along.get(trail.slug, []),
        "rows": [_row(snapshot, task, services.clock()) for task in waiting],
        "form": form,
        "query": urlencode({"trail": trail.slug} | ({"station": station.code} if station else {})),
        "notice": notice,
        "may_write": may(request, "POST /care/tasks"),
    }
    return page(request, "care/tasks.html", context, status)


def _row(snapshot: Snapshot, task: CareTask, now: datetime) -> TaskRow:
    station = snapshot.catalogue.stations.get(task.station or "")
    if station is not None:
        place = t("Station %(number)s · %(title)s", number=station.number, title=title_of(station))
    elif task.along_m is not None:
        place = t("bei %(metres)s m", metres=round(task.along_m))
    else:
        place = t("ohne genauen Ort")
    zone = snapshot.catalogue.timezone_of(task.trail)
    return TaskRow(task, place, f"{words.day(task.created_at, now, zone)}, {task.created_by}")


def _plain(text: str | None) -> str:
    return " ".join((text or "").split())
