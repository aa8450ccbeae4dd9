"""What the routers share: the prefix, the check for unknown parameters, the documented errors."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from fastapi import APIRouter, Depends, Request, Response
from fastapi.routing import APIRoute

from api.dependencies import known_parameters_only
from api.errors import PROBLEM_MEDIA_TYPE
from api.etag import Answer, respond
from api.models import ProblemDetails
from api.services import services_of

PREFIX = "/api/v1"

Responses = dict[int | str, dict[str, Any]]
Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])

_READY: dict[Callable[..., Any], Callable[..., Answer]] = {}


def hot(ready: Callable[..., Answer]) -> Callable[[Endpoint], Endpoint]:
    """Answer requests without a query by ``ready(services, **path_parameters)``, in a third of the time.

    Most of a small answer's time is spent on solving dependencies, and such a request has nothing to solve.
    """

    def remember(endpoint: Endpoint) -> Endpoint:
        _READY[endpoint] = ready
        return endpoint

    return remember


class _HotRoute(APIRoute):
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        solve, ready = super().get_route_handler(), _READY.get(self.endpoint)
        if ready is None:
            return solve

        async def handle(request: Request) -> Response:
            if request.scope["query_string"]:
                return await solve(request)
            return respond(request, ready(services_of(request), **request.path_params))

        return handle


def public_router(tag: str) -> APIRouter:
    """A router for paths below PREFIX."""
    return APIRouter(prefix=PREFIX, tags=[tag], route_class=_HotRoute, dependencies=[Depends(known_parameters_only)])


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
