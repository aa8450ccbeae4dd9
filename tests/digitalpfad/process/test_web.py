"""The web process put together."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from digitalpfad.config.model import Settings
from digitalpfad.process import web
from tests.fixtures.process.ports import free_port


def answer_of(path: str, host: str) -> httpx.Response:
    """One answer of a web process whose database is away."""
    settings = Settings.model_validate({"database_url": f"postgresql://postgres@127.0.0.1:{free_port()}/none"})
    transport = httpx.ASGITransport(web.create(settings).app)

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url="http://trail.example") as client:
            return await client.get(path, headers={"host": host})

    return asyncio.run(ask())


@pytest.mark.parametrize("host", ["evil.example", "evil.example@x:80", "a/b"])
@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/s/", "/s"),
        ("/t/stadtwald/?lang=en", "/t/stadtwald?lang=en"),
        ("/api/v1/trails/", "/api/v1/trails"),
        ("/staff", "/staff/"),
    ],
)
def test_a_redirect_never_leads_to_the_host_that_a_request_names(path: str, target: str, host: str) -> None:
    answer = answer_of(path, host)
    assert answer.status_code == 307
    assert "evil" not in str(answer.headers)
    assert answer.headers["location"] == target
