"""Signs that somebody should look at: what speaks for it, and what was found."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from dashboards.access.visible import visible_trails
from dashboards.counting import cases
from dashboards.forms import Posted
from dashboards.gate import may
from dashboards.languages import marked, t
from dashboards.services import CurrentStaff, ServicesDep
from dashboards.templating import page
from geodata.figures import signs
from geodata.model.counting.sign_case import CaseOutcome
from geodata.store.access import audit
from geodata.store.access.municipality_of import municipality_of
from geodata.store.counting import sign_cases
from geodata.vocabulary.audit import Action

router = APIRouter()

LIST = "/staff/signs"
_NOTICES = {
    "closed": marked("Danke, das ist gespeichert."),
    "unsaid": marked("Bitte wählen Sie, was Sie gefunden haben."),
}


@router.get("/signs")
def show_list(request: Request, services: ServicesDep, staff: CurrentStaff, notice: str = "") -> Response:
    """The cases that wait, the oldest first."""
    snapshot = services.keeper.current
    seen = visible_trails(snapshot, staff)
    with services.database.transaction() as connection:
        waiting = sign_cases.open_cases(connection)
    context = {
        "rows": [
            cases.row(case, snapshot, services.clock())
            for case in waiting
            if snapshot.catalogue.stations[case.station].trail in seen
        ],
        "outcomes": {outcome: t(name) for outcome, name in cases.OUTCOMES.items()},
        "may_close": may(request, "POST /signs/{case}"),
        "notice": t(_NOTICES[notice]) if notice in _NOTICES else "",
    }
    return page(request, "counting/signs.html", context)


@router.post("/signs/{case}")
def close(services: ServicesDep, staff: CurrentStaff, posted: Posted, case: int) -> Response:
    """Close a case with what was found at the sign."""
    outcome = posted.get("outcome")
    if outcome not in set(CaseOutcome):
        return RedirectResponse(f"{LIST}?notice=unsaid", 303)
    with services.database.transaction() as connection:
        signs.close(connection, case, CaseOutcome(outcome), staff.name, services.clock())
        town = municipality_of(connection, "case", str(case))
        audit.by_staff(connection, staff.name, Action.SIGN_CASE_CLOSE, f"{case} {outcome}", municipality=town)
    return RedirectResponse(f"{LIST}?notice=closed", 303)
