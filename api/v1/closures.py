"""Closures: what is closed now or at another moment, and a calendar of what is to come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Query, Request, Response
from shapely.geometry.base import BaseGeometry

from api.catalogue.closures import CurrentClosure, PlacedClosure, current, state
from api.catalogue.snapshot import Snapshot
from api.catalogue.texts import name_of
from api.http.caches.etag import Answer, answer, respond
from api.languages.texts import texts
from api.limits.read_limits import REFUSED, Costly
from api.services import Services, WithServices
from api.v1 import geojson, icalendar
from api.v1.describe import conditions
from api.v1.icalendar import Event
from api.v1.parameters import OptionalText, moment, variant
from api.v1.router import content, problems, public_router
from api.v1.schemas.conditions import ClosureCollection
from geodata.conditions.closures import periods
from geodata.errors import InvalidInput
from geodata.vocabulary.languages import interface, text_in

_SEASONS_AHEAD = 3

router = public_router("closures")
TrailFilter = Annotated[OptionalText, Query(description="Only closures of this trail.")]


@router.get(
    "/closures",
    summary="What is closed",
    response_class=Response,
    responses={**content(ClosureCollection, geojson.MEDIA_TYPE, "The closures that hold."), **problems(**REFUSED)},
)
async def list_closures(
    request: Request,
    services: WithServices,
    at: Annotated[datetime | None, Depends(moment)],
    variant: Annotated[str, Depends(variant)],
    trail: TrailFilter = None,
) -> Response:
    """Closures that hold at the moment `at`, as closed lines or areas. They begin and end by themselves."""
    if at is not None:
        services.limits.take_of(Costly.CALENDAR, request)
    snapshot = services.keeper.current
    closures = current(_of(snapshot, trail), at or services.clock(), within=timedelta())
    if at is not None:
        return respond(request, _collection(closures, variant))
    cached = services.answers.get(
        ("closures", trail, variant), (snapshot.version, state(closures)), lambda: _collection(closures, variant)
    )
    return respond(request, cached)


@router.get(
    "/closures.ics",
    summary="A calendar of closures",
    response_class=Response,
    responses={
        200: {
            "description": "A calendar to subscribe to (RFC 5545).",
            "content": {"text/calendar": {"schema": {"type": "string"}}},
        },
        304: {"description": "Nothing has changed since the ETag in If-None-Match."},
        **problems(**REFUSED),
    },
)
async def closures_calendar(
    request: Request,
    services: WithServices,
    variant: Annotated[str, Depends(variant)],
    trail: TrailFilter = None,
) -> Response:
    """What is closed now and will be; of a closure that comes back each year the next three times."""
    services.limits.take_of(Costly.CALENDAR, request)
    snapshot, now = services.keeper.current, services.clock()
    events = [event for placed in _of(snapshot, trail) for event in _events(services, snapshot, placed, variant, now)]
    t = texts(interface(variant))
    name = f"{t('Sperrungen')} {name_of(snapshot.catalogue.trails[trail], variant)}" if trail else t("Sperrungen")
    return respond(request, answer(icalendar.calendar(name, events), icalendar.MEDIA_TYPE))


def _of(snapshot: Snapshot, trail: str | None) -> list[PlacedClosure]:
    if trail is None:
        return [placed for slug in snapshot.listed for placed in snapshot.closures_of_trail.get(slug, [])]
    if trail not in snapshot.catalogue.trails:
        raise InvalidInput("trail", trail, "the slug of a trail", "See /api/v1/trails.")
    return snapshot.closures_of_trail.get(trail, [])


def _collection(closures: list[CurrentClosure], variant: str) -> Answer:
    features = [
        geojson.feature(
            str(closure.placed.closure.id), geojson.shape(_shape(closure.placed)), conditions.closure(closure, variant)
        )
        for closure in closures
    ]
    return answer(geojson.collection(features, len(features)), geojson.MEDIA_TYPE)


def _shape(placed: PlacedClosure) -> BaseGeometry:
    return placed.line if placed.closure.area is None else placed.closure.area


def _events(
    services: Services, snapshot: Snapshot, placed: PlacedClosure, variant: str, now: datetime
) -> Iterator[Event]:
    closure = placed.closure
    text = text_in(closure.contents, variant)
    page = f"{services.base_url}/t/{closure.trail}"
    host = urlsplit(services.base_url).hostname or "localhost"
    closed = texts(interface(variant))("Gesperrt")
    detour = closure.detour(variant)
    lines = [detour.detour if detour else "", closure.legal_basis]
    for span in islice(periods(closure, now, placed.timezone), _SEASONS_AHEAD):
        day = f"-{span.start.astimezone(placed.timezone):%Y%m%d}" if closure.season else ""
        yield Event(
            uid=f"closure-{closure.id}{day}@{host}",
            stamp=closure.updated_at,
            start=span.start,
            end=span.end,
            summary=f"{closed}: {text.reason}" if text else closed,
            description="\n".join(filter(None, lines)),
            location=name_of(snapshot.catalogue.trails[closure.trail], variant),
            url=page if services.base_url else "",
        )
