"""/healthz, /readyz and /metrics of the gateway process, on a small HTTP port of its own.

Nobody who connects to it takes it from the others, or the gateway's processor from the messages: connections are few
and short, the oldest that says nothing gives way to a new one, and figures are gathered for one asker at a time.
"""

from __future__ import annotations

import io
import json
import socket
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from traceback import format_exc
from typing import Any

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from geodata.errors import StartRefused
from geodata.messages.message import message
from geodata.runtime.worker import Worker

_LOOK_S = 0.1  # so soon the end is seen
_MOST = 32  # connections at once; each holds a thread
_HEAD_BYTES = 8 * 1024
_HEAD_S = 5.0  # from the connection's beginning to the end of the request
_SEND_S = 5.0

_log: structlog.stdlib.BoundLogger = structlog.get_logger("gateway.health")


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
            message(
                "The gateway's health port {address} cannot be opened ({reason}). Stop the program that has it, or"
                " choose another port with {setting[gateway_http_port]}.",
                address=f"{host}:{port}",
                reason=error.strerror,
            )
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
    request_queue_size = 128
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
        self.checking, self.writing = threading.Lock(), threading.Lock()
        self._lock = threading.Lock()
        self._open: dict[socket.socket, bool] = {}  # the oldest first; whether a request is being answered
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Take a connection, if need be in place of one that says nothing."""
        if self._take(request):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def shutdown_request(self, request: Any) -> None:
        """A connection ends."""
        with self._lock:
            self._open.pop(request, None)
        super().shutdown_request(request)

    def answering(self, connection: socket.socket) -> None:
        """The request of a connection is complete: it keeps its place."""
        with self._lock:
            if connection in self._open:
                self._open[connection] = True

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 - the library's signature
        """One that hangs up in the middle is no news; anything else is a fault of ours."""
        if not isinstance(sys.exception(), OSError):
            _log.error("health-request-failed", trace=format_exc())

    def _take(self, connection: socket.socket) -> bool:
        with self._lock:
            if len(self._open) >= _MOST:
                silent = next((each for each, is_answered in self._open.items() if not is_answered), None)
                if silent is None:
                    return False
                del self._open[silent]
                with suppress(OSError):  # it ended this moment
                    silent.shutdown(socket.SHUT_RDWR)
            self._open[connection] = False
            return True


class _Handler(BaseHTTPRequestHandler):
    server: _Server  # pyright: ignore[reportIncompatibleVariableOverride] - only _Server makes handlers
    connection: socket.socket
    server_version = "digitalpfad-gateway"
    sys_version = ""

    def handle(self) -> None:
        """Read one request within the bounds and answer it."""
        head = self._head()
        if head is None:
            return
        self.server.answering(self.connection)
        self.connection.settimeout(_SEND_S)
        if len(head) > _HEAD_BYTES:
            self.wfile.write(b"HTTP/1.0 431 Request Header Fields Too Large\r\nConnection: close\r\n\r\n")
            return
        self.rfile = io.BufferedReader(io.BytesIO(head))
        self.handle_one_request()

    def _head(self) -> bytes | None:
        """A request up to the empty line; more than _HEAD_BYTES of one that is too long, None of one that stops."""
        head, end = b"", time.monotonic() + _HEAD_S
        while b"\r\n\r\n" not in head and b"\n\n" not in head and len(head) <= _HEAD_BYTES:
            self.connection.settimeout(max(end - time.monotonic(), 0.001))
            piece = self.connection.recv(_HEAD_BYTES + 1 - len(head))  # a timeout is an OSError: handle_error
            if not piece:
                return None
            head += piece
        return head

    def do_GET(self) -> None:
        if self.path == "/healthz":
            self._answer(HTTPStatus.OK, "application/json", b'{"status":"up"}')
        elif self.path == "/readyz":
            self._ready()
        elif self.path == "/metrics":
            self._answer(HTTPStatus.OK, CONTENT_TYPE_LATEST, self._figures())
        else:
            self._answer(HTTPStatus.NOT_FOUND, "text/plain", b"Ask for /healthz, /readyz or /metrics.\n")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the standard library's
        """Requests of a monitor are no news."""

    def _figures(self) -> bytes:
        with self.server.writing:
            return generate_latest(self.server.registry)

    def _ready(self) -> None:
        with self.server.checking:
            checks = self.server.checks()
        ready = all(check.ok or not check.decides for check in checks)
        body = {
            "status": "ready" if ready else "not ready",
            "dead": self.server.dead(),
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
