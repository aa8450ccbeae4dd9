"""Signing in and out."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from dashboards import accounts, words
from dashboards.forms import Fields, LoginForm, Posted
from dashboards.gate import ACCOUNT, LOGIN, forget, keep, safe_next
from dashboards.services import Use
from dashboards.templating import page

router = APIRouter()

_NOTICES = {
    "signed-out": "Sie sind abgemeldet.",
    "everywhere": "Sie sind auf allen Geräten abgemeldet.",
    "ended": "Ihre Anmeldung ist abgelaufen oder wurde beendet. Bitte melden Sie sich noch einmal an.",
}
_WRONG = "Name oder Passwort stimmen nicht."


@router.get("/login")
def show_login(request: Request, notice: str = "", next: str = "") -> Response:  # noqa: A002 - the field's usual name
    """The form; somebody who is signed in already goes on."""
    if request.state.staff is not None:
        return RedirectResponse(safe_next(next), 303)
    form = LoginForm(data={"next": next})
    return page(request, "login.html", {"form": form, "notice": _NOTICES.get(notice, ""), "error": ""})


@router.post("/login")
def sign_in(request: Request, use: Use, posted: Posted) -> Response:
    """Check name and password; answer a wrong pair with 401, too many attempts with 429."""
    form = LoginForm(Fields(posted))
    if not form.validate():
        return page(request, "login.html", {"form": form, "notice": "", "error": ""}, 422)
    name = accounts.login_name(str(form.name.data))
    address = request.client.host if request.client else ""
    if not use.throttle.allow(name, address):
        wait_s = use.throttle.wait_s(name, address)
        error = words.too_many_attempts(wait_s)
        answer = page(request, "login.html", {"form": form, "notice": "", "error": error}, 429)
        answer.headers["Retry-After"] = str(wait_s)
        return answer
    signed_in = accounts.sign_in(use.database, name, str(form.password.data), use.clock())
    if signed_in is None:
        return page(request, "login.html", {"form": form, "notice": "", "error": _WRONG}, 401)
    use.throttle.forgive(name, address)
    _end_old_session(request, use)
    target = ACCOUNT if signed_in.staff.one_time else safe_next(str(form.next.data))
    answer = RedirectResponse(target, 303)
    keep(answer, use, signed_in.token)
    return answer


@router.post("/logout")
def sign_out(request: Request, use: Use) -> Response:
    """End this session."""
    _end_old_session(request, use)
    answer = RedirectResponse(f"{LOGIN}?notice=signed-out", 303)
    forget(answer, use)
    return answer


def _end_old_session(request: Request, use: Use) -> None:
    token = request.cookies.get(use.cookie)
    if token:
        accounts.sign_out(use.database, token, use.clock())
