"""Signing in and out."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from dashboards import words
from dashboards.access import accounts
from dashboards.forms import Fields, Posted
from dashboards.gate import LOGIN, forget, safe_next
from dashboards.languages import marked, t
from dashboards.people.answers import AGAIN, address_of, end_old_session, enter, login_page
from dashboards.people.forms import CodeForm, LoginForm
from dashboards.people.second_step import step_page
from dashboards.services import ServicesDep, StaffServices

router = APIRouter(max_body_size=256 * 1024)
"""A form that was typed before goes along, however long it was."""

_NOTICES = {
    "signed-out": marked("Sie sind abgemeldet."),
    "everywhere": marked("Sie sind auf allen Geräten abgemeldet."),
    "ended": marked("Ihre Anmeldung ist abgelaufen oder wurde beendet. Bitte melden Sie sich noch einmal an."),
    "chosen": marked("Ihr neues Passwort gilt. Bitte melden Sie sich damit an."),
    "again": AGAIN,
}
_EXPIRED = marked("Dieses Einmal-Passwort ist abgelaufen. Lassen Sie sich ein neues geben.")
_WRONG = marked("Name oder Passwort stimmen nicht.")


@router.get("/login")
def show_login(
    request: Request,
    services: ServicesDep,
    notice: str = "",
    next: str = "",  # noqa: A002 - the field's usual name
) -> Response:
    """The form; somebody who is signed in already is passed on."""
    if request.state.staff is not None:
        return RedirectResponse(safe_next(next), 303)
    form = LoginForm(data={"next": safe_next(next)})
    said = _NOTICES.get(notice, "")
    return login_page(request, services, form, FormData(), notice=t(said) if said else "")


@router.post("/login")
async def sign_in(request: Request, services: ServicesDep, posted: Posted) -> Response:
    """Check name and password; answer a wrong pair with 401, too many attempts with 429."""
    form = LoginForm(Fields(posted))
    if not form.validate():
        return login_page(request, services, form, posted, status=422)
    name = accounts.login_name(str(form.name.data))
    admission = services.throttle.admit(name, address_of(request))
    if admission.wait_s:
        error = words.too_many_attempts(admission.wait_s)
        answer = login_page(request, services, form, posted, error=error, status=429)
        answer.headers["Retry-After"] = str(admission.wait_s)
        return answer
    await asyncio.sleep(admission.delay_s)  # here, where it keeps no thread from anybody
    return await run_in_threadpool(_open_session, request, services, form, posted)


def _open_session(request: Request, services: StaffServices, form: LoginForm, posted: FormData) -> Response:
    name = accounts.login_name(str(form.name.data))
    try:
        signed_in = accounts.sign_in(services.database, name, str(form.password.data), services.clock())
    except accounts.PasswordExpired:
        return login_page(request, services, form, posted, error=t(_EXPIRED), status=401)
    if signed_in is None:
        return login_page(request, services, form, posted, error=t(_WRONG), status=401)
    if isinstance(signed_in, accounts.SecondStep):
        step = CodeForm(data={"step": signed_in.token, "next": safe_next(str(form.next.data))})
        return step_page(request, services, step, posted)
    services.throttle.forgive(name, address_of(request))
    return enter(request, services, signed_in, posted)


@router.post("/logout")
def sign_out(request: Request, services: ServicesDep) -> Response:
    """End this session."""
    end_old_session(request, services)
    answer = RedirectResponse(f"{LOGIN}?notice=signed-out", 303)
    forget(answer, services)
    return answer
