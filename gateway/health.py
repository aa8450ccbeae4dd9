"""/healthz, /readyz and /metrics of the gateway process, on a small HTTP port of its own."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from traceback import format_exc

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from geodata.errors import StartRefused
from geodata.worker import Worker

_LOOK_S = 0.1  # so soon the end is seen

_log: structlog.stdlib.BoundLogger = structlog.get_logger("gateway.health")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be so for the gateway to do its job; ``detail`` says how it is now."""

    name: str
    ok: bool
    detail: str


@contextmanager
def serve(
    host: str,
    port: int,
    checks: Callable[[], list[Check]],
    registry: CollectorRegistry,
    dead: Callable[[], list[str]] = list,
) -> Generator[Worker]:
    """Answer until the block ends; raise StartRefused when the port is taken.

    ``dead`` names parts that only a new start of the process brings back.
    """
    try:
        server = _Server((host, port), checks, registry, dead)
    except OSError as error:
        raise StartRefused(
            f"The gateway's health port {host}:{port} cannot be opened ({error.strerror}). Stop the program that has"
            " it, or choose another port with DIGITALPFAD_GATEWAY_HTTP_PORT."
        ) from error
    stopping = threading.Event()
    worker = Worker("health", server.handle_request, stopping)
    worker.start()
    try:
        yield worker
    finally:
        stopping.set()
        worker.join(2)
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    timeout = _LOOK_S

    def __init__(
        self,
        address: tuple[str, int],
        checks: Callable[[], list[Check]],
        registry: CollectorRegistry,
        dead: Callable[[], list[str]],
    ) -> None:
        self.checks = checks
        self.registry = registry
        self.dead = dead
        super().__init__(address, _Handler)

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002 - the library's signature
        """One that hangs up in the middle is no news; anything else is a fault of ours."""
        if not isinstance(sys.exception(), OSError):
            _log.error("health-request-failed", trace=format_exc())


class _Handler(BaseHTTPRequestHandler):
    server: _Server  # pyright: ignore[reportIncompatibleVariableOverride] - only _Server makes handlers
    timeout = 5  # seconds for a request line: an open connection that says nothing holds a thread
    server_version = "digitalpfad-gateway"
    sys_version = ""

    def do_GET(self) -> None:
        if self.path == "/healthz":
            self._answer(HTTPStatus.OK, "application/json", b'{"status":"up"}')
        elif self.path == "/readyz":
            self._ready()
        elif self.path == "/metrics":
            self._answer(HTTPStatus.OK, CONTENT_TYPE_LATEST, generate_latest(self.server.registry))
        else:
            self._answer(HTTPStatus.NOT_FOUND, "text/plain", b"Ask for /healthz, /readyz or /metrics.\n")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the standard library's
        """Requests of a monitor are no news."""

    def _ready(self) -> None:
        checks = self.server.checks()
        ready = all(check.ok for check in checks)
        body = {
            "status": "ready" if ready else "not ready",
            "dead": self.server.dead(),
            "checks": {check.name: {"ok": check.ok, "detail": check.detail} for check in checks},
        }
        status = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
        self._answer(status, "application/json", json.dumps(body).encode())

    def _answer(self, status: HTTPStatus, content_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)
