"""No other site may make a browser change something here: judged by Fetch Metadata and Origin, no tokens.

A browser says with every unsafe request where it comes from. What says nothing is refused as well.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_DEFAULT_PORTS = {"http": 80, "https": 443}
_LONGEST_PORT = 5
_MESSAGE = (
    "Diese Anfrage kam nicht von den Seiten des Digitalpfads und wurde deshalb nicht ausgeführt."
    " Bitte öffnen Sie die Seite neu und versuchen Sie es noch einmal."
)


def is_allowed(method: str, site: str | None, origin: str | None, host: str | None, base_origin: str = "") -> bool:
    """Judge a request by its method, Sec-Fetch-Site, Origin and Host.

    ``base_origin`` is the installation's own origin, for a proxy that passes another Host on.
    """
    if method in _SAFE:
        return True
    if site is not None:
        return site == "same-origin"
    if not origin or not host:
        return False
    return origin == base_origin or _is_same(origin, host)


def _is_same(origin: str, host: str) -> bool:
    try:
        source = urlsplit(origin)
    except ValueError:  # half an IPv6 address, or a host that is none
        return False
    default = _DEFAULT_PORTS.get(source.scheme)
    return default is not None and _place(source.netloc, default) == _place(host, default) != ("", default)


def _place(netloc: str, default_port: int) -> tuple[str, int | str]:
    """Host and port of ``host`` or ``host:port``; an IPv6 address is in brackets."""
    host, _, port = netloc.rpartition(":")
    if not host or port.endswith("]"):
        return netloc.lower(), default_port
    return host.lower(), int(port) if port.isdecimal() and len(port) <= _LONGEST_PORT else port


def is_from_here(scope: Scope, base_origin: str = "") -> bool:
    """Whether an HTTP request is safe, or comes from a page of ours."""
    headers = Headers(scope=scope)
    site, origin, host = headers.get("sec-fetch-site"), headers.get("origin"), headers.get("host")
    return is_allowed(scope["method"], site, origin, host, base_origin)


class SameOriginOnly:
    """ASGI middleware that answers 403 to an unsafe request from elsewhere."""

    def __init__(self, app: ASGIApp, base_origin: str = "") -> None:
        self._app = app
        self._base_origin = base_origin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Judge, then pass on or refuse."""
        if scope["type"] == "http" and not is_from_here(scope, self._base_origin):
            await PlainTextResponse(_MESSAGE, status_code=403)(scope, receive, send)
            return
        await self._app(scope, receive, send)
