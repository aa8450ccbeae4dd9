"""The audit log: who signed in, failed to, and changed what."""

from __future__ import annotations

from functools import cache, partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from dashboards import words
from dashboards.services import ServicesDep
from dashboards.templating import page
from geodata.messages.translation import translated
from geodata.store.access import audit
from geodata.vocabulary.audit import Action

router = APIRouter()

_ENTRIES = 100


@cache
def actions() -> dict[str, str]:
    """What each action is called on the page; the words of commands are read when somebody first looks at it."""
    return {action: translated(action, "de") for action in Action}


@router.get("/audit")
def show(
    request: Request, services: ServicesDep, before: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None
) -> Response:
    """A page of entries, the newest first; ``before`` continues behind the entry with this id."""
    with services.database.transaction() as connection:
        entries = audit.newest(connection, _ENTRIES + 1, before=before)
    zone = services.keeper.current.catalogue.timezones()[0]
    context = {
        "entries": entries[:_ENTRIES],
        "older": entries[_ENTRIES - 1].id if len(entries) > _ENTRIES else None,
        "is_newest": before is None,
        "actions": actions(),
        "clock": partial(words.clock, timezone=zone),
        "moment": partial(words.moment, now=services.clock(), timezone=zone),
    }
    return page(request, "audit.html", context)
