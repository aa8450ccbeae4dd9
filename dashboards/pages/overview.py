"""The start page: a trail right now, kept up to date while it is open."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from fastapi import APIRouter, Depends, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.catalogue.snapshot import Snapshot
from api.drawing.map import TrailMap, draw
from api.limits.places import address_of
from dashboards import board, words
from dashboards.gate import signed_in
from dashboards.services import ServicesDep, StaffServices
from dashboards.templating import page, part
from geodata.conditions import legal_gaps, silence
from geodata.conditions.legal_gaps import Gap
from geodata.errors import NotFound, StoreError
from geodata.model.device import Device
from geodata.model.observation import Observation
from geodata.model.trail import Trail
from geodata.store.access import scan
from geodata.store.counting import sign_cases
from geodata.store.devices import device_status
from geodata.store.ingest import quarantine, throughput
from geodata.store.reports import reading

router = APIRouter()

_TICK_S = 1.0
_REDRAW_S = 10.0  # figures that no notification tells of, and «vor 6 min», grow older
_RECONNECT_MS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What the template of the start page shows."""

    board: board.Board
    map: TrailMap | None
    trails: list[Trail]
    reports: str
    """How many reports wait, and since when the oldest; empty where none does."""
    signs: str
    """How many signs should be looked at; empty where none should."""
    gaps: list[Gap]
    """What the legal pages lack."""


@router.get("/")
def show(request: Request, services: ServicesDep, trail: str = "") -> Response:
    """The page; without a trail in the address the first one."""
    has_trail = bool(trail or services.keeper.current.listed)
    return page(request, "overview.html", {"view": look(services, trail) if has_trail else None})


async def _place(request: Request, services: ServicesDep) -> AsyncIterator[None]:
    """A stream's place, from the arrival of the request to its end."""
    with services.streams.one(address_of(request)):
        yield


@router.get("/live", response_class=EventSourceResponse, dependencies=[Depends(_place)])
async def live(request: Request, services: ServicesDep, trail: str = "") -> AsyncIterator[ServerSentEvent]:
    """The page's content again whenever it changes; ends when the session does, or the process."""
    news = asyncio.Event()
    loop = asyncio.get_running_loop()

    def tell(observations: list[Observation]) -> None:
        if _is_shown(services.keeper.current, trail, observations):
            loop.call_soon_threadsafe(news.set)

    unsubscribe = services.keeper.subscribe(tell)
    try:
        async for event in _follow(request, services, trail, news):
            yield event
    finally:
        unsubscribe()


async def _follow(
    request: Request, services: StaffServices, trail: str, news: asyncio.Event
) -> AsyncIterator[ServerSentEvent]:
    last = ""
    redraw_at = 0.0
    while not services.stopping.is_set():
        try:
            if await run_in_threadpool(signed_in, services, request, used=False) is None:
                yield ServerSentEvent(event="signed-out", raw_data="")
                return
            if news.is_set() or asyncio.get_running_loop().time() >= redraw_at:
                news.clear()
                redraw_at = asyncio.get_running_loop().time() + _REDRAW_S
                html = await run_in_threadpool(lambda: part("overview.html", "now", {"view": look(services, trail)}))
                if html != last:
                    yield ServerSentEvent(raw_data=html, retry=_RECONNECT_MS)
                    last = html
        except (StoreError, NotFound):
            return  # the browser comes again and finds out by itself when the database answers, or the trail is back
        await asyncio.sleep(_TICK_S)


def _is_shown(snapshot: Snapshot, slug: str, observations: Sequence[Observation]) -> bool:
    """Whether any of ``observations`` is of the trail, or of a series so new that nobody can tell."""
    catalogue = snapshot.catalogue
    trail = slug or next(iter(snapshot.listed), "")
    streams = (catalogue.datastreams.get(observation.datastream_id) for observation in observations)
    return any(stream is None or catalogue.devices[stream.device].trail == trail for stream in streams)


def look(services: StaffServices, slug: str) -> View:
    """The board of one trail, of the first one without a slug; raises NotFound for an unknown one."""
    snapshot = services.keeper.current
    trails = list(snapshot.listed.values())
    trail = snapshot.catalogue.trails.get(slug or next(iter(snapshot.listed), ""))
    if trail is None:
        raise NotFound("trail", slug)
    now = services.clock()
    stations = snapshot.stations_of_trail.get(trail.slug, [])
    midnight = board.midnight(now, snapshot.catalogue.timezone_of(trail.slug))
    with services.database.transaction() as connection:
        devices = device_status.list_of_trail(connection, trail.slug)
        counts = board.Counts(
            scans=scan.count_since(connection, midnight, [station.code for station in stations]),
            messages_per_minute=throughput.per_minute(connection, now),
            quarantined=quarantine.count_open(connection),
            heard_elsewhere=_all_quiet(devices, now) and device_status.is_heard_elsewhere(connection, trail.slug, now),
        )
        waiting, cases = reading.count_open(connection), sign_cases.count_open(connection)
    trail_board = board.build(snapshot, services.keeper.latest, devices, trail, counts, now)
    geometry = snapshot.geometries.get(trail.slug)
    return View(
        board=trail_board,
        map=draw(geometry, trail.line, stations) if geometry and stations else None,
        trails=trails,
        reports=_waiting(waiting, now, snapshot.catalogue.timezone_of(trail.slug)),
        signs=words.count(cases, "Schild fällt auf: Bitte prüfen", "Schilder fallen auf: Bitte prüfen")
        if cases
        else "",
        gaps=legal_gaps.find(trails, snapshot.catalogue.municipalities, services.operator),
    )


def _waiting(reports: reading.OpenReports, now: datetime, timezone: tzinfo) -> str:
    if reports.oldest is None:
        return ""
    wait = words.count(reports.count, "Meldung wartet", "Meldungen warten")
    return f"{wait}, die älteste {words.since(reports.oldest, now, timezone)}"


def _all_quiet(devices: Sequence[Device], now: datetime) -> bool:
    """Whether it may matter how the devices of other trails are."""
    heard = [device.last_seen_at for device in devices if device.last_seen_at is not None]
    return bool(heard) and now - max(heard) > silence.AT_LEAST
