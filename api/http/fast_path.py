"""The fast path: what is asked most often, answered from cached bytes before middleware and router cost more.

A cached answer goes once through the middleware, which adds headers and compresses; what comes out is kept with it.
The full stack, through the router, answers the same; it also answers all that is not plain: other methods, wrong or
repeated parameters, mistyped codes, pages that nobody has rendered yet.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import cast
from urllib.parse import parse_qsl

import msgspec
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.caches.etag import Answer, is_known
from api.http.maintenance import MaintenanceState
from api.http.metrics import RequestMetrics
from geodata.errors import DigitalpfadError

_CACHED = "digitalpfad.cached_answer"  # of an ASGI scope
_LONGEST_KEPT = 100  # characters of an Accept-Encoding
_MOST_KEPT = 16  # browsers send the same few Accept-Encoding; who invents others is not remembered


class PlainRequest(msgspec.Struct, frozen=True, gc=False):
    """A request as plain texts: parameters of the path, of the query (``is_plain``: none twice), and headers."""

    method: str
    path: Mapping[str, str]
    query: Mapping[str, str]
    is_plain: bool
    headers: Mapping[str, str]
    address: str = ""
    """The address that the request comes from; empty where it is a socket of this machine."""

    @classmethod
    def of(cls, scope: Scope, path: Mapping[str, str]) -> PlainRequest:
        """Read an ASGI scope; of what comes twice the last counts."""
        text = scope["query_string"].decode("latin-1")
        pairs = parse_qsl(text, keep_blank_values=True) if text else []
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        query = dict(pairs)
        client = scope.get("client")
        address = client[0] if client else ""
        return cls(scope["method"], path, query, len(query) == len(pairs), headers, address)


Read = Callable[[PlainRequest], Answer | None]
"""A cached answer; None, or one of our errors, sends the request through the full stack."""


class FastPath:
    """ASGI middleware, the outermost one: tries ``reads`` first, each with the route that it stands for.

    CachedResponder must be the innermost.
    """

    def __init__(
        self,
        app: ASGIApp,
        reads: Sequence[tuple[Route, Read]],
        metrics: RequestMetrics,
        maintenance: MaintenanceState | None = None,
    ) -> None:
        self._app = app
        self._maintenance = maintenance or MaintenanceState()
        self._metrics = metrics
        self._fixed = {route.path: (route, read) for route, read in reads if not route.param_convertors}
        patterns = [(route, read) for route, read in reads if route.param_convertors]
        self._patterns = [(route.path.partition("{")[0], route, read) for route, read in patterns]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass the request on."""
        begun = time.perf_counter()
        match = self._find(scope) if scope["type"] == "http" and scope["method"] == "GET" else None
        if match is None:
            await self._app(scope, receive, send)
            return
        answer, route, headers = match
        unchanged = is_known(answer, headers.get("if-none-match"))
        key = headers.get("accept-encoding", ""), unchanged
        complete = answer.complete.get(key)
        if complete is None:
            scope["route"], scope[_CACHED] = route, (answer, unchanged)
            await _record(self._app, scope, receive, send, answer, key)
            return
        for message in complete:
            await send(message)
        seconds = time.perf_counter() - begun
        self._metrics.count("GET", route.path, 304 if unchanged else 200, seconds, stream=False)

    def _find(self, scope: Scope) -> tuple[Answer, Route, Mapping[str, str]] | None:
        matched = self._match(scope["path"])
        if matched is None or self._maintenance.current() is not None:
            return None
        route, read, parameters = matched
        request = PlainRequest.of(scope, parameters)
        try:
            answer = read(request)
        except DigitalpfadError:
            return None
        return None if answer is None else (answer, route, request.headers)

    def _match(self, path: str) -> tuple[Route, Read, Mapping[str, str]] | None:
        if path in self._fixed:
            return *self._fixed[path], {}
        for beginning, route, read in self._patterns:
            if path.startswith(beginning) and (match := route.path_regex.match(path)):
                return route, read, match.groupdict()
        return None


class CachedResponder:
    """ASGI middleware, the innermost one: sends the answer that FastPath has, instead of asking the router."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, or pass the request on."""
        if _CACHED not in scope:
            await self._app(scope, receive, send)
            return
        answer, unchanged = cast("tuple[Answer, bool]", scope[_CACHED])
        status, headers = (304, answer.headers_unchanged) if unchanged else (200, answer.headers)
        body = b"" if unchanged else answer.body
        await send({"type": "http.response.start", "status": status, "headers": headers.copy()})
        await send({"type": "http.response.body", "body": body})


async def _record(
    app: ASGIApp, scope: Scope, receive: Receive, send: Send, answer: Answer, key: tuple[str, bool]
) -> None:
    """Answer through the middleware and keep what comes out."""
    messages: list[Message] = []

    async def recording_send(message: Message) -> None:
        messages.append(message)
        await send(message)

    await app(scope, receive, recording_send)
    if len(answer.complete) < _MOST_KEPT and len(key[0]) <= _LONGEST_KEPT:
        answer.complete[key] = messages
