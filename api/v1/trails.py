"""Trails, and the place on a trail nearest to a point."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request, Response

from api.catalogue.lookup import find_trail, next_station, previous_station
from api.catalogue.nearby import distance_m
from api.catalogue.snapshot import Snapshot
from api.http.caches.etag import Answer, answer, respond
from api.http.fast_path import PlainRequest
from api.services import Services, WithServices
from api.v1 import geojson
from api.v1.describe import facts, stations
from api.v1.parameters import TrailSlug, position
from api.v1.parsing import LonLat, plain_number
from api.v1.router import content, fast, problems, public_router
from api.v1.schemas.stations import PlaceFeature, TrailCollection, TrailDetail
from geodata.errors import NotFound
from geodata.model.trail import Trail
from geodata.vocabulary.languages import DEFAULT

router = public_router("trails")


def _trails(services: Services) -> Answer:
    snapshot = services.keeper.current
    return services.answers.get("trails", snapshot.version, lambda: _all_trails(services, snapshot))


def _trail(services: Services, trail: str) -> Answer:
    snapshot = services.keeper.current
    known_trail = find_trail(snapshot, trail)
    return services.answers.get(
        ("trail", known_trail.slug), snapshot.version, lambda: _one_trail(services, snapshot, known_trail)
    )


def _position(services: Services, request: PlainRequest) -> Answer | None:
    if not request.is_plain or set(request.query) != {"lon", "lat"}:
        return None
    lon = plain_number(request.query["lon"], -180, 180)
    lat = plain_number(request.query["lat"], -90, 90)
    return None if lon is None or lat is None else _located(services, request.path["trail"], LonLat(lon, lat))


@router.get(
    "/trails",
    summary="All trails",
    response_class=Response,
    responses={**content(TrailCollection, geojson.MEDIA_TYPE, "The trails with their lines."), **problems()},
)
@fast(lambda services, request: None if request.query else _trails(services))
async def list_trails(request: Request, services: WithServices) -> Response:
    """Every trail with its line, length and ascent."""
    return respond(request, _trails(services))


@router.get(
    "/trails/{trail}",
    summary="One trail",
    response_class=Response,
    responses={
        **content(TrailDetail, geojson.MEDIA_TYPE, "The trail with its line and texts."),
        **problems(e404="There is no such trail."),
    },
)
@fast(lambda services, request: None if request.query else _trail(services, request.path["trail"]))
async def get_trail(request: Request, trail: TrailSlug, services: WithServices) -> Response:
    """A trail with its line and its texts in all languages and voices."""
    return respond(request, _trail(services, trail))


@router.get(
    "/trails/{trail}/position",
    summary="Where on the trail",
    response_class=Response,
    responses={
        **content(PlaceFeature, geojson.MEDIA_TYPE, "The point of the trail that is nearest to the one asked for."),
        **problems(e404="There is no such trail."),
    },
)
@fast(_position)
async def locate(
    request: Request, trail: TrailSlug, point: Annotated[LonLat, Depends(position)], services: WithServices
) -> Response:
    """Metres along the trail and off it, and the stations next to that place."""
    return respond(request, _located(services, trail, point))


def _located(services: Services, trail: str, point: LonLat) -> Answer:
    snapshot = services.keeper.current
    known_trail = find_trail(snapshot, trail)
    geometry = snapshot.geometries.get(known_trail.slug)
    if geometry is None:
        raise NotFound("usable line of trail", known_trail.slug)
    place = geometry.locate(point.lon, point.lat)
    nearest = geometry.point_at(place.along_m)
    properties = {
        "trail": known_trail.slug,
        "along_m": round(place.along_m, 1),
        "off_m": round(distance_m(point.lon, point.lat, *nearest), 1),
        "height_m": _rounded(geometry.height_at(place.along_m)),
        "next": stations.neighbour(next_station(snapshot, known_trail.slug, place.along_m), DEFAULT),
        "previous": stations.neighbour(previous_station(snapshot, known_trail.slug, place.along_m), DEFAULT),
    }
    return answer(geojson.feature(known_trail.slug, geojson.point(*nearest), properties), geojson.MEDIA_TYPE)


def _all_trails(services: Services, snapshot: Snapshot) -> Answer:
    features = [
        geojson.feature(trail.slug, geojson.line(trail.line), stations.trail(snapshot, trail, services.base_url))
        for trail in snapshot.listed.values()
    ]
    return answer(geojson.collection(features, len(features)), geojson.MEDIA_TYPE)


def _one_trail(services: Services, snapshot: Snapshot, trail: Trail) -> Answer:
    properties = {
        **stations.trail(snapshot, trail, services.base_url),
        **stations.trail_texts(trail),
        **facts.of_trail(snapshot, trail.slug),
    }
    return answer(geojson.feature(trail.slug, geojson.line(trail.line), properties), geojson.MEDIA_TYPE)


def _rounded(height: float | None) -> float | None:
    return None if height is None else round(height, 1)
