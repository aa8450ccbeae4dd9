"""The OpenAPI document of the interface, and a plain page that lists it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any, cast

import msgspec
from fastapi import APIRouter, Request, Response
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from api.http.caches.etag import answer, respond
from api.services import WithServices
from api.v1.router import PREFIX
from api.v1.schemas import conditions, series, stations, visits
from api.visibility import require

_VERSION = "1"
_REFERENCED = (
    stations.ProblemDetails,
    stations.TrailCollection,
    stations.TrailDetail,
    stations.PlaceFeature,
    stations.StationCollection,
    stations.StationDetail,
    conditions.ClosureCollection,
    series.RawSeries,
    series.BucketSeries,
    visits.VisitStatistics,
)
_DESCRIPTION = (
    "Trails, stations and what is measured there: public, read-only, without a login. Coordinates are lon, lat (CRS84),"
    " times RFC 3339 UTC, errors problem details (RFC 9457). What a path answers has an ETag where 304 is among its"
    " answers; the live stream, health, figures and errors have none."
)


def document(routers: Sequence[APIRouter]) -> dict[str, Any]:
    """OpenAPI 3.1 of what ``routers`` answer."""
    routes = [route for router in routers for route in router.routes]
    openapi = get_openapi(title="Digitalpfad", version=_VERSION, description=_DESCRIPTION, routes=routes)
    template = "#/components/schemas/{model}"
    _, schemas = models_json_schema([(model, "serialization") for model in _REFERENCED], ref_template=template)
    openapi.setdefault("components", {}).setdefault("schemas", {}).update(schemas["$defs"])
    return openapi


def router_of(routers: Sequence[APIRouter]) -> APIRouter:
    """A router that serves the document and the page about ``routers``."""
    described = document(routers)
    json = answer(msgspec.json.encode(described), "application/json")
    page = answer(_page(described).encode(), "text/html; charset=utf-8")
    router = APIRouter(include_in_schema=False)

    @router.get(f"{PREFIX}/openapi.json")
    async def openapi(request: Request, services: WithServices) -> Response:
        require(request, services.docs_from)
        return respond(request, json)

    @router.get("/api")
    async def overview(request: Request, services: WithServices) -> Response:
        require(request, services.docs_from)
        return respond(request, page)

    return router


def _page(described: dict[str, Any]) -> str:
    paths = cast("dict[str, dict[str, dict[str, Any]]]", described["paths"])
    rows = "".join(_row(path, operations["get"]) for path, operations in paths.items())
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Digitalpfad: interface</title>'
        '<meta name="viewport" content="width=device-width"></head><body><h1>Digitalpfad: interface for programs</h1>'
        f'<p>{escape(_DESCRIPTION)} Described in full by <a href="{PREFIX}/openapi.json">OpenAPI</a>.</p>'
        f"<dl>{rows}</dl>{_ERRORS}</body></html>"
    )


def _row(path: str, operation: dict[str, Any]) -> str:
    names = [parameter["name"] for parameter in operation.get("parameters", []) if parameter["in"] == "query"]
    address = escape(path + ("?" + "&".join(f"{name}=" for name in names) if names else ""))
    return f"<dt><code>{address}</code></dt><dd>{escape(operation['summary'])}</dd>"


_ERRORS = (
    "<h2>Errors</h2><dl>"
    '<dt id="not-public">not-public (403)</dt><dd>For those alone who run this server.</dd>'
    '<dt id="invalid-parameter">invalid-parameter (422)</dt><dd>errors lists field, value and what was expected.</dd>'
    '<dt id="unknown-station">unknown-station (404)</dt><dd>did_you_mean lists codes that are one slip away.</dd>'
    '<dt id="unknown-trail">unknown-trail (404)</dt><dd>See /api/v1/trails; did_you_mean hints capitals.</dd>'
    '<dt id="not-found">not-found (404)</dt><dd>Nothing has this address.</dd>'
    '<dt id="method">method (405)</dt><dd>Only GET and HEAD.</dd>'
    '<dt id="unavailable">unavailable (503)</dt><dd>Try again after the seconds in Retry-After.</dd>'
    '<dt id="internal">internal (500)</dt><dd>An error of ours; it is in the log.</dd></dl>'
)
