"""The start page: the trails right now, kept up to date while it is open."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence

from fastapi import APIRouter, Depends, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.catalogue.snapshot import Snapshot
from api.limits.places import address_of
from dashboards.access.visible import visible_trails
from dashboards.gate import may, signed_in
from dashboards.overview.closures import NOTICES
from dashboards.overview.look import look
from dashboards.services import CurrentStaff, ServicesDep, StaffServices
from dashboards.templating import page, part
from geodata.errors import NotFound, StoreError
from geodata.model.observation import Observation

router = APIRouter()

_TICK_S = 1.0
_REDRAW_S = 10.0  # figures that no notification tells of, and «vor 6 min», grow older
_RECONNECT_MS = 2000


@router.get("/")
def show(request: Request, services: ServicesDep, staff: CurrentStaff, trail: str = "", notice: str = "") -> Response:
    """The page; without a trail in the address that of all, or of the only one."""
    has_trail = bool(trail or visible_trails(services.keeper.current, staff))
    context = {**_now(request, services, trail), "notice": NOTICES.get(notice, "")} if has_trail else {"view": None}
    return page(request, "overview/overview.html", context)


def _now(request: Request, services: StaffServices, trail: str) -> dict[str, object]:
    """What the part of the page that keeps itself up to date needs."""
    return {
        "view": look(services, request.state.staff, trail),
        "may_close": may(request, "POST /closures/{closure}/open-again"),
        "may_maintain": may(request, "POST /maintenance/{maintenance}/end"),
    }


async def _place(request: Request, services: ServicesDep) -> AsyncIterator[None]:
    """A stream's place, from the arrival of the request to its end."""
    with services.streams.one(address_of(request)):
        yield


@router.get("/live", response_class=EventSourceResponse, dependencies=[Depends(_place)])
async def live(request: Request, services: ServicesDep, trail: str = "") -> AsyncIterator[ServerSentEvent]:
    """The page's content again whenever it changes; ends when the session does, or the process."""
    shown = {trail} if trail else visible_trails(services.keeper.current, request.state.staff).keys()
    news = asyncio.Event()
    loop = asyncio.get_running_loop()

    def tell(observations: list[Observation]) -> None:
        if _is_shown(services.keeper.current, shown, observations):
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
                html = await run_in_threadpool(
                    lambda: part("overview/overview.html", "now", _now(request, services, trail))
                )
                if html != last:
                    yield ServerSentEvent(raw_data=html, retry=_RECONNECT_MS)
                    last = html
        except (StoreError, NotFound):
            return  # the browser comes again and finds out by itself when the database answers, or the trail is back
        await asyncio.sleep(_TICK_S)


def _is_shown(snapshot: Snapshot, shown: Collection[str], observations: Sequence[Observation]) -> bool:
    """Whether any of ``observations`` is of these trails, or of a series so new that nobody can tell."""
    catalogue = snapshot.catalogue
    streams = (catalogue.datastreams.get(observation.datastream_id) for observation in observations)
    return any(stream is None or catalogue.devices[stream.device].trail in shown for stream in streams)
