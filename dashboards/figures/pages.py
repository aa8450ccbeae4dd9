"""The staff's page of figures: what passed and was scanned on a trail, and what was written down about days."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from dashboards.access.visible import visible_trails
from dashboards.figures import weeks
from dashboards.figures.annotations import KINDS, WHOLE_TOWN, WHOLE_TRAIL, AnnotationForm
from dashboards.figures.comparison import ComparedSpan
from dashboards.figures.view import FiguresAsked, TrailOfFigures, look, read_notes
from dashboards.forms import Fields, Posted
from dashboards.gate import may
from dashboards.services import CurrentStaff, ServicesDep, StaffServices
from dashboards.templating import page
from geodata.conditions.annotations import LONGEST_ANNOTATION
from geodata.errors import NotFound
from geodata.figures import trail_weeks
from geodata.model.staff import Staff
from geodata.store.access import audit
from geodata.store.comparison import annotation as written
from geodata.store.transaction import Transaction
from geodata.vocabulary.audit import Action

router = APIRouter()

PAGE = "/staff/figures"
AnnotationId = Annotated[int, Path(ge=1, le=2**31 - 1)]
_NOTICES = {
    "added": "Die Anmerkung ist gespeichert.",
    "public": "Den Text der Anmerkung lesen jetzt alle.",
    "internal": "Den Text der Anmerkung lesen jetzt nur noch Sie und Ihre Kolleginnen und Kollegen.",
    "removed": "Die Anmerkung ist entfernt.",
    "gone": "Diese Anmerkung war schon entfernt.",
}


@router.get("/figures")
def show(
    request: Request,
    services: ServicesDep,
    staff: CurrentStaff,
    *,
    trail: str = "",
    station: str = "",
    compare: ComparedSpan | None = None,
    without: bool = False,
    notice: str = "",
) -> Response:
    """The page of a trail, of the first one without a slug; ``without`` the days of annotations."""
    if not trail and not visible_trails(services.keeper.current, staff):
        return page(request, "figures/figures.html", {"view": None})
    asked = FiguresAsked(station=station, compared=compare, without_annotated=without)
    form = AnnotationForm(data={"place": WHOLE_TRAIL, "kind": ""})
    return _page(
        request, services, TrailOfFigures.of(services, staff, trail), form, asked, notice=_NOTICES.get(notice, "")
    )


@router.get("/figures/weeks.csv")
def show_weeks(services: ServicesDep, staff: CurrentStaff, trail: str = "") -> Response:
    """The table of weeks, as German spreadsheets open it."""
    of = TrailOfFigures.of(services, staff, trail)
    with services.database.transaction() as connection:
        year = trail_weeks.last_weeks(trail_weeks.read(connection, of.trail.slug, of.zone, of.today), of.zone, of.today)
        notes = read_notes(connection, services, of, year)
    name = f"nutzung-{of.trail.slug}-{of.today}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(weeks.as_csv(year, notes, of.zone.key), media_type="text/csv; charset=utf-8", headers=headers)


@router.post("/figures/annotations")
def add(request: Request, services: ServicesDep, staff: CurrentStaff, posted: Posted, trail: str = "") -> Response:
    """Write down what was on some days of ``trail``."""
    form = AnnotationForm(Fields(posted))
    of = TrailOfFigures.of(services, staff, trail)
    form.stations = [each.code for each in services.keeper.current.stations_of_trail.get(of.trail.slug, [])]
    if not form.validate():
        return _page(request, services, of, form, FiguresAsked(), status=422)
    with services.database.transaction() as connection:
        added = form.annotation(of.scope, staff.name)
        identity = written.add(connection, added)
        audit.by_staff(
            connection,
            staff.name,
            Action.ANNOTATION_ADD,
            str(identity),
            after=added.text,
            municipality=of.trail.municipality,
        )
    return _back(of.trail.slug, "added")


@router.post("/figures/annotations/{annotation}/publish")
def publish(services: ServicesDep, staff: CurrentStaff, posted: Posted, annotation: AnnotationId) -> Response:
    """Let everybody read the text."""
    change = partial(written.set_public, identity=annotation, public=True)
    return _changed(services, staff, posted, change, (Action.ANNOTATION_PUBLISH, annotation, "public"))


@router.post("/figures/annotations/{annotation}/withdraw")
def withdraw(services: ServicesDep, staff: CurrentStaff, posted: Posted, annotation: AnnotationId) -> Response:
    """Keep the text for staff again."""
    change = partial(written.set_public, identity=annotation, public=False)
    return _changed(services, staff, posted, change, (Action.ANNOTATION_WITHDRAW, annotation, "internal"))


@router.post("/figures/annotations/{annotation}/remove")
def remove(services: ServicesDep, staff: CurrentStaff, posted: Posted, annotation: AnnotationId) -> Response:
    """Take back what was written down; twice is once."""
    change = partial(written.remove, identity=annotation)
    return _changed(services, staff, posted, change, (Action.ANNOTATION_REMOVE, annotation, "removed"))


def _changed(
    services: StaffServices,
    staff: Staff,
    posted: FormData,
    change: Callable[[Transaction], None],
    done: tuple[Action, int, str],
) -> Response:
    """Do ``change``, write down the action with the annotation, and go back with what is said of it."""
    action, annotation, notice = done
    try:
        with services.database.transaction() as connection:
            before, town = written.text_of(connection, annotation)
            change(connection)
            after = "" if action is Action.ANNOTATION_REMOVE else before
            audit.by_staff(
                connection, staff.name, action, str(annotation), before=before, after=after, municipality=town
            )
    except NotFound:
        notice = "gone"
    return _back(str(posted.get("trail", "")), notice)


def _back(trail: str, notice: str) -> Response:
    return RedirectResponse(f"{PAGE}?{urlencode({'trail': trail, 'notice': notice})}#annotations", 303)


def _page(
    request: Request,
    services: StaffServices,
    of: TrailOfFigures,
    form: AnnotationForm,
    asked: FiguresAsked,
    *,
    notice: str = "",
    status: int = 200,
) -> Response:
    context = {
        "view": look(services, of, asked),
        "trails": list(visible_trails(services.keeper.current, request.state.staff).values()),
        "asked": asked,
        "form": form,
        "kinds": KINDS,
        "whole_trail": WHOLE_TRAIL,
        "whole_town": WHOLE_TOWN,
        "longest": LONGEST_ANNOTATION,
        "notice": notice,
        "may_annotate": may(request, "POST /figures/annotations"),
        "may_count": may(request, "GET /counting/{device}"),
    }
    return page(request, "figures/figures.html", context, status)
