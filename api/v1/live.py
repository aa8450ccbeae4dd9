"""New observations as they come."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Header, Query, Request
from fastapi.responses import StreamingResponse

from api.catalogue.lookup import find_station
from api.http.headers import asks_for_head
from api.limits.places import address_of
from api.services import WithServices
from api.v1.parameters import OptionalText
from api.v1.router import problems, public_router

router = public_router("live")

_EXAMPLE = """: digitalpfad live
retry: 3000

event: observation
data: {"station":"7K3Q9F","device":"klima-1","property":"air_temperature","unit":"Cel","value":7.4,"quality":"ok",\
"measured_at":"2026-11-22T10:15:00Z"}
id: 5d41402a-1

event: skipped
data: 17

: ping
"""
_DESCRIPTION = (
    "An endless stream: an event `observation` for each new observation, `skipped` with a number where a slow listener"
    " missed some, and a comment every 15 seconds. `value` is null unless `quality` is ok."
)


async def _place(request: Request, services: WithServices) -> AsyncIterator[None]:
    """A listener's place, from the arrival of the request to the end of its stream."""
    if asks_for_head(request):
        yield
        return
    with services.live.places.one(address_of(request)):
        yield


@router.get(
    "/live",
    summary="New observations as server-sent events",
    response_class=StreamingResponse,
    dependencies=[Depends(_place)],
    responses={
        200: {
            "description": _DESCRIPTION,
            "content": {"text/event-stream": {"schema": {"type": "string"}, "example": _EXAMPLE}},
        },
        **problems(e404="No station has this code.", e503="The database does not answer, or too many listen already."),
    },
)
async def listen(
    request: Request,
    services: WithServices,
    station: Annotated[OptionalText, Query(description="Only this station's observations.")] = None,
    last_event_id: Annotated[
        OptionalText,
        Header(description="The last event received: what came after it is sent first, as far as it is known."),
    ] = None,
) -> StreamingResponse:
    """Begins with what comes from now on, or after Last-Event-ID. Browsers reconnect by themselves (EventSource)."""
    code = None if station is None else find_station(services.keeper.current, station).code
    return StreamingResponse(
        iter(()) if asks_for_head(request) else services.live.listen(code, last_event_id or ""),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )
