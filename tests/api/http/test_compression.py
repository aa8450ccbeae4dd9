"""Each text goes out in three codings; caches and those who ask again are told the truth about all of them."""

from __future__ import annotations

import asyncio
import gzip
import mimetypes
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message

from api.app import ROUTERS
from api.http.caches.etag import answer as ready_answer
from api.http.caches.etag import respond
from api.http.compression import MINIMUM, TEXT_TYPES, Compression, varies
from api.v1.openapi import document
from api.webapp.routes.site_files import STATIC_FOLDER
from dashboards.templating import STATIC
from tests.fixtures.web.hikers import PHONE_AGENT, PONDS, Hikers, a_day

CODINGS = ["gzip", "br", "identity"]
SERIES = f"/api/v1/stations/{PONDS}/series?property=water_level"


def ask(hikers: Hikers, path: str, coding: str, method: str = "GET", **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.request(
        method, hikers.url + path, headers={"accept-encoding": coding, "user-agent": PHONE_AGENT, **named}
    )


def list_of(answer: httpx.Response, name: str) -> list[str]:
    return [part.strip().lower() for part in answer.headers.get(name, "").split(",") if part.strip()]


def test_every_text_is_compressed_and_found_again_in_every_coding(hikers: Hikers) -> None:
    begun = datetime.now(UTC).replace(minute=30, second=0, microsecond=0) - timedelta(hours=1)
    hikers.observe(a_day("pegel-04", "water_level", [1.2] * 24, begun))
    paths = {
        "/api/v1/trails": "application/geo+json",
        f"/api/v1/stations/{PONDS}": "application/geo+json",
        "/api/v1/openapi.json": "application/json",
        f"{SERIES}&to={begun + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}": "application/json",
        f"{SERIES}&format=csv&to={begun + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}": "text/csv",
        "/impressum": "text/html",
        "/t/stadtwald": "text/html",
        "/static/style.css": "text/css",
    }
    for path, media_type in paths.items():
        answers = {coding: ask(hikers, path, coding) for coding in CODINGS}
        assert {answer.headers["content-type"].partition(";")[0] for answer in answers.values()} == {media_type}
        for coding, answer in answers.items():
            assert answer.headers.get("content-encoding", "identity") == coding, path
            assert list_of(answer, "vary").count("accept-encoding") == 1, path
            assert answer.headers["etag"].startswith('W/"'), path
            for kept in (answers["identity"].headers["etag"], answer.headers["etag"].removeprefix("W/")):
                again = ask(hikers, path, coding, if_none_match=kept)
                if again.status_code == 200:  # the page's minute or the ages' step ended in between
                    again = ask(hikers, path, coding, if_none_match=again.headers["etag"])
                assert (again.status_code, again.content) == (304, b""), path
                assert list_of(again, "vary") == list_of(answer, "vary"), path
                assert "content-encoding" not in again.headers


def test_the_pieces_of_two_codings_cannot_be_joined(hikers: Hikers) -> None:
    whole = ask(hikers, "/static/style.css", "gzip")
    assert whole.headers["content-encoding"] == "gzip"
    assert "accept-ranges" not in whole.headers
    piece = ask(hikers, "/static/style.css", "gzip", range="bytes=0-99")
    assert (piece.status_code, len(piece.content)) == (206, 100)
    assert "content-encoding" not in piece.headers
    rest = ask(hikers, "/static/style.css", "gzip", range="bytes=100-", if_range=whole.headers["etag"])
    assert (rest.status_code, rest.content) == (200, whole.content)


@pytest.mark.parametrize("coding", CODINGS)
def test_head_tells_what_get_would_send(hikers: Hikers, coding: str) -> None:
    for path in ("/api/v1/trails", "/impressum", "/api/v1/nothing", "/healthz"):
        got, told = ask(hikers, path, coding), ask(hikers, path, coding, "HEAD")
        assert told.content == b""
        assert sorted(told.headers.keys()) == sorted(got.headers.keys()), path
        for name in ("content-length", "content-encoding", "etag", "vary"):
            assert told.headers.get(name) == got.headers.get(name), (path, name)


@pytest.mark.parametrize("coding", CODINGS)
def test_an_event_comes_at_once_and_no_listener_takes_the_memory_of_an_encoder(hikers: Hikers, coding: str) -> None:
    headers = {"accept-encoding": coding}
    with httpx.stream("GET", f"{hikers.url}/api/v1/live", headers=headers, timeout=5) as stream:
        assert "content-encoding" not in stream.headers
        assert next(stream.iter_text()).startswith(": digitalpfad live")


def test_what_the_interface_and_the_pages_serve_as_text_is_compressed() -> None:
    described = {
        media_type
        for operations in document(ROUTERS)["paths"].values()
        for described in operations["get"]["responses"].values()
        for media_type in described.get("content", {})
    }
    files = [path for folder in (STATIC_FOLDER, *STATIC.all_directories) for path in _files(folder)]
    assert files
    served = described | {mimetypes.guess_type(path)[0] or "" for path in files}
    assert {one for one in served if not one.startswith("font/")} - {"text/event-stream", "image/png"} <= TEXT_TYPES


def _files(folder: Any) -> Iterator[str]:
    return (str(path) for path in folder.rglob("*") if path.is_file() and path.suffix not in {"", ".md"})


@pytest.mark.parametrize("media_type", sorted(TEXT_TYPES))
def test_each_of_the_types_comes_out_compressed(media_type: str) -> None:
    assert sent(Response(b"a" * MINIMUM, media_type=media_type))["content-encoding"] == "gzip"
    headers = sent(Response(b"a" * (MINIMUM - 1), media_type=media_type, headers={"etag": '"strong"'}))
    assert (headers.get("content-encoding"), headers.get("vary"), headers["etag"]) == (None, None, '"strong"')


@pytest.mark.parametrize("media_type", ["image/avif", "audio/mpeg", "application/pdf", "application/octet-stream"])
def test_what_is_compressed_in_itself_stays_as_it_is(media_type: str) -> None:
    assert not varies(media_type, 10 * MINIMUM)
    headers = sent(Response(b"a" * 10 * MINIMUM, media_type=media_type, headers={"etag": '"strong"'}))
    assert "content-encoding" not in headers
    assert headers["etag"] == '"strong"'


def test_what_must_not_be_transformed_is_not() -> None:
    fixed = {"cache-control": "public, no-transform", "etag": '"strong"'}
    headers = sent(Response(b"a" * 5000, media_type="text/csv", headers=fixed))
    assert (headers.get("content-encoding"), headers["content-length"], headers["etag"]) == (None, "5000", '"strong"')


def test_an_etag_from_elsewhere_becomes_weak_with_its_coding_and_vary_has_each_name_once() -> None:
    headers = {"etag": '"strong"', "vary": "Accept-Language, accept-encoding", "accept-ranges": "bytes"}
    found = sent(Response(b"a" * 5000, media_type="text/html", headers=headers))
    assert (found["etag"], found["vary"]) == ('W/"strong"', "Accept-Language, accept-encoding")
    assert "accept-ranges" not in found


def sent(app: ASGIApp) -> httpx.Headers:
    """The headers of an answer to somebody who accepts gzip."""
    started: list[Message] = []

    async def send(message: Message) -> None:
        started.append(message)

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"accept-encoding", b"gzip")]}
    asyncio.run(Compression(app)(scope, receive, send))
    return httpx.Headers(started[0]["headers"])


def test_others_have_a_turn_while_a_large_answer_is_compressed() -> None:
    turns = 0
    scope: dict[str, Any] = {"type": "http", "method": "GET", "path": "/", "headers": [(b"accept-encoding", b"gzip")]}
    body = "".join(f"{number * 7919 % 10_007};" for number in range(800_000)).encode()
    received = bytearray()

    async def send(message: Message) -> None:
        received.extend(message.get("body", b""))

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async def both() -> None:
        other = asyncio.create_task(others())
        await Compression(respond(Request(scope), ready_answer(body, "text/csv")))(scope, receive, send)
        other.cancel()

    asyncio.run(both())
    assert gzip.decompress(received) == body
    assert turns >= len(body) // 300_000
