"""What is closed, first on the start page: opened again by a press, and asked about where nobody said until when."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Path
from starlette.responses import RedirectResponse, Response

from api.catalogue.closures import PlacedClosure
from api.catalogue.snapshot import Snapshot
from api.catalogue.texts import name_of, title_of
from dashboards import words
from dashboards.forms import Posted
from dashboards.gate import START, safe_next
from dashboards.languages import marked, t
from dashboards.services import CurrentStaff, ServicesDep, StaffServices
from geodata.actions import end_closure
from geodata.conditions.closures import is_active
from geodata.errors import InvalidInput, NotFound
from geodata.store.access import audit
from geodata.store.access.municipality_of import municipality_of
from geodata.store.catalogue import closure as stored
from geodata.store.transaction import Transaction
from geodata.vocabulary.audit import Action
from geodata.vocabulary.languages import text_in

router = APIRouter()

ASK_AFTER = timedelta(days=3)
"""So long after it was said last that something has an open end, somebody is asked whether it still holds."""
_ClosureId = Annotated[int, Path(ge=1, le=2**31 - 1)]
NOTICES = {
    "opened": marked("Der Weg ist wieder offen. Die Seiten der Wanderer sagen es in wenigen Sekunden."),
    "still-closed": marked("Gut, er bleibt gesperrt. In drei Tagen fragen wir wieder."),
    "closure-gone": marked("Diese Sperrung war schon beendet."),
    "maintenance-ended": marked("Die Wartung ist beendet."),
    "maintenance-goes-on": marked("Die Wartung dauert an. In drei Tagen fragen wir wieder."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedNow:
    """A closure that holds: ``where``, why and ``since`` when, in words. ``is_asked``: whether it still does."""

    id: int
    trail: str
    where: str
    reason: str
    since: str
    until: str
    is_asked: bool


def closed_now(connection: Transaction, snapshot: Snapshot, trails: Iterable[str], now: datetime) -> list[ClosedNow]:
    """The closures of ``trails`` that hold, those that are asked about first.

    The database is asked again about each: whoever has just opened a way reads so, before the snapshot knows.
    """
    holding = [
        placed
        for trail in trails
        for placed in snapshot.closures_of_trail.get(trail, [])
        if is_active(placed.closure, now, placed.timezone)
    ]
    present = stored.present(connection, [placed.closure.id for placed in holding]) if holding else {}
    ways: list[ClosedNow] = []
    for placed in holding:
        until, said_at = present.get(placed.closure.id, (now, now))
        if until is None or until > now:
            closure = replace(placed.closure, valid_until=until, updated_at=said_at)
            ways.append(_way(snapshot, replace(placed, closure=closure), now))
    return sorted(ways, key=lambda way: (not way.is_asked, way.trail, way.id))


def _way(snapshot: Snapshot, placed: PlacedClosure, now: datetime) -> ClosedNow:
    closure = placed.closure
    content = text_in(closure.contents, t.language)
    moment = partial(words.moment, now=now, timezone=placed.timezone)
    is_open = closure.valid_until is None and closure.season is None
    return ClosedNow(
        id=closure.id,
        trail=closure.trail,
        where=f"{name_of(snapshot.catalogue.trails[closure.trail])}: {_reach(placed)}",
        reason=content.reason if content else "",
        since=words.since(closure.valid_from, now, placed.timezone),
        until="" if closure.valid_until is None else moment(closure.valid_until),
        is_asked=is_open and now - max(closure.valid_from, closure.updated_at) >= ASK_AFTER,
    )


def _reach(placed: PlacedClosure) -> str:
    if placed.closure.kind == "trail":
        return t("der ganze Weg ist gesperrt")
    if not placed.stations:
        return t("ein Stück des Wegs ist gesperrt")
    names = [f"{station.number} {title_of(station)}" for station in (placed.stations[0], placed.stations[-1])]
    if len(placed.stations) == 1:
        return t("gesperrt bei %(station)s", station=names[0])
    return t("gesperrt zwischen %(first)s und %(last)s", first=names[0], last=names[1])


@router.post("/closures/{closure}/open-again")
def open_again(services: ServicesDep, staff: CurrentStaff, posted: Posted, closure: _ClosureId) -> Response:
    """The way is free."""

    def change(connection: Transaction, at: datetime) -> None:
        end_closure.end(connection, closure, at)

    return _changed(
        services, (staff.name, Action.CLOSURE_END, closure), change, _following(posted.get("next")), "opened"
    )


@router.post("/closures/{closure}/confirm")
def confirm(services: ServicesDep, staff: CurrentStaff, posted: Posted, closure: _ClosureId) -> Response:
    """It is still closed."""

    def change(connection: Transaction, at: datetime) -> None:
        stored.confirm(connection, closure, at)

    who = (staff.name, Action.CLOSURE_CONFIRM, closure)
    return _changed(services, who, change, _following(posted.get("next")), "still-closed")


def _changed(
    services: StaffServices,
    done: tuple[str, Action, int],
    change: Callable[[Transaction, datetime], None],
    following: str,
    notice: str,
) -> Response:
    who, action, closure = done
    try:
        with services.database.transaction() as connection:
            town = municipality_of(connection, "closure", str(closure))
            change(connection, services.clock().replace(microsecond=0))
            audit.by_staff(connection, who, action, str(closure), municipality=town)
    except (NotFound, InvalidInput):  # somebody else was quicker
        notice = "closure-gone"
    return RedirectResponse(f"{following}{'&' if '?' in following else '?'}{urlencode({'notice': notice})}", 303)


def _following(text: object) -> str:
    return safe_next(text) if isinstance(text, str) else START
