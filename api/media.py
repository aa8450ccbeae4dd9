"""Pictures, recordings and films from the database to the phone: for ever the same bytes at the same address.

Small ones are kept in memory, of large ones only the piece that is being sent. A player asks for ranges (RFC 9110, 14).
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from api.http.assets import FOR_EVER
from api.services import Services, services_of
from geodata.errors import NotFound
from geodata.model.media import Rendition
from geodata.store.catalogue import media as store

_PIECE = 1 << 18
_RANGE = re.compile(r"bytes=(\d{1,12})?-(\d{1,12})?", re.ASCII)
_OPEN = {
    "access-control-allow-origin": "*",
    "cross-origin-resource-policy": "cross-origin",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
}

router = APIRouter()


def address(media: str, name: str) -> str:
    """Where a rendition is served, within this site."""
    return f"/media/{media}/{name}"


async def _serve(request: Request) -> Response:
    services = services_of(request)
    media, name = str(request.path_params["media"]), str(request.path_params["name"])
    rendition = _rendition(services, media, name)
    etag = f'"{media}-{name}"'
    headers = {"etag": etag, "cache-control": FOR_EVER, "accept-ranges": "bytes", **_OPEN}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    headers["content-type"] = rendition.content_type
    wanted = _wanted(request, etag, rendition.size)
    if wanted is None:
        start, end, status = 0, rendition.size, 200
    elif not wanted:
        return Response(status_code=416, headers={**headers, "content-range": f"bytes */{rendition.size}"})
    else:
        start, end, status = wanted.start, wanted.stop, 206
        headers["content-range"] = f"bytes {start}-{end - 1}/{rendition.size}"
    headers["content-length"] = str(end - start)
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers)
    return await _body(services, media, rendition, range(start, end), status, headers)


router.add_route("/media/{media}/{name}", _serve, methods=["GET"], include_in_schema=False)


def _rendition(services: Services, media: str, name: str) -> Rendition:
    medium = services.keeper.current.catalogue.media.get(media)
    for rendition in medium.renditions if medium else ():
        if rendition.name == name:
            return rendition
    raise NotFound("medium", f"{media}/{name}")


def _wanted(request: Request, etag: str, size: int) -> range | None:
    """The bytes asked for: None for all of them, an empty range where there are none such."""
    match = _RANGE.fullmatch(request.headers.get("range", "").replace(" ", ""))
    if match is None or match.groups() == (None, None) or request.headers.get("if-range", etag) != etag:
        return None
    first, last = match.groups()
    if first is None:
        return range(max(size - int(last), 0), size)
    if last is not None and int(last) < int(first):
        return None
    return range(int(first), min(int(last) + 1, size) if last is not None else size)


async def _body(
    services: Services, media: str, rendition: Rendition, wanted: range, status: int, headers: dict[str, str]
) -> Response:
    if rendition.size > services.media.largest:
        first = await _piece(services, media, rendition.name, wanted[:_PIECE])  # before the headers: it may fail
        return StreamingResponse(_pieces(services, media, rendition.name, wanted, first), status, headers)
    key = f"{media}/{rendition.name}"
    data = services.media.get(key)
    if data is None:
        data = await _piece(services, media, rendition.name, range(rendition.size))
        services.media.put(key, data)
    return Response(data[wanted.start : wanted.stop], status, headers)


async def _pieces(services: Services, media: str, name: str, wanted: range, first: bytes) -> AsyncGenerator[bytes]:
    yield first
    for at in range(wanted.start + _PIECE, wanted.stop, _PIECE):
        yield await _piece(services, media, name, range(at, min(at + _PIECE, wanted.stop)))


async def _piece(services: Services, media: str, name: str, wanted: range) -> bytes:
    def read() -> bytes:
        with services.database.transaction() as connection:
            return store.piece(connection, media, name, wanted.start, len(wanted))

    return await run_in_threadpool(read)
