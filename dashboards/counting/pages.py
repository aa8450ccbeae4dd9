"""Counting by hand beside a counter: what each counter's factor is, and the page that is tapped on the spot."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from dashboards.access.visible import visible_trails
from dashboards.counting import form, words
from dashboards.counting.form import UnreadableCount
from dashboards.forms import Posted
from dashboards.gate import may
from dashboards.languages import marked, t
from dashboards.services import CurrentStaff, ServicesDep, StaffServices
from dashboards.templating import page
from geodata.errors import InvalidInput, NotFound
from geodata.figures.by_hand import calibrations, count_sessions, counter_comparison
from geodata.figures.by_hand.count_judgement import shortest
from geodata.figures.by_hand.count_sessions import AcceptedCount
from geodata.messages.translation import translated
from geodata.model.counting.count_session import CountDraft
from geodata.model.counting.counter import Channel
from geodata.store.access import audit
from geodata.store.access.municipality_of import municipality_of
from geodata.store.counting import mountings, sessions
from geodata.store.transaction import Transaction
from geodata.times import rfc3339
from geodata.vocabulary.audit import Action

router = APIRouter()

LIST = "/staff/counting"
_SHOWN = 20  # sessions below the page to count on
_NOTICES = {
    "saved": marked("Danke, die Zählung ist gespeichert."),
    "there": marked("Diese Zählung war schon gespeichert."),
    "deleted": marked("Die Zählung ist gelöscht."),
}


@router.get("/counting")
def show_list(request: Request, services: ServicesDep, staff: CurrentStaff) -> Response:
    """All counters that hang somewhere now, and those that were taken down."""
    seen = visible_trails(services.keeper.current, staff)
    with services.database.transaction() as connection:
        hanging = groupby(mountings.hanging(connection, services.clock()), lambda channel: channel.mounting)
        cards = [
            words.card(services.keeper.current, list(channels), calibrations.of_mounting(connection, mounting.id))
            for mounting, channels in hanging
            if mounting.trail in seen
        ]
        gone = [each for each in mountings.taken_down(connection) if each.trail in seen]
    down = [words.taken_down(services.keeper.current, each) for each in gone]
    may_count = may(request, "POST /counting/{device}")
    return page(request, "counting/counting.html", {"cards": cards, "down": down, "may_count": may_count})


@router.get("/counting/{device}")
def show(request: Request, services: ServicesDep, device: str, notice: str = "") -> Response:
    """The page to count on, with the sessions so far."""
    return _page(request, services, device, {}, notice=t(_NOTICES[notice]) if notice in _NOTICES else "")


@router.post("/counting/{device}")
def keep(request: Request, services: ServicesDep, staff: CurrentStaff, posted: Posted, device: str) -> Response:
    """Keep a session; the same once more, sent twice over a bad line, stays one."""
    fields = {name: value.strip() for name, value in posted.items() if isinstance(value, str)}
    slices = [value for value in posted.getlist("slice") if isinstance(value, str)]
    with services.database.transaction() as connection:
        trail = _channels(connection, services, device)[0].mounting.trail
    zone = services.keeper.current.catalogue.timezone_of(trail)
    try:
        kept = _keep(services, form.draft(fields, slices, device, staff.name, zone))
    except InvalidInput as error:
        return _page(request, services, device, fields, wrong=translated(error.sentence, t.language), status=422)
    except UnreadableCount as error:
        return _page(request, services, device, fields, wrong=str(error), status=422)
    return RedirectResponse(f"{LIST}/{device}?notice={'saved' if kept.is_new else 'there'}", 303)


@router.post("/counting/{device}/{session}/delete")
def delete(services: ServicesDep, staff: CurrentStaff, device: str, session: UUID) -> Response:
    """Delete a session in which somebody lost count."""
    with services.database.transaction() as connection:
        town = municipality_of(connection, "session", str(session))
        count_sessions.delete(connection, session)
        audit.by_staff(connection, staff.name, Action.COUNT_SESSION_DELETE, f"{device} {session}", municipality=town)
    return RedirectResponse(f"{LIST}/{device}?notice=deleted", 303)


def _keep(services: StaffServices, draft: CountDraft) -> AcceptedCount:
    with services.database.transaction() as connection:
        kept = count_sessions.keep(connection, draft, services.clock())
        if kept.is_new:
            town = municipality_of(connection, "session", str(draft.id))
            audit.by_staff(
                connection,
                draft.counted_by,
                Action.COUNT_SESSION_ADD,
                f"{draft.device} {draft.id}",
                municipality=town,
            )
    return kept


def _page(
    request: Request,
    services: StaffServices,
    device: str,
    fields: dict[str, str],
    *,
    notice: str = "",
    wrong: str = "",
    status: int = 200,
) -> Response:
    now, snapshot = services.clock(), services.keeper.current
    with services.database.transaction() as connection:
        channels = _channels(connection, services, device)
        found = sessions.of_device(connection, device)
        known = calibrations.of_mounting(connection, channels[0].mounting.id)
        least = shortest(counter_comparison.interval_of(connection, device))
    zone = snapshot.catalogue.timezone_of(channels[0].mounting.trail)
    context = {
        "card": words.card(snapshot, channels, known),
        "all_ways": {way: t(name) for way, name in words.WAYS.items()},
        "rows": [words.session_row(each, now, zone) for each in found[:_SHOWN]],
        "fields": dict.fromkeys(form.FIELDS, "")
        | {"id": str(uuid4()), "day": f"{now.astimezone(zone):%Y-%m-%d}"}
        | fields,
        "least_minutes": -(-least.seconds // 60),
        "now": rfc3339(now),
        "longest_note": form.LONGEST_NOTE,
        "notice": notice,
        "wrong": wrong,
    }
    return page(request, "counting/count.html", context, status)


def _channels(connection: Transaction, services: StaffServices, device: str) -> Sequence[Channel]:
    """Those of the counter as it hangs now; raises NotFound where it hangs nowhere."""
    channels = mountings.channels_at(connection, device, services.clock())
    if not channels:
        raise NotFound("mounted counter", device)
    return channels
