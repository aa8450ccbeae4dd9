"""The page of the care round, its worker, and the history of rounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import groupby
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, Response

from api.catalogue.snapshot import Snapshot
from api.catalogue.texts import title_of
from api.http.page_headers import with_camera
from api.webapp.routes.site_files import static_files
from dashboards.access.visible import trail_asked_for, visible_trails
from dashboards.care import round as care_round
from dashboards.care import words
from dashboards.gate import may
from dashboards.languages import marked, t
from dashboards.services import CurrentStaff, ServicesDep, StaffServices
from dashboards.templating import page
from geodata.model.care.visit import LONGEST_NOTE, CareVisit
from geodata.model.staff import Staff
from geodata.store.care import visits

router = APIRouter()

_SHOWN = 200  # visits of the history
_WORKER = Path(__file__).parents[1] / "static/care/worker.js"
_NOTICES = {"saved": marked("Danke, das ist gespeichert.")}
_HIKERS = static_files()
"""The hikers' pages have the code of signs, and what reads them with a camera."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRow:
    """A visit in words."""

    visit: CareVisit
    place: str
    at: str
    done: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkedRound:
    """What one person did on one day."""

    heading: str
    rows: Sequence[VisitRow]


@router.get("/care")
def show(request: Request, services: ServicesDep, trail: str = "", notice: str = "") -> Response:
    """The round of a trail; without one in the address that of the first."""
    return show_page(request, services, trail, notice=t(_NOTICES[notice]) if notice in _NOTICES else "")


def show_page(
    request: Request,
    services: StaffServices,
    slug: str,
    *,
    notice: str = "",
    wrong: str = "",
    typed: Mapping[str, str] | None = None,
    typed_at: str = "",
    status: int = 200,
) -> Response:
    """The page; with ``typed`` in the form whose address ends with ``typed_at``."""
    staff: Staff = request.state.staff
    snapshot = services.keeper.current
    trails = visible_trails(snapshot, staff)
    shown = care_round.build(services, trail_asked_for(snapshot, staff, slug)) if slug or trails else None
    context = {
        "round": shown,
        "made": "" if shown is None else _moment(snapshot, shown.trail.slug, shown.made_at, services.clock()),
        "trails": list(trails.values()),
        "notice": notice,
        "wrong": wrong,
        "typed": typed or {},
        "typed_at": typed_at,
        "most": LONGEST_NOTE,
        "new_id": care_round.new_id,
        "may_visit": may(request, "POST /care/visits"),
        "hikers": _HIKERS.url,
    }
    answer = page(request, "care/care.html", context, status)
    answer.headers.update(with_camera())
    return answer


@router.get("/care/worker.js")
def show_worker() -> Response:
    """The service worker of the care round alone: it may answer for that page, and for no other of staff or hikers."""
    return FileResponse(_WORKER, media_type="text/javascript", headers={"service-worker-allowed": "/staff/care"})


@router.get("/care/rounds")
def show_rounds(request: Request, services: ServicesDep, staff: CurrentStaff, trail: str = "") -> Response:
    """Who was where when, and what they did there; the newest round first."""
    snapshot = services.keeper.current
    has_trail = bool(trail or visible_trails(snapshot, staff))
    shown = trail_asked_for(snapshot, staff, trail) if has_trail else None
    rounds: list[WalkedRound] = []
    if shown is not None:
        with services.database.transaction() as connection:
            newest = visits.newest(connection, shown.slug, _SHOWN)
        rounds = _rounds(snapshot, newest, services.clock(), snapshot.catalogue.timezone_of(shown.slug))
    return page(request, "care/rounds.html", {"trail": shown, "rounds": rounds})


def _rounds(snapshot: Snapshot, newest: Sequence[CareVisit], now: datetime, zone: tzinfo) -> list[WalkedRound]:
    def of(visit: CareVisit) -> tuple[str, str]:
        return words.day(visit.visited_at, now, zone), visit.visited_by

    return [
        WalkedRound(
            heading=t("%(day)s, %(name)s", day=day, name=name), rows=[_row(snapshot, visit, zone) for visit in made]
        )
        for (day, name), made in groupby(newest, of)
    ]


def _row(snapshot: Snapshot, visit: CareVisit, zone: tzinfo) -> VisitRow:
    station = snapshot.catalogue.stations.get(visit.station or "")
    done = [words.done(tick) for tick in visit.ticks]
    return VisitRow(
        visit=visit,
        place=f"{station.number} · {title_of(station)}" if station else t("Am Weg"),
        at=f"{visit.visited_at.astimezone(zone):%H:%M}",
        done=done + ([t("alles in Ordnung")] if visit.is_fine else []),
    )


def _moment(snapshot: Snapshot, trail: str, at: datetime, now: datetime) -> str:
    return words.moment(at, now, snapshot.catalogue.timezone_of(trail))
