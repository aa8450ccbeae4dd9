"""What is asked most often, answered from ready bytes before routing and reading parameters cost more than the answer.

The long way, through the router, answers the same; it also answers all that is not plain: other methods, wrong or
repeated parameters, mistyped codes, pages that nobody has rendered yet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette_compress import CompressMiddleware

from api.etag import Answer, RawHeaders, is_known
from geodata.errors import DigitalpfadError

_MOST_ENCODINGS = 8  # browsers send the same few Accept-Encoding; who invents others is not remembered


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as plain texts: parameters of the path, of the query (``is_plain``: none twice), and headers."""

    method: str
    path: Mapping[str, str]
    query: Mapping[str, str]
    is_plain: bool
    headers: Mapping[str, str]

    @classmethod
    def of(cls, scope: Scope, path: Mapping[str, str]) -> Asked:
        """Read an ASGI scope; of what comes twice the last counts."""
        text = scope["query_string"].decode("latin-1")
        pairs = parse_qsl(text, keep_blank_values=True) if text else []
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        query = dict(pairs)
        return cls(scope["method"], path, query, len(query) == len(pairs), headers)


Read = Callable[[Asked], Answer | None]
"""A ready answer; None, or one of our errors, sends the request the long way."""


class HotReads:
    """ASGI middleware, the innermost one: tries ``reads`` first, each with the route that it stands for."""

    def __init__(self, app: ASGIApp, reads: Sequence[tuple[Route, Read]]) -> None:
        self._app = app
        self._fixed = {route.path: (route, read) for route, read in reads if not route.param_convertors}
        self._patterns = [(route, read) for route, read in reads if route.param_convertors]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass the request on untouched."""
        found = self._find(scope) if scope["type"] == "http" and scope["method"] == "GET" else None
        if found is None:
            await self._app(scope, receive, send)
            return
        ready, headers = found
        if is_known(ready, headers.get("if-none-match")):
            await _send(send, 304, b"", ready.headers_unchanged)
            return
        accepted = headers.get("accept-encoding", "")
        body, raw_headers = await _encoded(ready, accepted) if accepted else (ready.body, ready.headers)
        await _send(send, 200, body, raw_headers)

    def _find(self, scope: Scope) -> tuple[Answer, Mapping[str, str]] | None:
        matched = self._match(scope["path"])
        if matched is None:
            return None
        route, read, parameters = matched
        asked = Asked.of(scope, parameters)
        try:
            ready = read(asked)
        except DigitalpfadError:
            return None
        if ready is None:
            return None
        scope["route"] = route
        return ready, asked.headers

    def _match(self, path: str) -> tuple[Route, Read, Mapping[str, str]] | None:
        if path in self._fixed:
            return *self._fixed[path], {}
        for route, read in self._patterns:
            if match := route.path_regex.match(path):
                return route, read, match.groupdict()
        return None


async def _send(send: Send, status: int, body: bytes, headers: RawHeaders) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers.copy()})  # middleware adds its own
    await send({"type": "http.response.body", "body": body})


async def _encoded(ready: Answer, accepted: str) -> tuple[bytes, RawHeaders]:
    """What the compressing middleware would make of it, kept with the answer."""
    kept = ready.encoded.get(accepted)
    if kept is None:
        kept = await _compress(ready, accepted)
        if len(ready.encoded) < _MOST_ENCODINGS:
            ready.encoded[accepted] = kept
    return kept


async def _compress(ready: Answer, accepted: str) -> tuple[bytes, RawHeaders]:
    messages: list[Message] = []

    async def collect(message: Message) -> None:
        messages.append(message)

    headers = [(b"accept-encoding", accepted.encode("latin-1"))]
    await _COMPRESSING({"type": "http", "headers": headers, "ready": ready}, _nothing, collect)
    start, body = messages
    if not any(name == b"content-encoding" for name, _ in start["headers"]):
        return ready.body, ready.headers  # the middleware outside will say the same of it
    return body["body"], start["headers"]


async def _send_ready(scope: Scope, _: Receive, send: Send) -> None:
    ready: Answer = scope["ready"]
    await _send(send, 200, ready.body, ready.headers)


async def _nothing() -> Message:
    return {"type": "http.disconnect"}


_COMPRESSING = CompressMiddleware(_send_ready)
