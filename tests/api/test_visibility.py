"""Figures for those who run the server, the description of the interface, and errors: what the public reads of them."""

from __future__ import annotations

import asyncio
import dataclasses

import httpx
import pytest
from fastapi import FastAPI

from api.services import Services
from digitalpfad.config.model import Settings
from digitalpfad.process import web
from geodata.security.networks import Networks, parse
from tests.api.app import create_api
from tests.fixtures.process.ports import free_port

INSIDE, OUTSIDE = "192.168.7.20", "203.0.113.9"
NONE: dict[str, str] = {}


def asked(app: FastAPI, path: str, client: str, headers: dict[str, str] | None = None) -> httpx.Response:
    """One answer to a caller with that address."""
    transport = httpx.ASGITransport(app, client=(client, 1234), raise_app_exceptions=False)

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url="http://trail.example") as session:
            return await session.get(path, headers=headers)

    return asyncio.run(ask())


@pytest.mark.parametrize("path", ["/metrics", "/api", "/api/v1/openapi.json"])
@pytest.mark.parametrize(
    ("networks", "trusts_proxies", "client", "headers", "status"),
    [
        ("private", False, INSIDE, NONE, 200),
        ("private", False, "::1", NONE, 200),
        ("private", False, OUTSIDE, NONE, 403),
        ("private", False, "127.0.0.1", {"x-forwarded-for": OUTSIDE}, 403),
        ("private", False, "127.0.0.1", {"x-forwarded-for": "127.0.0.1"}, 403),
        ("private", False, "127.0.0.1", {"forwarded": f"for={OUTSIDE}"}, 403),
        ("private", True, "127.0.0.1", {"x-forwarded-for": INSIDE}, 200),
        ("none", False, "127.0.0.1", NONE, 403),
        ("all", False, OUTSIDE, {"x-forwarded-for": OUTSIDE}, 200),
        ("203.0.113.0/24", False, OUTSIDE, NONE, 200),
    ],
)
def test_what_is_for_those_who_run_the_server_is_read_from_their_networks_alone(
    services: Services,
    path: str,
    networks: str,
    trusts_proxies: bool,
    client: str,
    headers: dict[str, str],
    status: int,
) -> None:
    allowed = parse(networks)
    app = create_api(
        dataclasses.replace(
            services,
            metrics_from=allowed if path == "/metrics" else Networks(),
            docs_from=allowed if path != "/metrics" else Networks(),
            trusts_proxies=trusts_proxies,
        )
    )
    answer = asked(app, path, client, headers)
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["type"] == "/api#not-public"
        assert "digitalpfad_" not in answer.text


def test_a_stranger_hears_whether_the_server_can_work_and_not_why(services: Services) -> None:
    app = create_api(dataclasses.replace(services, metrics_from=parse("private")))
    assert asked(app, "/readyz", OUTSIDE).json() == {"ready": True}
    assert {"ready", "dead", "checks", "instance"} == asked(app, "/readyz", INSIDE).json().keys()
    closed = create_api(dataclasses.replace(services, metrics_from=Networks()))
    assert asked(closed, "/readyz", INSIDE).json() == {"ready": True}
    assert "instance" in asked(closed, "/readyz", "127.0.0.1").json(), "the doctor knows its own web app by it"
    assert asked(app, "/healthz", OUTSIDE).json() == {"status": "up"}


def _web(**given: object) -> FastAPI:
    """The web process, whose database is away."""
    url = f"postgresql://postgres@127.0.0.1:{free_port()}/none"
    return web.create(Settings.model_validate({"database_url": url, **given})).app


@pytest.fixture(scope="module")
def process() -> FastAPI:
    return _web()


def test_the_settings_decide_and_by_default_metrics_are_private_and_the_description_public(process: FastAPI) -> None:
    assert asked(process, "/metrics", OUTSIDE).status_code == 403
    assert asked(process, "/api/v1/openapi.json", OUTSIDE).status_code == 200
    app = _web(metrics_from="all", api_docs_from="none")
    assert asked(app, "/metrics", OUTSIDE).status_code == 200
    assert asked(app, "/api/v1/openapi.json", "127.0.0.1").status_code == 403


def _broken(*_: object, **__: object) -> None:
    raise RuntimeError("secret of the inside")


@pytest.mark.parametrize(
    ("path", "breaks"),
    [
        ("/metrics", "api.operations.router.exposition"),
        ("/readyz", "api.operations.router.check"),
        ("/impressum", "api.webapp.views.legal_pages.legal.build"),
        ("/.well-known/security.txt", "api.operations.security_contact.contacts"),
    ],
)
def test_an_error_of_ours_is_told_without_its_text_and_its_trace(
    process: FastAPI, monkeypatch: pytest.MonkeyPatch, path: str, breaks: str
) -> None:
    monkeypatch.setattr(breaks, _broken)
    answer = asked(process, path, "127.0.0.1")
    assert answer.status_code == 500
    for word in ("secret of the inside", "Traceback", "RuntimeError", ".py"):
        assert word not in answer.text


def test_nothing_describes_the_staff_pages_or_shows_a_framework(process: FastAPI) -> None:
    for path in ("/docs", "/redoc", "/openapi.json", "/staff/docs", "/staff/openapi.json", "/debug", "/.git/config"):
        assert asked(process, path, "127.0.0.1").status_code in {303, 404}, path
