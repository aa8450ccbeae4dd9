"""Redirects stay on this site, whatever host a request claims to have come to."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class RelativeRedirects:
    """ASGI middleware: routers redirect ``/s/`` to ``http://<Host header>/s``; only the path of that goes out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass ``scope`` on and take scheme and host out of the address that comes back."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_relative(message: Message) -> None:
            if message["type"] == "http.response.start" and 300 <= message["status"] < 400:
                headers = MutableHeaders(scope=message)
                if "location" in headers:
                    headers["location"] = _path_of(headers["location"])
            await send(message)

        await self._app(scope, receive, send_relative)


def _path_of(location: str) -> str:
    parts = urlsplit(location)
    path = "/" + parts.path.lstrip("/")  # two slashes would begin with a host again
    return f"{path}?{parts.query}" if parts.query else path
