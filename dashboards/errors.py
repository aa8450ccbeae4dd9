"""Errors of the staff pages as pages, in words that help; translated here and nowhere else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import RedirectResponse, Response

from api.limits.places import TooManyListeners
from dashboards.gate import ACCOUNT, NotAllowed, NotSignedIn, PasswordIsOneTime, login_url
from dashboards.kept import KeptForm, typed
from dashboards.languages import marked, t
from dashboards.templating import page
from geodata.errors import NotFound, StoreUnavailable
from geodata.messages.message import cut
from geodata.runtime.fault_log import FaultLog

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)
_told = FaultLog()

_MAY_COME_BACK = frozenset({403, 404})
"""What somebody typed for a page that is gone, or no longer theirs, they can still copy."""
_TEXTS: dict[int, tuple[str, str]] = {
    400: (
        marked("Diese Adresse ist nicht vollständig"),
        marked("Bitte prüfen Sie die Adresse oder gehen Sie zur Übersicht."),
    ),
    401: (marked("Bitte melden Sie sich an"), marked("Für diese Seite brauchen Sie eine Anmeldung.")),
    403: (
        marked("Dafür reicht Ihre Berechtigung nicht"),
        marked(
            "Wenn Sie diese Seite für Ihre Arbeit brauchen, sprechen Sie bitte mit der Verwaltung des Digitalpfads."
        ),
    ),
    404: (
        marked("Diese Seite gibt es nicht"),
        marked("Vielleicht hat die Adresse einen Tippfehler. Von der Übersicht aus finden Sie weiter."),
    ),
    405: (
        marked("Das geht auf dieser Seite nicht"),
        marked("Bitte gehen Sie zur Übersicht und versuchen Sie es von dort."),
    ),
    413: (marked("Das ist zu viel auf einmal"), marked("Die Eingabe ist zu groß. Bitte kürzen Sie sie.")),
    429: (
        marked("Zu viele Seiten sind offen"),
        marked(
            "Mehr Übersichten, die sich selbst aktuell halten, nimmt das System nicht an. Bitte schließen Sie einige."
        ),
    ),
    500: (
        marked("Hier ist etwas schiefgegangen"),
        marked(
            "Der Fehler liegt beim System, nicht bei Ihnen, und wurde aufgezeichnet."
            " Bitte versuchen Sie es noch einmal."
        ),
    ),
    503: (
        marked("Das System antwortet gerade nicht"),
        marked("Die Datenbank ist nicht erreichbar. Bitte versuchen Sie es in einer Minute noch einmal."),
    ),
}


def error_page(request: Request, status: int, kept: KeptForm | None = None) -> Response:
    """The page for a status, with what somebody had typed."""
    heading, text = _TEXTS.get(status, _TEXTS[500])
    context = {"status": status, "heading": t(heading), "text": t(text), "kept": kept}
    return page(request, "error.html", context, status)


def add_handlers(app: FastAPI) -> None:
    """Register all translations."""
    fixed = {NotAllowed: 403, NotFound: 404, TooManyListeners: 429}
    fixed |= {RequestValidationError: 400, ClientDisconnect: 400}
    for error, status in fixed.items():
        app.add_exception_handler(error, _always(status))
    app.add_exception_handler(NotSignedIn, _ask_to_sign_in)
    app.add_exception_handler(PasswordIsOneTime, _ask_for_password)
    app.add_exception_handler(StoreUnavailable, _unavailable)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


def _always(status: int) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def answer(request: Request, _: Exception) -> Response:
        return error_page(request, status, await typed(request) if status in _MAY_COME_BACK else None)

    return answer


async def _ask_to_sign_in(request: Request, _: Exception) -> Response:
    """A page leads to the login and back; a form that was typed is kept; everything else gets a plain no."""
    wants_page = request.method == "GET" and "text/html" in request.headers.get("accept", "")
    is_live = request.url.path == "/staff/live"
    if wants_page and not is_live:
        return RedirectResponse(login_url(request), 303)
    return error_page(request, 401, await typed(request))


async def _ask_for_password(request: Request, _: Exception) -> Response:
    return RedirectResponse(ACCOUNT, 303) if request.method == "GET" else error_page(request, 403)


async def _unavailable(request: Request, error: Exception) -> Response:
    _log.warning("staff-page-unavailable", path=cut(request.url.path), error=str(error))
    answer = error_page(request, 503, await typed(request))
    answer.headers["Retry-After"] = "60"
    return answer


async def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    answer = error_page(request, status)
    if isinstance(error, HTTPException) and error.headers:
        answer.headers.update(error.headers)
    return answer


async def _unexpected(request: Request, error: Exception) -> Response:
    _log.error("staff-page-failed", path=cut(request.url.path), **_told.fields(error))
    return error_page(request, 500, await typed(request))
