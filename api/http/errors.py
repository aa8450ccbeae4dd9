"""Errors as problem details (RFC 9457): one table from our errors to statuses, applied once, at this edge.

What a stranger reads is written here or names what they sent themselves; the text of an unexpected error stays
in the log.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import msgspec
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from api.catalogue.lookup import RemovedStation, UnknownStation, UnknownTrail
from api.limits.places import TooManyListeners
from api.limits.read_limits import TooManyRequests
from geodata.errors import InvalidInput, NotFound, StoreUnavailable
from geodata.messages.message import cut
from geodata.runtime.fault_log import FaultLog

PROBLEM_MEDIA_TYPE = "application/problem+json"
_PROBLEM_HEADERS = {"Cache-Control": "no-store"}

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)
_told = FaultLog()


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What went wrong, for programs and people. ``kind`` is the anchor in the description at /api."""

    status: int
    kind: str
    title: str
    detail: str
    extra: Mapping[str, object] = field(default_factory=dict[str, object])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


ErrorPage = Callable[[Request, Problem], Response]
"""Makes the answer for people who asked for a page."""

_NOT_PUBLIC = (
    "This is for those who run this server. Its settings metrics_from and api_docs_from say from where it may be read;"
    " behind a proxy, trusted_proxies has to name it."
)
_BY_STATUS: dict[int, tuple[str, str, str]] = {
    403: ("not-public", "Not public", _NOT_PUBLIC),
    404: ("not-found", "Not found", "There is nothing at this address. The interface is described at /api."),
    405: ("method", "Method not allowed", "This interface is read-only: use GET or HEAD."),
    406: ("not-acceptable", "Not acceptable", "None of the formats asked for is available here."),
    413: ("too-large", "Request too large", "The request is larger than this server reads."),
    429: ("too-many-requests", "Too many requests", "Slow down and ask again in a minute."),
    500: ("internal", "Internal error", "Something unexpected happened; it has been logged."),
    503: ("unavailable", "Temporarily unavailable", "The database does not answer right now. Try again in a moment."),
}


def _of_status(status: int, headers: Mapping[str, str], detail: str = "") -> Problem:
    phrase = HTTPStatus(status).phrase
    kind, title, usual = _BY_STATUS.get(status, (f"status-{status}", phrase, f"{phrase}."))
    return Problem(status=status, kind=kind, title=title, detail=detail or usual, headers=headers)


def _missing(error: NotFound) -> Problem:
    if isinstance(error, RemovedStation):
        extra = {"code": error.removed.code, "removed_at": error.removed.removed_at}
        return Problem(status=410, kind="removed-station", title="Gone", detail=str(error), extra=extra)
    meant = error.did_you_mean if isinstance(error, UnknownStation | UnknownTrail) else []
    extra = {"did_you_mean": meant} if meant else {}
    return Problem(status=404, kind=f"unknown-{error.kind}", title="Not found", detail=str(error), extra=extra)


def _invalid(parts: list[tuple[str, object, str, str]]) -> Problem:
    errors = [
        {"field": name, "value": _shown(value), "expected": f"{expected}. {hint}".removesuffix(". ")}
        for name, value, expected, hint in parts
    ]
    sentences = [_sentence(part) for part in errors]
    return Problem(
        status=422,
        kind="invalid-parameter",
        title="A parameter is not what was expected",
        detail=" ".join(sentence.replace("..", ".") for sentence in sentences),
        extra={"errors": errors},
    )


def _sentence(part: Mapping[str, str | None]) -> str:
    value = "missing" if part["value"] is None else repr(part["value"])
    return f"{part['field']} is {value}, expected {part['expected']}."


def _invalid_part(part: dict[str, Any]) -> tuple[str, object, str, str]:
    """Pydantic's report of one parameter in our words."""
    name = cut(str(part["loc"][-1]))
    if part["type"] == "missing":
        return name, None, "a value", f"Add {name}=… to the address."
    return name, part["input"], str(part["msg"]).removeprefix("Input should be "), ""


def _shown(value: object) -> str | None:
    if value is None:
        return None
    return cut(str(value))


_TRANSLATIONS: dict[type[Exception], Callable[[Any], Problem]] = {
    InvalidInput: lambda error: _invalid([(error.field, error.value, error.expected, error.hint)]),
    RequestValidationError: lambda error: _invalid([_invalid_part(part) for part in error.errors()]),
    NotFound: _missing,
    TooManyRequests: lambda error: _of_status(429, {"Retry-After": str(error.wait_s)}, detail=str(error)),
    TooManyListeners: lambda error: _of_status(503, {"Retry-After": "30"}, detail=str(error)),
    StoreUnavailable: lambda _: _of_status(503, {"Retry-After": "5"}),
    HTTPException: lambda error: _of_status(error.status_code, error.headers or {}),
    Exception: lambda _: _of_status(500, {}),
}


def problem_of(error: Exception) -> Problem:
    """The one translation of an error into what the outside is told."""
    kind = next(kind for kind in type(error).__mro__ if kind in _TRANSLATIONS)
    return _TRANSLATIONS[kind](error)


def problem_response(request: Request, problem: Problem) -> Response:
    """A problem as application/problem+json."""
    body = {
        "type": f"/api#{problem.kind}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail + _spelling(request.url.path, problem),
        "instance": cut(request.url.path),
        **problem.extra,
    }
    return Response(
        msgspec.json.encode(body),
        status_code=problem.status,
        media_type=PROBLEM_MEDIA_TYPE,
        headers={**_PROBLEM_HEADERS, **problem.headers},
    )


def _spelling(path: str, problem: Problem) -> str:
    """A hint where capitals may be all that is wrong; programs are not sent elsewhere without their makers' knowing."""
    small = path.lower()
    if problem.kind != "not-found" or small == path:
        return ""
    return f" Capitals matter here and all paths are in small letters: did you mean {cut(small)}?"


def is_interface(path: str) -> bool:
    """Whether a path, in capitals or not, belongs to the interface for programs; all others are pages for people."""
    path = path.lower()
    return path == "/api" or path.startswith("/api/") or path in {"/healthz", "/readyz", "/metrics"}


def install_error_handlers(app: FastAPI, page: ErrorPage) -> None:
    """Answer errors with problem details below the interface's paths, and with ``page`` everywhere else."""

    async def handle(request: Request, error: Exception) -> Response:
        problem = problem_of(error)
        path = cut(request.url.path)
        if problem.status == HTTPStatus.SERVICE_UNAVAILABLE:  # meant, like everything that gets this status
            if not isinstance(error, TooManyListeners):  # no news
                _log.warning("request-unavailable", path=path, error=str(error))
        elif problem.status >= 500:
            _log.error("request-failed", path=path, status=problem.status, **_told.fields(error))
        return (problem_response if is_interface(request.url.path) else page)(request, problem)

    for kind in _TRANSLATIONS:
        app.add_exception_handler(kind, handle)
