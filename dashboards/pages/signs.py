"""Signs that somebody should look at: what speaks for it, and what was found."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from dashboards import roles
from dashboards.counting import cases
from dashboards.forms import Posted
from dashboards.services import CurrentStaff, ServicesDep
from dashboards.templating import page
from geodata.figures import signs
from geodata.model.counting.sign_case import CaseOutcome
from geodata.model.staff import Staff
from geodata.store.access import audit
from geodata.store.counting import sign_cases
from geodata.vocabulary.audit import Action

router = APIRouter()

LIST = "/staff/signs"
_NOTICES = {"closed": "Danke, das ist gespeichert.", "unsaid": "Bitte wählen Sie, was Sie gefunden haben."}


@router.get("/signs")
def show_list(request: Request, services: ServicesDep, notice: str = "") -> Response:
    """The cases that wait, the oldest first."""
    staff: Staff = request.state.staff
    with services.database.transaction() as connection:
        waiting = sign_cases.open_cases(connection)
    context = {
        "rows": [cases.row(case, services.keeper.current, services.clock()) for case in waiting],
        "outcomes": cases.OUTCOMES,
        "may_close": roles.is_allowed("POST /signs/{case}", staff.role),
        "notice": _NOTICES.get(notice, ""),
    }
    return page(request, "signs.html", context)


@router.post("/signs/{case}")
def close(services: ServicesDep, staff: CurrentStaff, posted: Posted, case: int) -> Response:
    """Close a case with what was found at the sign."""
    outcome = posted.get("outcome")
    if outcome not in set(CaseOutcome):
        return RedirectResponse(f"{LIST}?notice=unsaid", 303)
    with services.database.transaction() as connection:
        signs.close(connection, case, CaseOutcome(outcome), staff.name, services.clock())
        audit.by_staff(connection, staff.name, Action.SIGN_CASE_CLOSE, f"{case} {outcome}")
    return RedirectResponse(f"{LIST}?notice=closed", 303)
