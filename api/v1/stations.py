"""Stations: where they are, what they say and what is measured there."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query, Request, Response

from api.catalogue.closures import state
from api.catalogue.latest import latest_values
from api.catalogue.lookup import closures_at, find_station, next_station, previous_station
from api.catalogue.snapshot import Snapshot
from api.catalogue.texts import title_of
from api.http.caches.etag import Answer, answer, respond
from api.http.fast_path import PlainRequest
from api.limits.read_limits import REFUSED, Costly
from api.notices.notices import Notice, notices_of
from api.services import Services, WithServices
from api.v1 import geojson
from api.v1.describe import conditions, stations
from api.v1.parameters import OptionalText, StationCode, bbox, limit, near, radius, variant
from api.v1.parsing import MAX_LIMIT, BBox, LonLat, read_bbox, read_near, read_radius
from api.v1.router import content, fast, problems, public_router
from api.v1.schemas.stations import StationCollection, StationDetail
from api.v1.station_index import StationIndex, StationQuery
from geodata.errors import InvalidInput
from geodata.model.station import Station
from geodata.vocabulary.languages import DEFAULT, VARIANTS

_PARAMETERS = {"trail", "bbox", "near", "radius", "limit"}
_LIMIT = re.compile("[1-9][0-9]{0,3}")

AGE_STEP_S = 10
"""Ages of values are taken anew every so many seconds: between two steps an answer keeps its ETag."""

router = public_router("stations")


def _stations(services: Services, request: PlainRequest) -> Answer | None:
    query = _query(request)
    if query is None:
        return None
    snapshot = services.keeper.current
    if query.trail is not None and query.trail not in snapshot.catalogue.trails:
        return None
    if query != StationQuery(query.trail):
        services.limits.take(Costly.SEARCH, request.address)
        return _found(services, snapshot, query)
    return services.answers.get(("stations", query.trail), snapshot.version, lambda: _found(services, snapshot, query))


def _query(request: PlainRequest) -> StationQuery | None:
    """What is asked for, where that is plain."""
    texts = request.query
    limit = texts.get("limit", str(MAX_LIMIT))
    if not (request.is_plain and texts.keys() <= _PARAMETERS and _LIMIT.fullmatch(limit) and int(limit) <= MAX_LIMIT):
        return None
    near = read_near(texts["near"]) if "near" in texts else None
    return StationQuery(
        trail=texts.get("trail"),
        bbox=read_bbox(texts["bbox"]) if "bbox" in texts else None,
        near=near,
        radius_m=read_radius(texts["radius"], near) if "radius" in texts else None,
        limit=int(limit),
    )


def _one(services: Services, request: PlainRequest) -> Answer | None:
    variant = request.query.get("lang", DEFAULT)
    if not request.is_plain or request.query.keys() - {"lang"} or variant not in VARIANTS:
        return None
    return _station(services, request.path["code"], variant)


def _station(services: Services, code: str, variant: str) -> Answer:
    snapshot = services.keeper.current
    station = find_station(snapshot, code)
    now = services.clock()
    step = int(now.timestamp()) // AGE_STEP_S
    return services.answers.get(
        ("station", station.code, variant),
        (services.keeper.revision(station.code, snapshot), step, state(closures_at(snapshot, station, now))),
        lambda: _one_station(services, snapshot, station, variant),
    )


@router.get(
    "/stations",
    summary="Stations, everywhere or near a point",
    response_class=Response,
    responses={**content(StationCollection, geojson.MEDIA_TYPE, "The stations that match."), **problems(**REFUSED)},
)
@fast(_stations)
async def list_stations(
    request: Request,
    services: WithServices,
    *,
    bbox: Annotated[BBox | None, Depends(bbox)],
    near: Annotated[LonLat | None, Depends(near)],
    radius_m: Annotated[float | None, Depends(radius)],
    limit: Annotated[int, Depends(limit)],
    trail: Annotated[OptionalText, Query(description="Only stations of this trail.")] = None,
) -> Response:
    """Stations that are not retired. With several conditions all must hold; `numberMatched` counts beyond `limit`."""
    snapshot = services.keeper.current
    if trail is not None and trail not in snapshot.catalogue.trails:
        raise InvalidInput("trail", trail, "the slug of a trail", "See /api/v1/trails.")
    query = StationQuery(trail, bbox, near, radius_m, limit)
    if query != StationQuery(trail):
        services.limits.take_of(Costly.SEARCH, request)
    return respond(request, _found(services, snapshot, query))


@router.get(
    "/stations/{code}",
    summary="One station",
    response_class=Response,
    responses={
        **content(StationDetail, geojson.MEDIA_TYPE, "The station with its texts and latest values."),
        **problems(e404="No station has this code; `did_you_mean` names codes that are one slip away."),
    },
)
@fast(_one)
async def get_station(
    request: Request, code: StationCode, variant: Annotated[str, Depends(variant)], services: WithServices
) -> Response:
    """A station with its texts, the latest values and the stations next to it.

    The code is read forgivingly: small letters, O for 0, I and L for 1. A retired station keeps answering.
    """
    return respond(request, _station(services, code, variant))


def _index(services: Services, snapshot: Snapshot) -> StationIndex:
    def write(station: Station) -> bytes:
        place = geojson.point(station.lon, station.lat, station.height)
        return geojson.feature(station.code, place, stations.station(station, services.base_url))

    return services.answers.refresh("station index", snapshot.version, lambda old: StationIndex(snapshot, write, old))


def _found(services: Services, snapshot: Snapshot, query: StationQuery) -> Answer:
    return answer(_index(services, snapshot).answer(query), geojson.MEDIA_TYPE)


def _one_station(services: Services, snapshot: Snapshot, station: Station, variant: str) -> Answer:
    now = services.clock()
    values = latest_values(snapshot, services.keeper.latest, station.code, now)
    following = next_station(snapshot, station.trail, station.along_m, besides=station.code)
    previous = previous_station(snapshot, station.trail, station.along_m, besides=station.code)
    properties = {
        **stations.station(station, services.base_url),
        **stations.station_texts(snapshot, station, variant, services.base_url),
        "as_of": now.replace(microsecond=0),
        "latest": [stations.latest_value(value, variant) for value in values],
        "next": stations.neighbour(following, variant),
        "previous": stations.neighbour(previous, variant),
        "nearest": _nearest_live(snapshot, station, services.base_url, variant) if station.retired_at else None,
        "closures": [conditions.closure(closure, variant) for closure in closures_at(snapshot, station, now)],
        "notices": [conditions.notice(notice, variant, now) for notice in _notices(services, station, now)],
    }
    place = geojson.point(station.lon, station.lat, station.height)
    return answer(geojson.feature(station.code, place, properties), geojson.MEDIA_TYPE)


def _notices(services: Services, station: Station, now: datetime) -> list[Notice]:
    if station.retired_at is not None:
        return []
    return notices_of(services.keeper, station.trail, now, station.code)


def _nearest_live(snapshot: Snapshot, station: Station, base_url: str, variant: str) -> stations.Properties | None:
    neighbour = snapshot.live.nearest_to(station.lon, station.lat)
    if neighbour is None:
        return None
    nearest, metres = neighbour
    return {
        "code": nearest.code,
        "title": title_of(nearest, variant),
        "distance_m": round(metres, 1),
        "page": f"{base_url}/s/{nearest.code}",
    }
