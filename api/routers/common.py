"""What the routers share: the prefix, the check for unknown parameters, the documented errors."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends

from api.dependencies import known_parameters_only
from api.errors import PROBLEM_MEDIA_TYPE
from api.models import ProblemDetails

PREFIX = "/api/v1"

Responses = dict[int | str, dict[str, Any]]


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
