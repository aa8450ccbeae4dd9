"""Headers that every answer of the interface carries, HEAD answered as GET, and CORS for everyone."""

from __future__ import annotations

import structlog
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.errors import is_interface, problem_of, problem_response
from geodata.messages.message import cut
from geodata.runtime.fault_log import FaultLog

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)
_told = FaultLog()

_SECURITY = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
]
_OPEN = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Link, Retry-After"),
    (b"cross-origin-resource-policy", b"cross-origin"),
]
_PREFLIGHT = [
    (b"access-control-allow-methods", b"GET, HEAD"),
    (b"access-control-allow-headers", b"If-None-Match, Last-Event-ID"),
    (b"access-control-max-age", b"86400"),
    (b"allow", b"GET, HEAD, OPTIONS"),
]
_HEAD = "digitalpfad.head"
_STRICT_TRANSPORT = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")


def asks_for_head(request: Request) -> bool:
    """Whether only the head of an answer is wanted: an answer without end must end with it."""
    return request.method == "HEAD" or _HEAD in request.scope


class InterfaceMiddleware:
    """Completes the answers below the interface's paths; pages pass untouched. ``tls``: the public uses https."""

    def __init__(self, app: ASGIApp, *, tls: bool) -> None:
        self._app = app
        self._own = [*_SECURITY, *([_STRICT_TRANSPORT] if tls else [])]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer OPTIONS, turn HEAD into GET (the body ends further out, see api.http.compression), add headers."""
        if scope["type"] != "http" or not is_interface(scope["path"]):
            await self._app(scope, receive, send)
            return
        headers = [*self._own, *_OPEN] if scope["path"].lower().startswith("/api") else self._own
        if scope["method"] == "OPTIONS":
            await send({"type": "http.response.start", "status": 204, "headers": [*headers, *_PREFLIGHT]})
            await send({"type": "http.response.body", "body": b""})
            return
        head, started = scope["method"] == "HEAD", False

        async def completing_send(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message["headers"] = [*message["headers"], *headers]
            await send(message)

        try:
            await self._app({**scope, "method": "GET", _HEAD: True} if head else scope, receive, completing_send)
        except Exception as error:
            if started:
                raise
            # The framework's own answer would come past this middleware, without its headers, and cut the connection.
            _log.error("request-crashed", path=cut(scope["path"]), **_told.fields(error))
            await problem_response(Request(scope), problem_of(error))(scope, receive, completing_send)
