"""What devices sent and the system could not keep: why, what to do, read again after a mend, or done with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from dashboards import words
from dashboards.access.roles import CARE
from dashboards.access.visible import own_trails
from dashboards.forms import Posted
from dashboards.gate import NotAllowed, may, safe_next
from dashboards.languages import marked
from dashboards.services import CurrentStaff, ServicesDep, StaffServices
from dashboards.templating import page
from geodata.errors import NotFound
from geodata.model.staff import Staff
from geodata.store.access import audit
from geodata.store.access.municipality_of import municipality_of
from geodata.store.ingest import quarantine
from geodata.store.ingest.quarantine import QuarantineEntry, Selection
from geodata.store.operations import replay_requests
from geodata.vocabulary.audit import Action

router = APIRouter()

LIST = "/staff/quarantine"
_MOST = 50
_LATELY = timedelta(hours=1)
_HANGS = timedelta(minutes=1)  # a gateway that runs looks every two seconds
_EntryId = Annotated[int, Path(ge=1, le=2**63 - 1)]
_NOTICES = {
    "asked": marked("Die Nachrichten werden jetzt noch einmal gelesen."),
    "settled": marked("Als erledigt eingetragen. Sie finden die Nachricht unter „Erledigt“."),
    "reopened": marked("Die Nachricht ist wieder offen."),
    "unchanged": marked("Das hatte schon jemand getan."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineAsked:
    """What somebody asked for; empty: not narrowed. ``number`` is that of the page."""

    device: str = ""
    reason: str = ""
    settled: bool = False
    number: int = 1

    def address(self, *, number: int = 1, reason: str | None = None, settled: bool | None = None) -> str:
        """Where the same list is, with something changed."""
        asked = {
            "device": self.device,
            "reason": self.reason if reason is None else reason,
            "settled": "1" if (self.settled if settled is None else settled) else "",
            "page": str(number) if number > 1 else "",
        }
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{LIST}?{query}" if query else LIST

    def selection(self, trails: list[str] | None) -> Selection:
        """The entries of it that are of ``trails``, None: of all."""
        return Selection(device=self.device or None, reason=self.reason or None, trails=trails, settled=self.settled)


@router.get("/quarantine")
def show(
    request: Request,
    services: ServicesDep,
    staff: CurrentStaff,
    *,
    device: str = "",
    reason: str = "",
    settled: bool = False,
    number: Annotated[int, Query(alias="page", ge=1, le=10_000)] = 1,
    notice: str = "",
) -> Response:
    """A page of entries with reason, what to do, detail and payload; the newest first."""
    snapshot, now = services.keeper.current, services.clock()
    trails = own_trails(snapshot, staff)
    asked = QuarantineAsked(device=device, reason=reason, settled=settled, number=number)
    with services.database.transaction() as connection:
        entries = quarantine.newest(connection, _MOST, asked.selection(trails), skip=(number - 1) * _MOST)
        reasons = quarantine.count_by_reason(
            connection, Selection(device=device or None, trails=trails, settled=settled)
        )
        total = quarantine.count_open(connection, asked.selection(trails))
        latest = replay_requests.latest(connection, trails, device or None)
    context = {
        "asked": asked,
        "entries": entries,
        "total": total,
        "pages": -(-total // _MOST),
        "reasons": reasons,
        "replay": latest if latest and (latest.finished_at is None or now - latest.finished_at < _LATELY) else None,
        "hangs": latest is not None and latest.total is None and now - latest.asked_at > _HANGS,
        "devices": snapshot.catalogue.devices,
        "may_settle": may(request, "POST /quarantine/{entry}/settle"),
        "moment": partial(words.moment, now=now, timezone=snapshot.catalogue.timezones()[0]),
        "notice": _NOTICES.get(notice, ""),
    }
    return page(request, "devices/quarantine.html", context)


@router.post("/quarantine/replay")
def ask_replay(services: ServicesDep, staff: CurrentStaff, device: str = "", reason: str = "") -> Response:
    """Have the gateway read what waits once more: of a device, with a reason, or all that somebody may care for."""
    trails = _cared_for(services, staff)
    asked = QuarantineAsked(device=device, reason=reason)
    with services.database.transaction() as connection:
        number = replay_requests.ask(connection, asked.selection(trails), staff.name)
        of = ", ".join(part for part in (device, reason) if part)
        town = municipality_of(connection, "device", device) if device else None
        audit.by_staff(connection, staff.name, Action.QUARANTINE_REPLAY, of, after=str(number), municipality=town)
    return _back(asked.address(), "asked")


@router.post("/quarantine/{entry}/settle")
def settle(services: ServicesDep, staff: CurrentStaff, posted: Posted, entry: _EntryId) -> Response:
    """Somebody has dealt with it; it is kept."""
    return _settled(services, staff, posted, entry, settled=True)


@router.post("/quarantine/{entry}/reopen")
def reopen(services: ServicesDep, staff: CurrentStaff, posted: Posted, entry: _EntryId) -> Response:
    """It is not over after all."""
    return _settled(services, staff, posted, entry, settled=False)


def _settled(services: StaffServices, staff: Staff, posted: FormData, entry: int, *, settled: bool) -> Response:
    action = Action.QUARANTINE_SETTLE if settled else Action.QUARANTINE_REOPEN
    with services.database.transaction() as connection:
        try:
            found = quarantine.find(connection, entry)
        except NotFound:  # too old by now, and deleted
            return _back(LIST, "unchanged")
        town = municipality_of(connection, "entry", str(entry))
        _check_of_installation(staff, town)
        changed = quarantine.settle(connection, [entry], staff.name if settled else None)
        if changed:
            audit.by_staff(connection, staff.name, action, _named(found), municipality=town)
    following = posted.get("next")
    notice = ("settled" if settled else "reopened") if changed else "unchanged"
    return _back(safe_next(following) if isinstance(following, str) and following else LIST, notice)


def _check_of_installation(staff: Staff, town: str | None) -> None:
    """What belongs to no device of a trail is for whoever cares for all of them; others do not learn of it."""
    if town is not None:
        return
    if not staff.roles_for_installation:
        raise NotFound("entry", "")
    if CARE.isdisjoint(staff.roles_for_installation):
        raise NotAllowed


def _cared_for(services: StaffServices, staff: Staff) -> list[str] | None:
    """The trails whose devices somebody may care for; None: of all, and what belongs to no trail."""
    if not CARE.isdisjoint(staff.roles_for_installation):
        return None
    listed = services.keeper.current.listed
    return [slug for slug, trail in listed.items() if not CARE.isdisjoint(staff.roles_in(trail.municipality))]


def _named(entry: QuarantineEntry) -> str:
    return f"{entry.id} {entry.device or ''} {entry.reason}"


def _back(address: str, notice: str) -> Response:
    return RedirectResponse(f"{address}{'&' if '?' in address else '?'}{urlencode({'notice': notice})}", 303)
