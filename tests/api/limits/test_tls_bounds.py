"""With a certificate of its own the web app gives connections their place from their arrival, before any TLS."""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import pytest
import uvicorn

from api.http.server import BoundedServer
from api.limits.connections import Bounds, Connections
from digitalpfad.config.model import Settings
from digitalpfad.process.serving import Serving
from tests.api.limits.bounded_server import APP, rest, until
from tests.checkout import ROOT
from tests.fixtures.process.servers import running
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.web import certificates
from tests.fixtures.web.serving import serve

CLOSE = b"GET /who HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
STREAM = b"GET /stream HTTP/1.1\r\nHost: a\r\n\r\n"


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return certificates.make(tmp_path_factory.mktemp("tls"), sans=f"DNS:{certificates.NAME}")


@dataclass
class Guarded:
    """A server that speaks TLS, and its visitors."""

    port: int
    connections: Connections
    stack: ExitStack

    def silent(self, count: int) -> list[socket.socket]:
        return [self.stack.enter_context(_connected(self.port)) for _ in range(count)]

    def open(self, request: bytes, host: str = "127.0.0.1") -> ssl.SSLSocket:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        found = self.stack.enter_context(context.wrap_socket(_connected(self.port, host)))
        found.sendall(request)
        return found

    def answer(self, host: str = "127.0.0.1") -> bytes:
        with self.open(CLOSE, host) as visitor:  # closed at once: the server waits for its end of TLS
            return rest(visitor)


def _connected(port: int, host: str = "127.0.0.1") -> socket.socket:
    return socket.create_connection((host, port), 10)


@contextmanager
def guarded(pair: tuple[Path, Path], bounds: Bounds, host: str, loop: str) -> Generator[Guarded]:
    settings = Settings.model_validate({"tls_certificate_file": pair[0], "tls_key_file": pair[1]})
    connections = Connections(bounds)
    config = uvicorn.Config(
        APP, host=host, port=0, log_config=None, lifespan="off", loop=loop, timeout_graceful_shutdown=5,
        **Serving(settings).options,
    )  # fmt: skip
    server = BoundedServer(config, lambda: None, connections=connections)
    with serve(server) as served, ExitStack() as stack:
        yield Guarded(served.port, connections, stack)
        begun = monotonic()
        served.stop()
        assert monotonic() - begun < 4, "silent connections do not keep a server from its end"
    assert len(connections) == 0


@pytest.fixture(params=["uvloop", "asyncio"])
def loop(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def closed(silent: list[socket.socket]) -> int:
    for one in silent:
        one.setblocking(False)
    return sum(_is_closed(one) for one in silent)


def _is_closed(one: socket.socket) -> bool:
    try:
        return one.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True


@pytest.mark.parametrize(
    "bounds", [Bounds(connections=20), Bounds(connections_per_network=20, exempt=())], ids=["all", "network"]
)
def test_who_never_begins_tls_counts_from_arrival_and_gives_way(
    pair: tuple[Path, Path], bounds: Bounds, loop: str
) -> None:
    with guarded(pair, bounds, "127.0.0.1", loop) as server:
        silent = server.silent(300)
        wait_until(lambda: closed(silent) == 280, what="all but the latest to be closed")
        assert len(server.connections) == 20
        assert b" 200 " in server.answer()


def test_who_is_answered_keeps_the_place_and_nobody_gets_in_beyond_the_bound(
    pair: tuple[Path, Path], loop: str
) -> None:
    with guarded(pair, Bounds(connections=3), "127.0.0.1", loop) as server:
        streams = [server.open(STREAM) for _ in range(3)]
        for stream in streams:
            until(stream, b"first")
        silent = server.silent(50)
        wait_until(lambda: closed(silent) == 50, what="all to be closed")
        assert len(server.connections) == 3
        for stream in streams:
            stream.close()
        wait_until(lambda: len(server.connections) == 0, what="the places to be free again")
        assert b"of 127.0.0.1." in server.answer()


def test_a_server_with_tls_on_all_addresses_has_those_of_ipv4_too(pair: tuple[Path, Path], loop: str) -> None:
    with guarded(pair, Bounds(), "::", loop) as server:
        for address in ("127.0.0.1", "::1"):
            assert f"of {address}.".encode() in server.answer(address)


def test_what_is_no_tls_gives_its_place_back(pair: tuple[Path, Path], loop: str) -> None:
    with guarded(pair, Bounds(), "127.0.0.1", loop) as server:
        plain = server.silent(2)
        plain[0].sendall(CLOSE)
        plain[1].close()
        wait_until(lambda: len(server.connections) == 0, what="both to be forgotten")
        assert b" 200 " in server.answer()


FEW_FILES = """
import resource, sys
import uvicorn
from api.limits.connections import Bounds, Connections
from api.http.server import BoundedServer
from digitalpfad.process.serving import Serving
from digitalpfad.config.model import Settings
from tests.api.limits.bounded_server import APP

resource.setrlimit(resource.RLIMIT_NOFILE, (100, 100))
given = dict(zip(("tls_certificate_file", "tls_key_file"), sys.argv[2:]))
options = Serving(Settings.model_validate(given)).options
config = uvicorn.Config(APP, host="127.0.0.1", port=0, log_config=None, lifespan="off", **options)


def began():
    print(server.servers[0].sockets[0].getsockname()[1], flush=True)


server = BoundedServer(config, lambda: None, began=began, connections=Connections(Bounds(connections=int(sys.argv[1]))))
server.run()
"""


@pytest.mark.parametrize("speaks_tls", [False, True], ids=["plain", "tls"])
def test_where_no_more_files_can_be_opened_the_log_says_so_and_visitors_get_in_again(
    pair: tuple[Path, Path], tmp_path: Path, *, speaks_tls: bool
) -> None:
    log = tmp_path / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", FEW_FILES, "1000", *(pair if speaks_tls else ())],
            cwd=ROOT, stdout=output, stderr=output, env={"PYTHONPATH": str(ROOT)},
        )  # fmt: skip
    with running(process), ExitStack() as stack:
        wait_until(lambda: log.read_text().endswith("\n"), what="the server")
        server = Guarded(int(log.read_text()), Connections(Bounds()), stack)
        assert "connections-not-accepted" not in log.read_text()
        for one in server.silent(150):
            stack.callback(one.close)
        wait_until(lambda: "connections-not-accepted" in log.read_text(), what="a line of the log")
        assert "LimitNOFILE" in log.read_text()
        stack.pop_all().close()
        server.stack = stack
        if speaks_tls:
            wait_until(lambda: b" 200 " in server.answer(), what="a visitor to be answered")
