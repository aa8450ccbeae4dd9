"""Answers that signing in, accepting an invitation and one's own login share."""

from __future__ import annotations

from fastapi import Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from dashboards.access import accounts
from dashboards.access.accounts import SignedIn
from dashboards.gate import ACCOUNT, keep, safe_next
from dashboards.kept import carried
from dashboards.languages import marked
from dashboards.people.forms import LoginForm
from dashboards.services import StaffServices
from dashboards.templating import page

PASSKEY_FAILED = marked("Der Passkey wurde nicht angenommen. Bitte versuchen Sie es noch einmal.")

AGAIN = marked("Das hat zu lange gedauert, oder der Code war zu oft falsch. Bitte beginnen Sie noch einmal.")


def json_of(text: str) -> Response:
    """JSON that a library wrote."""
    return Response(text, media_type="application/json")


def no_options() -> Response:
    """Passkeys are not for this place or moment; the page says that it did not work."""
    return Response("{}", 422, media_type="application/json")


def login_page(
    request: Request,
    services: StaffServices,
    form: LoginForm,
    posted: FormData,
    *,
    notice: str = "",
    error: str = "",
    status: int = 200,
) -> Response:
    """The form, with what was typed before in another one carried along."""
    context = {
        "form": form,
        "notice": notice,
        "error": error,
        "kept": carried(posted),
        "party": services.relying_party,
    }
    return page(request, "people/login.html", context, status)


def enter(request: Request, services: StaffServices, signed_in: SignedIn, posted: FormData) -> Response:
    """Let somebody in who has just signed in: to where they wanted to go, or to what they had typed before."""
    end_old_session(request, services)
    kept = carried(posted)
    if signed_in.staff.one_time:
        answer: Response = RedirectResponse(ACCOUNT, 303)
    elif kept is not None:
        request.state.staff = signed_in.staff
        answer = page(request, "people/resume.html", {"kept": kept})
    else:
        answer = RedirectResponse(safe_next(str(posted.get("next", ""))), 303)
    keep(answer, services, signed_in.token)
    return answer


def end_old_session(request: Request, services: StaffServices) -> None:
    """Whoever signs in, or out, leaves no session behind in this browser."""
    token = request.cookies.get(services.cookie)
    if token:
        accounts.sign_out(services.database, token, services.clock())


def address_of(request: Request) -> str:
    """Where somebody asks from; used to count attempts, and kept nowhere."""
    return request.client.host if request.client else ""
