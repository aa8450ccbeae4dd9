"""docs/proxies.md: the web app behind Debian's nginx, Caddy and Apache, each with its file of deploy/."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from api.http.server import BoundedServer
from digitalpfad.config.model import Settings
from digitalpfad.process import web
from digitalpfad.process.serving import Serving
from geodata.store.database import Database
from tests.dashboards.office import PASSWORD, hire
from tests.fixtures.databases.database import url_of
from tests.fixtures.process.ports import free_port
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.web import certificates, proxies
from tests.fixtures.web.certificates import NAME
from tests.fixtures.web.hikers import PONDS, write_observations
from tests.fixtures.web.serving import serve

VISITOR, FORGED = "127.0.0.9", "203.0.113.66"
SNI = {"sni_hostname": NAME}
PROXIES = (proxies.nginx, proxies.caddy, proxies.apache)


@dataclass
class Public:
    """The web app, as the public reaches it through a proxy; ``seen``: address and scheme of each request in it."""

    visitor: httpx.Client
    ports: dict[str, int]
    folder: Path
    seen: list[tuple[str, str]]
    stop_web_app: Callable[[], None]

    @property
    def secure(self) -> str:
        return f"https://127.0.0.1:{self.ports['443']}"

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.visitor.get(self.secure + path, headers=headers, extensions=SNI)

    @property
    def logs(self) -> str:
        return "".join(path.read_text() for path in self.folder.glob("*.log"))


@contextmanager
def web_app(settings: Settings, seen: list[tuple[str, str]]) -> Generator[Callable[[], None]]:
    """The web app as `digitalpfad web` composes it; yields what stops it."""
    process = web.create(settings)

    async def noting(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            seen.append((scope["client"][0], scope["scheme"]))
        await process.app(scope, receive, send)

    config = uvicorn.Config(
        noting, host="127.0.0.1", port=settings.port, log_config=None, timeout_graceful_shutdown=5,
        **Serving(settings).options,
    )  # fmt: skip
    with serve(BoundedServer(config, process.end_streams), process.end_streams) as served:
        yield served.stop


@pytest.fixture(params=PROXIES, ids=lambda proxy: proxy.__name__)
def public(request: pytest.FixtureRequest, demo_trail: None, database_url: str, tmp_path: Path) -> Iterator[Public]:
    proxy: Callable[[Path, dict[str, int]], AbstractContextManager[None]] = request.param
    ports = {port: free_port() for port in ("80", "443", "8883", "8080", "1883")}
    settings = Settings.model_validate(
        {
            "database_url": url_of(database_url),
            "port": ports["8080"],
            "base_url": f"https://{NAME}",
            "trusted_proxies": "127.0.0.1",
        }
    )
    chain, _ = certificates.make(tmp_path)
    seen: list[tuple[str, str]] = []
    with ExitStack() as stack:
        stop = stack.enter_context(web_app(settings, seen))
        stack.enter_context(proxy(tmp_path, ports))
        trusted = ssl.create_default_context(cafile=chain)
        transport = httpx.HTTPTransport(verify=trusted, local_address=VISITOR)
        visitor = stack.enter_context(httpx.Client(transport=transport, headers={"host": NAME}, timeout=10))
        reached = Public(visitor, ports, tmp_path, seen, stop)
        wait_until(lambda: _is_up(reached), 20, proxy.__name__)
        yield reached


def _is_up(public: Public) -> bool:
    try:
        return public.get("/healthz", Connection="close").status_code == 200  # nothing stays open for the test
    except httpx.TransportError:
        return False


def test_the_public_side_is_secure_live_and_keeps_no_address(public: Public, database: Database) -> None:
    assert [certificates.accepts_version(public.ports["443"], one) for one in certificates.OLD] == [False, False]
    assert [certificates.accepts_version(public.ports["443"], one) for one in certificates.NEW] == [True, True]

    plain = public.visitor.get(f"http://127.0.0.1:{public.ports['80']}/s/{PONDS}?lang=en")
    assert plain.status_code in {301, 308}
    location = plain.headers["location"].replace(f":{public.ports['443']}", "")  # it is 443 where nobody tests
    assert location == f"https://{NAME}/s/{PONDS}?lang=en"

    page = public.get(f"/s/{PONDS}")
    assert page.status_code == 200
    assert page.headers["strict-transport-security"]
    assert page.headers["content-security-policy"]
    trails = public.get("/api/v1/trails").json()
    assert trails["features"][0]["properties"]["page"].startswith(f"https://{NAME}/t/")
    assert public.get("/staff").headers["location"] == "/staff/", "a redirect keeps to the public scheme and name"

    hire(database, "frieda")
    login = {"name": "frieda", "password": PASSWORD}
    headers = {"origin": f"https://{NAME}"}
    signed_in = public.visitor.post(f"{public.secure}/staff/login", data=login, headers=headers, extensions=SNI)
    assert signed_in.status_code == 303
    assert signed_in.headers["set-cookie"].startswith("__Host-")
    assert "Secure" in signed_in.headers["set-cookie"]

    public.seen.clear()
    for forged in (FORGED, f"{FORGED}, {FORGED}"):
        assert public.get("/", **{"x-forwarded-for": forged, "x-forwarded-proto": "http"}).status_code == 200
    assert public.seen == [(VISITOR, "https")] * 2
    assert public.get("/metrics").status_code == 200, "this test's visitor is of this machine"

    with public.visitor.stream("GET", f"{public.secure}/api/v1/live?station={PONDS}", extensions=SNI) as events:
        assert events.headers["content-type"].startswith("text/event-stream")
        lines = events.iter_lines()
        write_observations(database, [("pegel-04", "water_level", datetime.now(UTC), 41.0)])
        assert any("water_level" in line for line in lines)
    public.stop_web_app()
    for path in ("/", f"/s/{PONDS}?lang=en"):
        down = public.get(path, Connection="close")
        assert down.status_code in {502, 503}
        assert (down.headers["retry-after"], down.headers["cache-control"]) == ("60", "no-store")
        for said in ("Gleich wieder da", "In Leichter Sprache", "Back in a moment"):
            assert said in down.text
    assert VISITOR not in public.logs
    assert FORGED not in public.logs


@pytest.mark.parametrize("public", [proxies.apache], indirect=True)
def test_apache_answers_a_page_beside_300_unfinished_handshakes_of_one_address_and_ends_them(public: Public) -> None:
    with ExitStack() as stack:
        https = ("127.0.0.1", int(public.ports["443"]))
        unfinished = [stack.enter_context(socket.create_connection(https, timeout=20)) for _ in range(300)]
        for one in unfinished:
            one.sendall(b"\x16")  # with no byte at all, Linux would keep them from Apache for half a minute
        # Each on its own connection: a busy Apache ends those that wait for a next request, and browsers ask again.
        answers = [public.get(path, Connection="close") for path in ("/", f"/s/{PONDS}")]
        assert [answer.status_code for answer in answers] == [200, 200]
        assert unfinished[0].recv(1) == b"", "closed, not timed out"
