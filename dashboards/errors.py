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
from dashboards.templating import page
from geodata.errors import NotFound, StoreUnavailable
from geodata.messages.message import cut
from geodata.runtime.fault_log import FaultLog

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)
_told = FaultLog()

_TEXTS: dict[int, tuple[str, str]] = {
    400: ("Diese Adresse ist nicht vollständig", "Bitte prüfen Sie die Adresse oder gehen Sie zur Übersicht."),
    401: ("Bitte melden Sie sich an", "Für diese Seite brauchen Sie eine Anmeldung."),
    403: (
        "Dafür reicht Ihre Berechtigung nicht",
        "Wenn Sie diese Seite für Ihre Arbeit brauchen, sprechen Sie bitte mit der Verwaltung des Digitalpfads.",
    ),
    404: (
        "Diese Seite gibt es nicht",
        "Vielleicht hat die Adresse einen Tippfehler. Von der Übersicht aus finden Sie weiter.",
    ),
    405: ("Das geht auf dieser Seite nicht", "Bitte gehen Sie zur Übersicht und versuchen Sie es von dort."),
    413: ("Das ist zu viel auf einmal", "Die Eingabe ist zu groß. Bitte kürzen Sie sie."),
    429: (
        "Zu viele Seiten sind offen",
        "Mehr Übersichten, die sich selbst aktuell halten, nimmt das System nicht an. Bitte schließen Sie einige.",
    ),
    500: (
        "Hier ist etwas schiefgegangen",
        "Der Fehler liegt beim System, nicht bei Ihnen, und wurde aufgezeichnet. Bitte versuchen Sie es noch einmal.",
    ),
    503: (
        "Das System antwortet gerade nicht",
        "Die Datenbank ist nicht erreichbar. Bitte laden Sie die Seite in einer Minute neu.",
    ),
}


def error_page(request: Request, status: int) -> Response:
    """The page for a status."""
    heading, text = _TEXTS.get(status, _TEXTS[500])
    return page(request, "error.html", {"status": status, "heading": heading, "text": text}, status)


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
        return error_page(request, status)

    return answer


async def _ask_to_sign_in(request: Request, _: Exception) -> Response:
    """A page leads to the login and back; everything else gets a plain no."""
    wants_page = request.method == "GET" and "text/html" in request.headers.get("accept", "")
    is_live = request.url.path == "/staff/live"
    return RedirectResponse(login_url(request), 303) if wants_page and not is_live else error_page(request, 401)


async def _ask_for_password(request: Request, _: Exception) -> Response:
    return RedirectResponse(ACCOUNT, 303) if request.method == "GET" else error_page(request, 403)


async def _unavailable(request: Request, error: Exception) -> Response:
    _log.warning("staff-page-unavailable", path=cut(request.url.path), error=str(error))
    answer = error_page(request, 503)
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
    return error_page(request, 500)
