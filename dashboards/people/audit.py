"""The audit log: who signed in, failed to, and changed what, and what it was before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cache, partial
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from dashboards import words
from dashboards.access import accounts, managing
from dashboards.access.visible import visible_municipalities
from dashboards.languages import t
from dashboards.people.changes import compared
from dashboards.people.words import ROLES, place_words
from dashboards.services import CurrentStaff, ServicesDep, StaffServices
from dashboards.templating import page
from geodata.messages.translation import translated
from geodata.model.staff import Staff
from geodata.store.access import audit
from geodata.vocabulary.audit import Action, AuditFilter

router = APIRouter()

PAGE = "/staff/audit"
_ENTRIES = 100


@dataclass(frozen=True, slots=True)
class AskedEntries:
    """What the page is narrowed to, as its address says it; an unknown action or no day narrows nothing."""

    who: str
    action: str
    day: str

    def filter(self, zone: tzinfo) -> AuditFilter:
        """What a query is narrowed to; the day is one in ``zone``."""
        try:
            first = datetime.combine(date.fromisoformat(self.day), time(), zone)
            span = (first, datetime.combine(first.date() + timedelta(days=1), time(), zone))
        except (ValueError, OverflowError):
            span = (None, None)
        action = self.action if self.action in set(Action) else None
        return AuditFilter(actor=accounts.login_name(self.who) or None, action=action, since=span[0], until=span[1])

    def address(self, **further: object) -> str:
        """The page's address with the same choice."""
        chosen = {"who": self.who, "action": self.action, "day": self.day, **further}
        query = urlencode({name: value for name, value in chosen.items() if value})
        return f"{PAGE}?{query}" if query else PAGE


def actions() -> Mapping[str, str]:
    """What each action is called on the page."""
    return _actions(t.language)


@cache
def _actions(language: str) -> dict[str, str]:
    """The words of commands are read when somebody first looks at the page; English ones are the actions' names."""
    if language != "de":
        return {action: action.replace("-", " ").capitalize() for action in Action}
    return {action: translated(action, "de") for action in Action}


@router.get("/audit")
def show(
    request: Request,
    services: ServicesDep,
    staff: CurrentStaff,
    *,
    before: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
    who: Annotated[str, Query(max_length=200)] = "",
    action: Annotated[str, Query(max_length=100)] = "",
    day: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    """A page of entries, the newest first; ``before`` continues behind the entry with this id."""
    zone = services.keeper.current.catalogue.timezones()[0]
    asked = AskedEntries(who, action, day)
    with services.database.transaction() as connection:
        entries = audit.newest(
            connection, _ENTRIES + 1, asked.filter(zone), before=before, municipalities=_towns(services, staff)
        )
    shown = entries[:_ENTRIES]
    named = actions()
    context = {
        "entries": shown,
        "changes": {one.id: compared(_said(one.before), _said(one.after)) for one in shown if one.before or one.after},
        "older": asked.address(before=shown[-1].id) if len(entries) > _ENTRIES else None,
        "newest": asked.address(),
        "is_newest": before is None,
        "asked": asked,
        "actions": named,
        "choices": sorted(named.items(), key=lambda pair: pair[1].casefold()),
        "place": partial(place_words, services.keeper.current),
        "clock": partial(words.clock, timezone=zone),
        "moment": partial(words.moment, now=services.clock(), timezone=zone),
    }
    return page(request, "people/audit.html", context)


def _towns(services: StaffServices, staff: Staff) -> Sequence[str] | None:
    """Whose entries somebody reads: those of the towns where they decide; None: all, also of the installation."""
    if managing.manages(staff, None):
        return None
    return [town for town in visible_municipalities(services.keeper.current, staff) if managing.manages(staff, town)]


def _said(value: str) -> str:
    """A role by its name on the pages; anything else as it was written down."""
    named = {role.value: name for role, (name, _) in ROLES.items()}
    return t(named[value]) if value in named else value
