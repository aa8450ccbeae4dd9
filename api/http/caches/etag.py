"""Answers as encoded bytes with an ETag, and 304 for those who have them already (RFC 9110).

The ETag is strong where one sequence of bytes goes out, weak where compression makes several of it.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from api.http import compression

REVALIDATE = "public, no-cache"
"""Keep it, but ask each time whether it still holds: the question costs us a comparison."""

_PIECE = 256 * 1024  # compressed in some 2 ms

_RawHeaders = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Answer:
    """A body with the headers of its 200 and of its 304, written once and sent often; ``etag`` without ``W/``.

    ``complete`` keeps what middleware has made of it, by Accept-Encoding and whether it is the 304 (fast_path).
    """

    body: bytes
    etag: str
    headers: _RawHeaders
    headers_unchanged: _RawHeaders
    complete: dict[tuple[str, bool], list[Message]] = field(
        default_factory=dict[tuple[str, bool], list[Message]], compare=False
    )


class _EncodedResponse(Response):
    """A response whose headers are encoded already; Starlette's own constructor would do it anew each time."""

    def __init__(self, status: int, body: bytes, headers: _RawHeaders) -> None:
        self.status_code = status
        self.body = body
        self.background = None
        self.raw_headers = headers.copy()  # middleware adds its own

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send a large body in pieces: compressing it whole would hold up every other visitor meanwhile."""
        if len(self.body) <= _PIECE:
            await super().__call__(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        for at in range(0, len(self.body), _PIECE):
            piece, is_last = self.body[at : at + _PIECE], at + _PIECE >= len(self.body)
            await send({"type": "http.response.body", "body": piece, "more_body": not is_last})
            await asyncio.sleep(0)


def answer(
    body: bytes,
    media_type: str,
    *,
    cache: str = REVALIDATE,
    headers: Mapping[str, str] | None = None,
    tag_end: str = "",
) -> Answer:
    """Make an Answer. The ETag is a hash of the media type and the body, and ``tag_end``: equal in every process."""
    etag = f'"{hashlib.blake2b(media_type.encode() + body, digest_size=12).hexdigest()}{tag_end}"'
    common = {"etag": etag, "cache-control": cache, **(headers or {})}
    if compression.varies(media_type, len(body)):
        compression.mark(common)
    unchanged = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in common.items()]
    content = [(b"content-type", media_type.encode()), (b"content-length", str(len(body)).encode())]
    return Answer(body, etag, [*unchanged, *content], unchanged)


def respond(request: Request, cached: Answer) -> Response:
    """200 with the body, or 304 when the request's If-None-Match names it."""
    if is_known(cached, request.headers.get("if-none-match")):
        return _EncodedResponse(304, b"", cached.headers_unchanged)
    return _EncodedResponse(200, cached.body, cached.headers)


def is_known(cached: Answer, if_none_match: str | None) -> bool:
    """Whether who asks has the answer already.

    This is the weak comparison of RFC 9110, 13.1.2: what compression, here or in a proxy, made weak still counts.
    """
    if if_none_match is None:
        return False
    if if_none_match.removeprefix("W/") == cached.etag or if_none_match.strip() == "*":
        return True
    return cached.etag in (tag.strip().removeprefix("W/") for tag in if_none_match.split(","))
