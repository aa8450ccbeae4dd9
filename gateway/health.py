"""/healthz, /readyz and /metrics of the gateway process, on a small HTTP port of its own."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from geodata.errors import StartRefused


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be so for the gateway to do its job; ``detail`` says how it is now.

    One that does not ``decide`` calls for somebody, but the gateway can do its job all the same.
    """

    name: str
    ok: bool
    detail: str
    decides: bool = True


@contextmanager
def serve(
    host: str, port: int, checks: Callable[[], list[Check]], registry: CollectorRegistry
) -> Generator[ThreadingHTTPServer]:
    """Answer until the block ends; raise StartRefused when the port is taken."""
    try:
        server = _Server((host, port), checks, registry)
    except OSError as error:
        raise StartRefused(
            f"The gateway's health port {host}:{port} cannot be opened ({error.strerror}). Stop the program that has"
            " it, or choose another port with DIGITALPFAD_GATEWAY_HTTP_PORT."
        ) from error
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, name="health", daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=2)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(
        self, address: tuple[str, int], checks: Callable[[], list[Check]], registry: CollectorRegistry
    ) -> None:
        self.checks = checks
        self.registry = registry
        super().__init__(address, _Handler)


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
        ready = all(check.ok or not check.decides for check in checks)
        body = {
            "status": "ready" if ready else "not ready",
            "checks": {
                check.name: {"ok": check.ok, "detail": check.detail, "decides": check.decides} for check in checks
            },
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
