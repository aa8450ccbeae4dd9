"""One's own login: the password, what is asked for beside it, and the sessions that are open."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from dashboards import words
from dashboards.access import accounts
from dashboards.forms import Fields, Posted
from dashboards.gate import ACCOUNT, LOGIN, START, forget, keep
from dashboards.languages import marked, t
from dashboards.people.code_picture import qr
from dashboards.people.forms import CodeForm, PasswordForm
from dashboards.people.own import Own
from dashboards.services import CurrentStaff, ServicesDep, StaffServices
from dashboards.templating import page
from geodata.errors import NotFound
from geodata.model.staff import Staff

router = APIRouter()

_NOTICES = {
    "password": marked("Ihr neues Passwort gilt. Andere Geräte sind abgemeldet."),
    "session": marked("Diese Anmeldung ist beendet."),
    "app-off": marked("Codes der App werden nicht mehr verlangt."),
    "passkey": marked("Der Passkey ist gespeichert."),
    "passkey-off": marked("Der Passkey ist entfernt."),
    "gone": marked("Das war schon entfernt."),
}


@router.get("/account")
def show(request: Request, services: ServicesDep, staff: CurrentStaff, notice: str = "") -> Response:
    """The account; with a generated password only this page is open."""
    said = _NOTICES.get(notice, "")
    return account_page(request, services, staff, notice=t(said) if said else "")


@router.post("/account/password")
def change_password(request: Request, services: ServicesDep, staff: CurrentStaff, posted: Posted) -> Response:
    """Replace the password, end all other sessions, continue with a new one."""
    form = PasswordForm(Fields(posted))
    form.staff_name = staff.name
    if not form.validate():
        return account_page(request, services, staff, form=form, status=422)
    current, new = str(form.current.data), str(form.new.data)
    admission = services.throttle.admit(staff.name, f"session {staff.id}")
    if admission.wait_s:
        form.form_errors.append(words.too_many_attempts(admission.wait_s))
        return account_page(request, services, staff, form=form, status=429)
    try:
        signed_in = accounts.change_password(services.database, staff, current, new, services.clock())
    except accounts.WrongPassword:
        form.current.errors = [marked("Das jetzige Passwort stimmt nicht.")]
        return account_page(request, services, staff, form=form, status=422)
    answer = RedirectResponse(START if staff.one_time else f"{ACCOUNT}?notice=password", 303)
    keep(answer, services, signed_in.token)
    return answer


@router.post("/account/sign-out-everywhere")
def sign_out_everywhere(services: ServicesDep, staff: CurrentStaff) -> Response:
    """End all sessions, this one too."""
    accounts.sign_out_everywhere(services.database, staff, services.clock())
    answer = RedirectResponse(f"{LOGIN}?notice=everywhere", 303)
    forget(answer, services)
    return answer


@router.post("/account/sessions/{login}/end")
def end_session(services: ServicesDep, staff: CurrentStaff, login: str) -> Response:
    """End one of one's own sessions."""
    if not (login.isascii() and login.isdecimal() and len(login) < 18):
        raise NotFound("session", login)
    is_own = accounts.end_session(services.database, staff, int(login), services.clock())
    return RedirectResponse(f"{ACCOUNT}?notice={'session' if is_own else 'gone'}#sessions", 303)


def account_page(
    request: Request,
    services: StaffServices,
    staff: Staff,
    *,
    form: PasswordForm | None = None,
    code: CodeForm | None = None,
    notice: str = "",
    wrong: str = "",
    status: int = 200,
) -> Response:
    """The page, with a form that was sent and has faults."""
    now, zone = services.clock(), services.keeper.current.catalogue.timezones()[0]
    own = Own.read(services.database, staff, request.cookies.get(services.cookie, ""), now)
    context = {
        "own": own,
        "form": form or PasswordForm(),
        "code": code or CodeForm(),
        "picture": qr(own.app_address) if own.app_address else "",
        "party": services.relying_party,
        "notice": notice,
        "wrong": wrong,
        "moment": partial(words.moment, now=now, timezone=zone),
    }
    return page(request, "people/account.html", context, status)
