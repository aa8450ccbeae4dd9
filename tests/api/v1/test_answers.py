"""What every answer has in common: ETag, headers, HEAD, and an error that says nothing of its inside."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse

from api.app import install
from api.http.caches.etag import answer
from api.services import Services
from tests.api.conftest import served
from tests.api.trail import FIRST

READS = [
    "/api",
    "/api/v1/openapi.json",
    "/api/v1/trails",
    "/api/v1/trails/wald",
    "/api/v1/trails/wald/position?lon=8.91&lat=52.05",
    "/api/v1/stations",
    "/api/v1/stations?near=8.9,52",
    f"/api/v1/stations/{FIRST}",
    f"/api/v1/stations/{FIRST}/series?property=rain&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z",
]


@pytest.mark.parametrize("path", READS)
def test_who_has_an_answer_gets_304(shared_client: httpx.Client, path: str) -> None:
    first, again = ask_twice(shared_client, path)
    if again.status_code == 200:  # the ages of a station's values were taken anew in between
        first, again = ask_twice(shared_client, path)
    etag = first.headers["etag"]
    assert first.headers["cache-control"] == "public, no-cache"
    assert etag.removeprefix("W/").startswith('"')
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["etag"] == etag
    assert shared_client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def ask_twice(client: httpx.Client, path: str) -> tuple[httpx.Response, httpx.Response]:
    first = client.get(path)
    return first, client.get(path, headers={"If-None-Match": f'"other", W/{first.headers["etag"].removeprefix("W/")}'})


def test_the_etag_is_another_when_the_bytes_are() -> None:
    assert answer(b"a", "text/plain").etag != answer(b"b", "text/plain").etag
    assert answer(b"a", "text/plain").etag == answer(b"a", "text/plain").etag


@pytest.mark.parametrize("path", [*READS, "/api/v1/nothing", "/api/v1/stations?limit=0", "/healthz", "/metrics"])
def test_every_answer_has_the_security_headers(shared_client: httpx.Client, path: str) -> None:
    headers = shared_client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["referrer-policy"] == "no-referrer"
    assert headers.get("access-control-allow-origin") == ("*" if path.startswith("/api") else None)
    assert "set-cookie" not in headers
    assert "strict-transport-security" not in headers


def test_https_is_made_binding_where_the_public_uses_it(
    make_services: Callable[..., Services], make_client: Callable[[Services], httpx.Client]
) -> None:
    client = make_client(make_services(base_url="https://pfad.example"))
    answer = client.get("/api/v1/stations")
    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")
    assert answer.json()["features"][0]["properties"]["page"] == f"https://pfad.example/s/{FIRST}"


@pytest.mark.parametrize("path", [*READS, "/healthz"])
def test_head_answers_as_get_without_a_body(shared_client: httpx.Client, path: str) -> None:
    answer = shared_client.head(path)
    assert answer.status_code == 200
    assert answer.content == b""
    assert int(answer.headers["content-length"]) > 0


def test_a_script_of_another_site_may_ask_with_an_etag(shared_client: httpx.Client) -> None:
    answer = shared_client.options("/api/v1/stations", headers={"Origin": "https://evil.example"})
    assert answer.status_code == 204
    assert "If-None-Match" in answer.headers["access-control-allow-headers"]
    assert answer.headers["access-control-allow-methods"] == "GET, HEAD"


def test_an_unexpected_error_says_nothing_of_its_inside_and_pages_have_their_own_errors(services: Services) -> None:
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    install(app, services, error_page=lambda request, problem: HTMLResponse(f"<h1>{problem.title}", problem.status))

    @app.get("/api/broken")
    def broken() -> None:
        raise RuntimeError("secret of the inside")

    @app.get("/broken")
    def broken_page() -> None:
        raise RuntimeError("secret of the inside")

    with served(app, services) as client:
        answer = client.get("/api/broken")
        assert answer.status_code == 500
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "secret" not in answer.text
        assert client.get("/nowhere").text == "<h1>Not found"
        page = client.get("/broken")
        assert (page.status_code, page.text) == (500, "<h1>Internal error")


def test_a_problem_is_described_on_the_page_it_points_to(shared_client: httpx.Client) -> None:
    page = shared_client.get("/api").text
    for path in ("/api/v1/stations?limit=0", "/api/v1/stations/ZZZZZZ", "/api/v1/trails/x", "/api/v1/nothing"):
        anchor = shared_client.get(path).json()["type"].removeprefix("/api#")
        assert f'id="{anchor}"' in page
    for path in shared_client.get("/api/v1/openapi.json").json()["paths"]:
        assert path in page
