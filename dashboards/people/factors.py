"""What one's own login asks for beside the password, or instead of it: an app's codes, codes on paper, passkeys."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from dashboards import words
from dashboards.access import second_factor
from dashboards.access.passkeys import UnusablePasskey
from dashboards.forms import Fields, Posted
from dashboards.gate import ACCOUNT
from dashboards.languages import marked, t
from dashboards.people.account import account_page
from dashboards.people.answers import PASSKEY_FAILED, json_of, no_options
from dashboards.people.forms import CodeForm, PasskeyForm
from dashboards.services import CurrentStaff, ServicesDep, StaffServices
from dashboards.templating import page
from geodata.errors import NotFound
from geodata.model.staff import Staff
from geodata.store.access import audit, staff_factor, staff_passkey
from geodata.store.access import staff as staff_store
from geodata.vocabulary.audit import Action

router = APIRouter()

_WRONG_CODE = marked("Dieser Code stimmt nicht, oder er ist schon benutzt. Warten Sie auf den nächsten.")
_ONLY_KEY = marked("Das ist Ihr einziger Weg hinein. Fügen Sie zuerst einen anderen Passkey hinzu.")


@router.post("/account/app")
def begin_app(services: ServicesDep, staff: CurrentStaff) -> Response:
    """Make a secret for an app, and show it."""
    second_factor.begin(services.database, staff)
    return RedirectResponse(f"{ACCOUNT}#app", 303)


@router.post("/account/app/confirm")
def confirm_app(request: Request, services: ServicesDep, staff: CurrentStaff, posted: Posted) -> Response:
    """Ask for codes from now on, when one is right; the answer shows those for paper, this once."""
    form = CodeForm(Fields(posted))
    if (refused := _refused(request, services, staff, form)) is not None:
        return refused
    codes = second_factor.confirm(services.database, staff, str(form.code.data), services.clock())
    if codes is None:
        form.code.errors = [_WRONG_CODE]
        return account_page(request, services, staff, code=form, status=422)
    return page(request, "people/codes.html", {"codes": codes})


@router.post("/account/app/remove")
def remove_app(request: Request, services: ServicesDep, staff: CurrentStaff, posted: Posted) -> Response:
    """Ask for codes no more; a code shows that it is the owner who wants it. One being set up is just forgotten."""
    form = CodeForm(Fields(posted))
    if posted.get("cancel"):
        form.code.data = ""
    elif (refused := _refused(request, services, staff, form)) is not None:
        return refused
    if not second_factor.remove(services.database, staff, str(form.code.data), services.clock()):
        form.code.errors = [_WRONG_CODE]
        return account_page(request, services, staff, code=form, status=422)
    return RedirectResponse(f"{ACCOUNT}?notice=app-off#app", 303)


@router.post("/account/recovery-codes")
def renew_codes(request: Request, services: ServicesDep, staff: CurrentStaff) -> Response:
    """New codes for paper, shown this once."""
    with services.database.transaction() as connection:
        asked = staff_factor.factors(connection, staff.id).asked
    if not asked:
        return RedirectResponse(f"{ACCOUNT}#app", 303)
    return page(request, "people/codes.html", {"codes": second_factor.renew_recovery_codes(services.database, staff)})


@router.post("/account/passkeys/options")
def passkey_options(services: ServicesDep, staff: CurrentStaff) -> Response:
    """What the browser needs to make a passkey."""
    party = services.relying_party
    if party is None:
        return no_options()
    with services.database.transaction() as connection:
        return json_of(party.creation_options(connection, staff))


@router.post("/account/passkeys")
def add_passkey(request: Request, services: ServicesDep, staff: CurrentStaff, posted: Posted) -> Response:
    """Keep the passkey that the browser made; the first factor comes with codes for paper."""
    form, party = PasskeyForm(Fields(posted)), services.relying_party
    if party is None or not form.validate():
        return account_page(request, services, staff, wrong=t(PASSKEY_FAILED), status=422)
    try:
        with services.database.transaction() as connection:
            party.add(connection, staff, str(form.name.data).strip(), str(form.credential.data))
            needs_codes = staff_factor.factors(connection, staff.id).recovery_codes == 0
            codes = second_factor.new_recovery_codes(connection, staff.id) if needs_codes else []
    except UnusablePasskey:
        return account_page(request, services, staff, wrong=t(PASSKEY_FAILED), status=422)
    return (
        page(request, "people/codes.html", {"codes": codes})
        if codes
        else RedirectResponse(f"{ACCOUNT}?notice=passkey#passkeys", 303)
    )


@router.post("/account/passkeys/{passkey}/remove")
def remove_passkey(request: Request, services: ServicesDep, staff: CurrentStaff, passkey: str) -> Response:
    """Forget one of one's own; the last one stays where there is no password."""
    if not (passkey.isascii() and passkey.isdecimal() and len(passkey) < 10):
        raise NotFound("passkey", passkey)
    with services.database.transaction() as connection:
        own = [each.id for each in staff_passkey.of_staff(connection, staff.id)]
        is_needed = own == [int(passkey)] and staff_store.get(connection, staff.id).argon2 is None
        removed = None if is_needed else staff_passkey.remove(connection, staff.id, int(passkey))
        if removed is not None:
            staff_factor.forget_unneeded_codes(connection, staff.id)
            audit.by_staff(connection, staff.name, Action.PASSKEY_REMOVE, removed.name)
    if is_needed:
        return account_page(request, services, staff, wrong=t(_ONLY_KEY), status=422)
    return RedirectResponse(f"{ACCOUNT}?notice={'passkey-off' if removed else 'gone'}#passkeys", 303)


def _refused(request: Request, services: StaffServices, staff: Staff, form: CodeForm) -> Response | None:
    """Why a code is not even looked at: there is none, or there were too many."""
    if not form.validate():
        return account_page(request, services, staff, code=form, status=422)
    admission = services.throttle.admit(staff.name, f"session {staff.id}")
    if admission.wait_s:
        return account_page(
            request, services, staff, code=form, wrong=words.too_many_attempts(admission.wait_s), status=429
        )
    return None
