"""An invitation: whoever has the link chooses a password or makes a passkey, and is signed in."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from dashboards.access import invitations
from dashboards.access.passkeys import UnusablePasskey
from dashboards.forms import Fields, Posted
from dashboards.gate import LOGIN, START, forget, keep
from dashboards.languages import t
from dashboards.people.answers import PASSKEY_FAILED, json_of, no_options
from dashboards.people.forms import NewPasswordForm, PasskeyForm
from dashboards.services import ServicesDep, StaffServices
from dashboards.templating import page
from geodata.errors import NotFound
from geodata.model.staff import Staff

router = APIRouter()


@router.get("/invitation/{token}")
def show(request: Request, services: ServicesDep, token: str) -> Response:
    """What the person may choose from; a link that is good no more says so."""
    person = _person(services, token)
    if person is None:
        return page(request, "people/invitation_over.html", {}, 404)
    return _page(request, services, token, NewPasswordForm(), person)


@router.post("/invitation/{token}")
def choose_password(request: Request, services: ServicesDep, posted: Posted, token: str) -> Response:
    """Take the password, and sign in."""
    person, form = _person(services, token), NewPasswordForm(Fields(posted))
    if person is None:
        return page(request, "people/invitation_over.html", {}, 404)
    form.staff_name = person.name
    if not form.validate():
        return _page(request, services, token, form, person, status=422)
    signed_in = invitations.accept_with_password(services.database, token, str(form.new.data), services.clock())
    if signed_in is None:
        answer = RedirectResponse(f"{LOGIN}?notice=chosen", 303)
        forget(answer, services)
        return answer
    answer = RedirectResponse(START, 303)
    keep(answer, services, signed_in.token)
    return answer


@router.post("/invitation/{token}/passkey/options")
def passkey_options(services: ServicesDep, token: str) -> Response:
    """What the browser needs to make a passkey."""
    person, party = _person(services, token), services.relying_party
    if person is None or party is None:
        return no_options()
    with services.database.transaction() as connection:
        return json_of(party.creation_options(connection, person))


@router.post("/invitation/{token}/passkey")
def choose_passkey(request: Request, services: ServicesDep, posted: Posted, token: str) -> Response:
    """Take the passkey, and sign in."""
    person, form = _person(services, token), PasskeyForm(Fields(posted))
    if person is None:
        return page(request, "people/invitation_over.html", {}, 404)
    party = services.relying_party
    if party is None or not form.validate():
        return _page(request, services, token, NewPasswordForm(), person, wrong=t(PASSKEY_FAILED), status=422)
    passkey = (str(form.name.data).strip(), services.clock())
    try:
        signed_in = invitations.accept_with_passkey(services.database, token, party, str(form.credential.data), passkey)
    except UnusablePasskey:
        return _page(request, services, token, NewPasswordForm(), person, wrong=t(PASSKEY_FAILED), status=422)
    answer = RedirectResponse(START, 303)
    keep(answer, services, signed_in.token)
    return answer


def _person(services: StaffServices, token: str) -> Staff | None:
    with services.database.transaction() as connection:
        try:
            return invitations.invited(connection, token)
        except NotFound:
            return None


def _page(
    request: Request,
    services: StaffServices,
    token: str,
    form: NewPasswordForm,
    person: Staff,
    *,
    wrong: str = "",
    status: int = 200,
) -> Response:
    context = {"form": form, "person": person, "token": token, "party": services.relying_party, "wrong": wrong}
    return page(request, "people/invitation.html", context, status)
