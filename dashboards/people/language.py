"""Choosing the language of the staff pages."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from dashboards.forms import Posted
from dashboards.gate import LOGIN, safe_next
from dashboards.languages import COOKIE, LANGUAGES
from dashboards.services import ServicesDep

router = APIRouter()

_YEAR_S = 365 * 24 * 60 * 60


@router.post("/language")
def choose(services: ServicesDep, posted: Posted) -> Response:
    """Keep the choice in the browser, also for its next login, and go back to the page it was made on."""
    wanted = str(posted.get("next", ""))
    answer = RedirectResponse(LOGIN if wanted.startswith(LOGIN) else safe_next(wanted), 303)
    language = str(posted.get("language", ""))
    if language in LANGUAGES:
        answer.set_cookie(
            COOKIE, language, max_age=_YEAR_S, path="/staff", secure=services.is_https, httponly=True, samesite="lax"
        )
    return answer
