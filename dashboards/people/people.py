"""The people with a login: who may do what where, and inviting one more."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from dashboards.access import accounts, invitations, managing
from dashboards.access.visible import visible_municipalities
from dashboards.forms import Fields, Posted
from dashboards.gate import NotAllowed
from dashboards.languages import marked
from dashboards.people.code_picture import qr
from dashboards.people.forms import PersonForm
from dashboards.people.words import ROLES, PersonRow, person_row, place_words
from dashboards.services import CurrentStaff, ServicesDep, StaffServices
from dashboards.templating import page
from geodata.errors import InvalidInput, NotFound
from geodata.model.staff import Grant, Role, Staff
from geodata.store.access import staff as staff_store

router = APIRouter()

LIST = "/staff/people"
_TAKEN = marked("Diesen Namen gibt es schon. Bitte wählen Sie einen anderen, zum Beispiel mit dem Nachnamen.")


@router.get("/people")
def show_list(request: Request, services: ServicesDep, staff: CurrentStaff) -> Response:
    """Everybody who has a role where the asking admin decides, or everywhere."""
    with services.database.transaction() as connection:
        entries = staff_store.entries(connection)
    rows = [row(services, staff, entry) for entry in entries]
    context = {
        "rows": [each for each in rows if any(one.may_change or not one.town for one in each.grants)],
        "places": [(town or "", place_words(services.keeper.current, town)) for town in _managed(services, staff)],
    }
    return page(request, "people/people.html", context)


@router.get("/people/add")
def show_form(request: Request, services: ServicesDep, staff: CurrentStaff, municipality: str = "") -> Response:
    """The form for one more person in ``municipality``; without it in all, or where the asking admin decides."""
    town = municipality or next(reversed(_managed(services, staff)), None) or ""
    return _form_page(request, services, staff, PersonForm(), town)


@router.post("/people")
def add(
    request: Request, services: ServicesDep, staff: CurrentStaff, posted: Posted, municipality: str = ""
) -> Response:
    """Invite somebody; the answer shows the link, this once."""
    form = PersonForm(Fields(posted))
    if not form.validate():
        return _form_page(request, services, staff, form, municipality, 422)
    _place(services, staff, municipality)
    grant = Grant(Role(form.role.data), municipality or None)
    try:
        added, token = managing.add(services.database, staff, accounts.login_name(str(form.name.data)), grant)
    except InvalidInput:
        form.name.errors = [_TAKEN]
        return _form_page(request, services, staff, form, municipality, 422)
    return link_page(request, services, added, token)


def link_page(request: Request, services: StaffServices, person: Staff, token: str) -> Response:
    """The link of an invitation, to copy or to print; it is shown this once."""
    link = invitations.link(services.base_url, token)
    return page(request, "people/link.html", {"person": person, "link": link, "picture": qr(link)})


def row(services: StaffServices, staff: Staff, entry: staff_store.StaffEntry) -> PersonRow:
    """A person in words, as ``staff`` may see them."""
    zone = services.keeper.current.catalogue.timezones()[0]
    return person_row(entry, staff, services.keeper.current, (services.clock(), zone))


def _form_page(
    request: Request, services: StaffServices, staff: Staff, form: PersonForm, town: str, status: int = 200
) -> Response:
    context = {"form": form, "town": town, "place": _place(services, staff, town), "roles": ROLES}
    return page(request, "people/add.html", context, status)


def _place(services: StaffServices, staff: Staff, town: str) -> str:
    """The place's name; raises NotFound or NotAllowed."""
    if town and town not in services.keeper.current.catalogue.municipalities:
        raise NotFound("municipality", town)
    if not managing.manages(staff, town or None):
        raise NotAllowed
    return place_words(services.keeper.current, town)


def _managed(services: StaffServices, staff: Staff) -> list[str | None]:
    """Where somebody decides; None stands for everywhere."""
    towns = [town for town in visible_municipalities(services.keeper.current, staff) if managing.manages(staff, town)]
    return [*towns, None] if managing.manages(staff, None) else [*towns]


def back(person: int, notice: str) -> Response:
    """To the page of a person."""
    return RedirectResponse(f"{LIST}/{person}?notice={notice}", 303)
