"""Closures of a trail: listed, made with a look beforehand at who will see what, changed, and ended."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from dashboards.closures import views
from dashboards.closures.examples import EXAMPLES, begun
from dashboards.closures.form import AREA, WHERES, ClosureForm, filled
from dashboards.forms import Fields, Posted
from dashboards.gate import may
from dashboards.languages import marked
from dashboards.services import CurrentStaff, ServicesDep, StaffServices
from dashboards.templating import page
from dashboards.trails.ground import Ground, ground_of, line_of, stations_of
from geodata.actions import edit_closure, end_closure
from geodata.actions.edit_closure import ClosureChanged
from geodata.conditions.closures import Closure
from geodata.errors import InvalidInput, NotFound
from geodata.model.staff import Staff
from geodata.store.access import audit
from geodata.store.catalogue import closure as store
from geodata.store.transaction import Transaction
from geodata.vocabulary.audit import Action

MOST_BYTES = 128 * 1024
"""Of a form: reason and detour in seven languages, each letter up to nine bytes on its way."""

router = APIRouter(max_body_size=MOST_BYTES)

NOTICES = {
    "saved": marked("Gespeichert. Auf den Seiten der Wanderer steht es spätestens nach einer Minute."),
    "opened": marked("Wieder geöffnet. Auf den Seiten der Wanderer steht es spätestens nach einer Minute."),
    "over": marked("Diese Sperrung war schon zu Ende."),
}
SAVE, EDIT = "save", "edit"


@router.get("/trails/{trail}/closures")
def show_list(request: Request, services: ServicesDep, trail: str, notice: str = "") -> Response:
    """What is closed now, what will be, and what was."""
    ground = ground_of(services, trail)
    with services.database.transaction() as connection:
        rows = views.rows_of(ground, store.load(connection, trail).values())
    context = {
        "ground": ground,
        "rows": rows,
        "map": ground.map([row.placed for row in rows[views.NOW]]),
        "states": views.STATES,
        "examples": EXAMPLES,
        "notice": NOTICES.get(notice, ""),
        "may_change": may(request, "POST /trails/{trail}/closures"),
    }
    return page(request, "closures/closures.html", context)


@router.get("/trails/{trail}/closures/new")
def begin(
    request: Request, services: ServicesDep, trail: str, example: str = "", from_station: str = "", to_station: str = ""
) -> Response:
    """An empty form, or one with what an example or a report says."""
    ground = ground_of(services, trail)
    return _form(request, ground, begun(ground, example, ground.now, from_station, to_station))


@router.post("/trails/{trail}/closures")
def add(request: Request, services: ServicesDep, staff: CurrentStaff, posted: Posted, trail: str) -> Response:
    """Show what would be seen, then keep it."""
    ground = ground_of(services, trail)
    form, step = _sent(ground, posted), str(posted.get("step", ""))
    answer = _before_saving(request, ground, form, step)
    if answer is not None:
        return answer
    made = form.made()
    with services.database.transaction() as connection:
        identity = edit_closure.add(connection, made, ground.geometry)
        _note(connection, staff, ground, Action.CLOSURE_ADD, identity, after=made)
    return _to_list(trail, "saved")


@router.get("/trails/{trail}/closures/{closure}")
def show(request: Request, services: ServicesDep, trail: str, closure: int) -> Response:
    """A stored closure: what is seen of it, and the form that changes it."""
    ground = ground_of(services, trail)
    return _form(request, ground, filled(ground, _find(services, trail, closure)))


@router.post("/trails/{trail}/closures/{closure}")
def change(
    request: Request, services: ServicesDep, staff: CurrentStaff, posted: Posted, trail: str, closure: int
) -> Response:
    """Show what would be seen, then write it over what was; what somebody else changed meanwhile is shown first."""
    ground = ground_of(services, trail)
    form, step = _sent(ground, posted, _find(services, trail, closure)), str(posted.get("step", ""))
    answer = _before_saving(request, ground, form, step)
    if answer is not None:
        return answer
    made = form.made()
    try:
        with services.database.transaction() as connection:
            before = edit_closure.change(connection, made, ground.geometry, _version(form))
            _note(connection, staff, ground, Action.CLOSURE_CHANGE, closure, before=before, after=made)
    except ClosureChanged as changed:
        form.version.data = changed.now.updated_at.isoformat()
        versions = (views.as_text(ground, changed.now), views.as_text(ground, made))
        return _form(request, ground, form, 409, versions)
    return _to_list(trail, "saved")


@router.post("/trails/{trail}/closures/{closure}/open")
def open_again(services: ServicesDep, staff: CurrentStaff, trail: str, closure: int) -> Response:
    """Let it end now; one that has not begun is taken back."""
    ground = ground_of(services, trail)
    before = _find(services, trail, closure)
    try:
        with services.database.transaction() as connection:
            end_closure.end(connection, closure, services.clock())
            _note(connection, staff, ground, Action.CLOSURE_END, closure, before=before)
    except InvalidInput:
        return _to_list(trail, "over")
    return _to_list(trail, "opened")


def _before_saving(request: Request, ground: Ground, form: ClosureForm, step: str) -> Response | None:
    """The page that comes first: the form with its faults, the form again, or the look beforehand; None to save."""
    if not form.validate():
        return _form(request, ground, form, 422)
    if step == EDIT:
        return _form(request, ground, form)
    if step == SAVE:
        return None
    preview = views.preview(ground, form.made())
    context = {
        "ground": ground,
        "form": form,
        "preview": preview,
        "map": ground.map([preview.placed]),
        "target": _target(ground, form),
    }
    return page(request, "closures/preview.html", context)


def _form(
    request: Request, ground: Ground, form: ClosureForm, status: int = 200, versions: tuple[str, str] | None = None
) -> Response:
    stored = form.closure
    row = views.row_of(ground, stored) if stored else None
    context = {
        "ground": ground,
        "form": form,
        "wheres": WHERES,
        "stations": stations_of(ground),
        "line": line_of(ground),
        "row": row,
        "has_area": stored is not None and stored.area is not None,
        "area": AREA,
        "map": ground.map([row.placed] if row and row.state != views.PAST else []),
        "target": _target(ground, form),
        "examples": EXAMPLES,
        "versions": versions,
        "has_faults": bool(form.errors),
    }
    return page(request, "closures/form.html", context, status)


def _target(ground: Ground, form: ClosureForm) -> str:
    of_trail = f"/staff/trails/{ground.trail.slug}/closures"
    return f"{of_trail}/{form.closure.id}" if form.closure else of_trail


def _sent(ground: Ground, posted: Posted, closure: Closure | None = None) -> ClosureForm:
    form = ClosureForm(Fields(posted))
    form.ground, form.closure = ground, closure
    return form


def _find(services: StaffServices, trail: str, closure: int) -> Closure:
    with services.database.transaction() as connection:
        found = store.load(connection, trail).get(closure)
    if found is None:
        raise NotFound("closure", str(closure))
    return found


def _version(form: ClosureForm) -> datetime:
    try:
        return datetime.fromisoformat(str(form.version.data))
    except ValueError:  # no form of ours: it is asked again over what is there
        return datetime.fromtimestamp(0, UTC)


def _note(
    connection: Transaction,
    staff: Staff,
    ground: Ground,
    action: Action,
    identity: int,
    *,
    before: Closure | None = None,
    after: Closure | None = None,
) -> None:
    was, became = (views.as_text(ground, closure) if closure else "" for closure in (before, after))
    object_ = f"{ground.trail.slug}: {identity}"
    audit.by_staff(
        connection, staff.name, action, object_, before=was, after=became, municipality=ground.trail.municipality
    )


def _to_list(trail: str, notice: str) -> Response:
    return RedirectResponse(f"/staff/trails/{trail}/closures?notice={notice}", 303)
