"""Signing in and out."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from dashboards import accounts, words
from dashboards.forms import Fields, LoginForm, Posted
from dashboards.gate import ACCOUNT, LOGIN, forget, keep, safe_next
from dashboards.services import ServicesDep, StaffServices
from dashboards.templating import page

router = APIRouter()

_NOTICES = {
    "signed-out": "Sie sind abgemeldet.",
    "everywhere": "Sie sind auf allen Geräten abgemeldet.",
    "ended": "Ihre Anmeldung ist abgelaufen oder wurde beendet. Bitte melden Sie sich noch einmal an.",
}
_EXPIRED = "Dieses Einmal-Passwort ist abgelaufen. Lassen Sie sich ein neues geben."
_WRONG = "Name oder Passwort stimmen nicht."


@router.get("/login")
def show_login(request: Request, notice: str = "", next: str = "") -> Response:  # noqa: A002 - the field's usual name
    """The form; somebody who is signed in already is passed on."""
    if request.state.staff is not None:
        return RedirectResponse(safe_next(next), 303)
    form = LoginForm(data={"next": safe_next(next)})
    return page(request, "login.html", {"form": form, "notice": _NOTICES.get(notice, ""), "error": ""})


@router.post("/login")
async def sign_in(request: Request, services: ServicesDep, posted: Posted) -> Response:
    """Check name and password; answer a wrong pair with 401, too many attempts with 429."""
    form = LoginForm(Fields(posted))
    if not form.validate():
        return page(request, "login.html", {"form": form, "notice": "", "error": ""}, 422)
    name = accounts.login_name(str(form.name.data))
    admission = services.throttle.admit(name, _address(request))
    if admission.wait_s:
        error = words.too_many_attempts(admission.wait_s)
        answer = page(request, "login.html", {"form": form, "notice": "", "error": error}, 429)
        answer.headers["Retry-After"] = str(admission.wait_s)
        return answer
    await asyncio.sleep(admission.delay_s)  # here, where it keeps no thread from anybody
    return await run_in_threadpool(_open_session, request, services, form, name)


def _open_session(request: Request, services: StaffServices, form: LoginForm, name: str) -> Response:
    try:
        signed_in = accounts.sign_in(services.database, name, str(form.password.data), services.clock())
    except accounts.PasswordExpired:
        return page(request, "login.html", {"form": form, "notice": "", "error": _EXPIRED}, 401)
    if signed_in is None:
        return page(request, "login.html", {"form": form, "notice": "", "error": _WRONG}, 401)
    services.throttle.forgive(name, _address(request))
    _end_old_session(request, services)
    target = ACCOUNT if signed_in.staff.one_time else safe_next(str(form.next.data))
    answer = RedirectResponse(target, 303)
    keep(answer, services, signed_in.token)
    return answer


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


@router.post("/logout")
def sign_out(request: Request, services: ServicesDep) -> Response:
    """End this session."""
    _end_old_session(request, services)
    answer = RedirectResponse(f"{LOGIN}?notice=signed-out", 303)
    forget(answer, services)
    return answer


def _end_old_session(request: Request, services: ServicesDep) -> None:
    token = request.cookies.get(services.cookie)
    if token:
        accounts.sign_out(services.database, token, services.clock())
