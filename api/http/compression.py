"""Compression of answers, and the headers that keep caches right about it (RFC 9110, 8.8.3 and 12.5.5).

The same answer goes out in up to three codings. So its ETag is weak, which means the same in each of them, and it
varies by Accept-Encoding, in the 304 as in the 200: a cache never joins pieces of two codings.
"""

from __future__ import annotations

from typing import cast

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette_compress import CompressMiddleware, add_compress_type, remove_compress_type

MINIMUM = 500
"""Bytes; what is shorter hardly shrinks, and is sent as it is to everyone."""

_BROTLI_QUALITY = 5
"""A tenth fewer bytes of a page than with 4, for a millisecond; from 6 on hardly fewer for much more."""

TEXT_TYPES = frozenset(
    {
        "application/geo+json",
        "application/gpx+xml",
        "application/json",
        "application/manifest+json",
        "application/problem+json",
        "application/schema+json",
        "application/vnd.google-earth.kml+xml",
        "application/wasm",
        "image/svg+xml",
        "text/calendar",
        "text/css",
        "text/csv",
        "text/html",
        "text/javascript",
        "text/plain",
        "text/vtt",
    }
)
"""All texts that are served whole, and programs; pictures, recordings and films are compressed in themselves."""

for _type in TEXT_TYPES:
    add_compress_type(_type)
remove_compress_type("text/event-stream")  # a stream would keep an encoder of up to 2 MB for events of 200 bytes

_PLAIN_SEND = "digitalpfad.plain_send"
_Header = tuple[bytes, bytes]


def varies(media_type: str, size: int) -> bool:
    """Whether a body of this type (parameters may follow it) and ``size`` in bytes goes out in several codings."""
    return size >= MINIMUM and media_type.partition(";")[0].strip().lower() in TEXT_TYPES


def mark(headers: MutableHeaders | dict[str, str]) -> None:
    """Make the headers of an answer that varies() those of all its codings."""
    etag = headers.get("etag", "")
    if etag.startswith('"'):
        headers["etag"] = f"W/{etag}"
    headers["vary"] = _united(headers.get("vary", ""), "Accept-Encoding")


class Compression:
    """ASGI middleware: compresses as the request accepts it, except what says ``no-transform``; completes HEAD.

    There is no Zstandard: of a page in it, which is one block, a browser reads nothing before the last byte has come;
    of Brotli it reads what is there, and asks for the picture that much sooner.

    An answer to HEAD must come here with its body, so that its headers are those of GET; the body ends here.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._compress = CompressMiddleware(
            _Untransformed(app), minimum_size=MINIMUM, zstd=False, brotli_quality=_BROTLI_QUALITY
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass ``scope`` on and compress what comes back."""
        if scope["type"] != "http":
            await self._compress(scope, receive, send)
            return
        is_head = scope["method"] == "HEAD"

        async def send_coded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = _coded(message["headers"])
            elif is_head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        scope[_PLAIN_SEND] = send_coded
        await self._compress(scope, receive, send_coded)


class _Untransformed:
    """The innermost part: sends what may not be transformed past the compression."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        plain_send, chosen = cast("Send", scope[_PLAIN_SEND]), send

        async def choosing_send(message: Message) -> None:
            nonlocal chosen
            if message["type"] == "http.response.start" and _is_fixed(message["headers"]):
                chosen = plain_send
            await chosen(message)

        await self._app(scope, receive, choosing_send)


def _is_fixed(headers: list[_Header]) -> bool:
    return any(name.lower() == b"cache-control" and b"no-transform" in value.lower() for name, value in headers)


def _coded(headers: list[_Header]) -> list[_Header]:
    """One Vary without repetitions; of an encoded answer a weak ETag and no promise of ranges."""
    is_encoded = any(name.lower() == b"content-encoding" for name, _ in headers)
    coded, vary = list[_Header](), ""
    for name, value in headers:
        lower = name.lower()
        if lower == b"vary":
            vary = _united(vary, value.decode("latin-1"))
        elif is_encoded and lower == b"etag" and value.startswith(b'"'):
            coded.append((name, b"W/" + value))
        elif not (is_encoded and lower == b"accept-ranges"):
            coded.append((name, value))
    return [*coded, (b"vary", vary.encode("latin-1"))] if vary else coded


def _united(vary: str, more: str) -> str:
    """Names of both lists, each once, as they were first written."""
    names = {name.strip().lower(): name.strip() for name in reversed([*vary.split(","), *more.split(",")])}
    names.pop("", None)
    return ", ".join(reversed(names.values()))
