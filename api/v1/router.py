"""What the routers share: the prefix, the check for unknown parameters, the documented errors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from fastapi import APIRouter, Depends
from fastapi.routing import APIRoute
from starlette.routing import Route

from api.http.caches.etag import Answer
from api.http.errors import PROBLEM_MEDIA_TYPE
from api.http.fast_path import PlainRequest, Read
from api.services import Services
from api.v1.parameters import known_parameters_only
from api.v1.schemas.stations import ProblemDetails

PREFIX = "/api/v1"

Responses = dict[int | str, dict[str, Any]]
Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])

FastRead = Callable[[Services, PlainRequest], Answer | None]

_FAST: dict[Callable[..., Any], FastRead] = {}


def fast(read: FastRead) -> Callable[[Endpoint], Endpoint]:
    """Let ``read`` answer first, on the fast path; the endpoint answers what it leaves, and describes all of it."""

    def remember(endpoint: Endpoint) -> Endpoint:
        _FAST[endpoint] = read
        return endpoint

    return remember


def fast_reads(routers: Sequence[APIRouter], services: Services) -> list[tuple[Route, Read]]:
    """The reads of all endpoints that have a fast path."""
    routes = [route for router in routers for route in router.routes if isinstance(route, APIRoute)]
    return [(route, partial(_FAST[route.endpoint], services)) for route in routes if route.endpoint in _FAST]


def public_router(tag: str) -> APIRouter:
    """A router for paths below PREFIX."""
    return APIRouter(prefix=PREFIX, tags=[tag], dependencies=[Depends(known_parameters_only)])


def problems(**descriptions: str) -> Responses:
    """Documented errors: ``problems(e404="…")``; 422 and 503 can come from everywhere."""
    usual = {
        "e422": "A parameter is not what was expected; `errors` names it.",
        "e503": "The database does not answer.",
    }
    return {
        int(name[1:]): {
            "description": description,
            "content": {PROBLEM_MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{ProblemDetails.__name__}"}}},
        }
        for name, description in {**usual, **descriptions}.items()
    }


def content(model: type, media_type: str, description: str) -> Responses:
    """The documented answer."""
    reference = {"$ref": f"#/components/schemas/{model.__name__}"}
    return {
        200: {"description": description, "content": {media_type: {"schema": reference}}},
        304: {"description": "Nothing has changed since the ETag in If-None-Match."},
    }
