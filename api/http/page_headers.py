"""Security headers of pages, for hikers and staff alike, in one place."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "media-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


def content_security_policy(also: Mapping[str, str] | None = None) -> str:
    """What a page may load: only what is from here, and ``also`` one more source by directive."""
    more = dict(also or {})
    usual = [f"{name} {value} {more.pop(name, '')}".rstrip() for name, value in _POLICY.items()]
    return "; ".join([*usual, *(f"{name} {value}" for name, value in more.items())])


CONTENT_SECURITY_POLICY = content_security_policy()


def policy_with_style(style: str) -> str:
    """The policy for a page that has ``style``, the text of a stylesheet, in itself: that text by its hash, no other.

    The 304 of such a page must say the same, since browsers take over what it says.
    """
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return content_security_policy({"style-src": f"'sha256-{digest}'"})


FRAMING_POLICY = content_security_policy({"frame-src": "'self'"})
"""Of a page that shows another page of ours within itself."""


def framed_policy(policy: str) -> str:
    """``policy`` of a page that is shown within a page of ours, and does nothing there: no scripts, no forms."""
    still = policy.replace("script-src 'self'", "script-src 'none'").replace("form-action 'self'", "form-action 'none'")
    return still.replace("frame-ancestors 'none'", "frame-ancestors 'self'")


_ALWAYS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "geolocation=(self), camera=(), microphone=(), payment=(), usb=(), interest-cohort=()",
    # whole within the site, so that a request tells a scanned sign from a followed link; nothing to anyone else
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}
_HSTS = "max-age=31536000; includeSubDomains"


def with_camera() -> dict[str, str]:
    """Headers for the one page that reads codes with the camera: by the browser itself, or by WebAssembly of ours."""
    return {
        "content-security-policy": content_security_policy({"script-src": "'wasm-unsafe-eval'"}),
        "permissions-policy": _ALWAYS["permissions-policy"].replace("camera=()", "camera=(self)"),
    }


def security_headers(*, tls: bool) -> dict[str, str]:
    """The headers of every answer; HSTS only where the public uses https."""
    return _ALWAYS | ({"strict-transport-security": _HSTS} if tls else {})


class SecurityHeaders:
    """ASGI middleware: adds security_headers() to each answer, save those that the answer has already."""

    def __init__(self, app: ASGIApp, *, tls: bool) -> None:
        self._app = app
        self._headers = [(name.encode(), value.encode()) for name, value in security_headers(tls=tls).items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass ``scope`` on and complete the headers of what comes back."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                missing = (header for header in self._headers if header[0] not in present)
                message["headers"] = [*message["headers"], *missing]
            await send(message)

        await self._app(scope, receive, send_with_headers)
