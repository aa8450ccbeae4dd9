"""One's own account: a new password, signing out everywhere."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from dashboards import accounts, words
from dashboards.forms import Fields, PasswordForm, Posted
from dashboards.gate import ACCOUNT, LOGIN, START, forget, keep
from dashboards.services import CurrentStaff, ServicesDep
from dashboards.templating import page

router = APIRouter()


@router.get("/account")
def show(request: Request, notice: str = "") -> Response:
    """The account; with a generated password only this page is open."""
    changed = "Ihr neues Passwort gilt. Andere Geräte sind abgemeldet." if notice == "password" else ""
    return page(request, "account.html", {"form": PasswordForm(), "notice": changed})


@router.post("/account/password")
def change_password(request: Request, services: ServicesDep, staff: CurrentStaff, posted: Posted) -> Response:
    """Replace the password, end all other sessions, continue with a new one."""
    form = PasswordForm(Fields(posted))
    form.staff_name = staff.name
    if not form.validate():
        return page(request, "account.html", {"form": form, "notice": ""}, 422)
    current, new = str(form.current.data), str(form.new.data)
    admission = services.throttle.admit(staff.name, f"session {staff.id}")
    if admission.wait_s:
        form.form_errors.append(words.too_many_attempts(admission.wait_s))
        return page(request, "account.html", {"form": form, "notice": ""}, 429)
    try:
        signed_in = accounts.change_password(services.database, staff, current, new, services.clock())
    except accounts.WrongPassword:
        form.current.errors = ["Das jetzige Passwort stimmt nicht."]
        return page(request, "account.html", {"form": form, "notice": ""}, 422)
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
