"""One person with a login: the roles, the link for whoever forgot the password, shutting off and allowing again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from dashboards.access import managing
from dashboards.forms import Fields, Posted
from dashboards.gate import NotAllowed
from dashboards.languages import marked, t
from dashboards.people import people
from dashboards.people.forms import NO_ROLE, InviteAgainForm, RoleForm
from dashboards.people.words import ROLES, GrantRow, PersonRow, place_words, role_words
from dashboards.services import CurrentStaff, ServicesDep, StaffServices
from dashboards.templating import page
from geodata.errors import NotFound
from geodata.model.staff import Grant, Role, Staff
from geodata.store.access import staff as staff_store

router = APIRouter()

PersonId = Annotated[int, Path(ge=1, le=2**31 - 1)]
_NOTICES = {
    "role": marked("Die Aufgabe ist geändert."),
    "off": marked("Der Zugang ist abgeschaltet. Alle Anmeldungen sind beendet."),
    "on": marked("Der Zugang ist wieder offen."),
}
_LAST = marked(
    "Das geht nicht: Dann gäbe es niemanden mehr mit der Aufgabe „Verwaltung“. Laden Sie zuerst jemanden ein."
)
_ONLY = marked("Das ist die einzige Aufgabe dieser Person. Schalten Sie stattdessen ihren Zugang ab.")


@router.get("/people/{person}")
def show(request: Request, services: ServicesDep, staff: CurrentStaff, person: PersonId, notice: str = "") -> Response:
    """What the person may do where, and how it stands with the login."""
    said = _NOTICES.get(notice, "")
    return _page(request, services, staff, person, notice=t(said) if said else "")


@router.post("/people/{person}/role")
def change_role(
    request: Request,
    services: ServicesDep,
    staff: CurrentStaff,
    posted: Posted,
    *,
    person: PersonId,
    municipality: str = "",
) -> Response:
    """Another role in ``municipality``, or in all; the first one there, or none any more."""
    form, town = RoleForm(Fields(posted)), municipality or None
    if not form.validate():
        return _page(request, services, staff, person, wrong=t(form.role.errors[0]), status=422)
    if not managing.manages(staff, town):
        raise NotAllowed
    wanted = None if form.role.data == NO_ROLE else Role(form.role.data)
    was = Role(form.was.data) if form.was.data in set(Role) else None
    grant = Grant(wanted, town) if wanted else None
    try:
        managing.set_role(services.database, staff, person, was, grant, town)
    except managing.ChangedMeanwhile as changed:
        wrong = t(
            "Jemand anders hat die Aufgabe gerade geändert: Sie ist jetzt „%(now)s“, Sie wollten „%(wanted)s“."
            " Wählen Sie bitte noch einmal.",
            now=role_words(changed.role),
            wanted=role_words(wanted),
        )
        return _page(request, services, staff, person, wrong=wrong, status=409)
    except managing.LastAdmin:
        return _page(request, services, staff, person, wrong=t(_LAST), status=422)
    except managing.OnlyRole:
        return _page(request, services, staff, person, wrong=t(_ONLY), status=422)
    return people.back(person, "role")


@router.post("/people/{person}/invite")
def invite(request: Request, services: ServicesDep, staff: CurrentStaff, posted: Posted, person: PersonId) -> Response:
    """A new link; the answer shows it, this once."""
    _refuse_foreign(services, staff, person)
    form = InviteAgainForm(Fields(posted))
    invited, token = managing.invite_again(services.database, staff, person, forget_factors=bool(form.forget.data))
    return people.link_page(request, services, invited, token)


@router.post("/people/{person}/disable")
def disable(request: Request, services: ServicesDep, staff: CurrentStaff, person: PersonId) -> Response:
    """Shut the login off."""
    _refuse_foreign(services, staff, person)
    try:
        managing.disable(services.database, staff, person)
    except managing.LastAdmin:
        return _page(request, services, staff, person, wrong=t(_LAST), status=422)
    return people.back(person, "off")


@router.post("/people/{person}/enable")
def enable(services: ServicesDep, staff: CurrentStaff, person: PersonId) -> Response:
    """Allow the login again."""
    _refuse_foreign(services, staff, person)
    managing.enable(services.database, staff, person)
    return people.back(person, "on")


def _refuse_foreign(services: StaffServices, staff: Staff, person: int) -> None:
    if not managing.manages_wholly(staff, _entry(services, person).grants):
        raise NotAllowed


def _entry(services: StaffServices, person: int) -> staff_store.StaffEntry:
    with services.database.transaction() as connection:
        found = staff_store.entries(connection, person)
    if not found:
        raise NotFound("staff member", str(person))
    return found[0]


def _page(
    request: Request,
    services: StaffServices,
    staff: Staff,
    person: int,
    *,
    notice: str = "",
    wrong: str = "",
    status: int = 200,
) -> Response:
    row = people.row(services, staff, _entry(services, person))
    context = {
        "row": row,
        "grants": [*row.grants, *_possible(services, staff, row)],
        "roles": ROLES,
        "notice": notice,
        "wrong": wrong,
    }
    return page(request, "people/person.html", context, status)


def _possible(services: StaffServices, staff: Staff, row: PersonRow) -> list[GrantRow]:
    """Where the person has no role and ``staff`` could give one."""
    snapshot = services.keeper.current
    there = {grant.town for grant in row.grants}
    towns: list[str] = [*snapshot.catalogue.municipalities, ""]
    return [
        GrantRow(town=town, place=place_words(snapshot, town), role=None, may_change=True)
        for town in towns
        if town not in there and managing.manages(staff, town or None)
    ]
