"""Nobody who connects to the health port keeps a monitor from it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from http.client import HTTPConnection
from time import monotonic

import pytest
from prometheus_client import CollectorRegistry, Counter

from gateway import health
from gateway.health import Check
from tests.fixtures.process.ports import free_port


@pytest.fixture
def port() -> Iterator[int]:
    registry = CollectorRegistry()
    Counter("digitalpfad_test", "A figure.", registry=registry)
    port = free_port()
    with health.serve("127.0.0.1", port, lambda: [Check("all", ok=True, detail="fine")], registry):
        yield port


def answer(port: int, path: str) -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=4)
    try:
        connection.request("GET", path)
        found = connection.getresponse()
        return found.status, found.read()
    finally:
        connection.close()


def rest(connection: socket.socket) -> bytes:
    found = b""
    with suppress(ConnectionResetError):
        while piece := connection.recv(65536):
            found += piece
    return found


@pytest.mark.parametrize("beginning", [b"", b"GET /readyz HTTP/1.1\r\nHost: a\r\n"])
def test_a_monitor_is_answered_beside_silent_visitors_who_hold_few_threads(port: int, beginning: bytes) -> None:
    before = threading.active_count()
    with ExitStack() as stack:
        crowd = [stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10)) for _ in range(300)]
        for visitor in crowd:
            with suppress(OSError):
                visitor.sendall(beginning)
        begun = monotonic()
        assert answer(port, "/readyz")[0] == 200
        assert b"digitalpfad_test" in answer(port, "/metrics")[1]
        assert monotonic() - begun < 4
        assert threading.active_count() - before <= 40


def test_who_drips_is_closed_and_what_is_too_long_refused(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_HEAD_S", 0.5)
    with ExitStack() as stack:
        dripping, long = [
            stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10)) for _ in range(2)
        ]
        with suppress(OSError):
            long.sendall(b"GET / HTTP/1.1\r\na: " + b"x" * 100_000)
        assert b" 431 " in rest(long)
        begun = monotonic()
        with suppress(BrokenPipeError, ConnectionResetError):
            while monotonic() - begun < 8:
                dripping.sendall(b"x")
                threading.Event().wait(0.05)
        assert monotonic() - begun < 8


def test_who_does_not_wait_for_the_answer_leaves_no_trace(port: int, capfd: pytest.CaptureFixture[str]) -> None:
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", port)) as visitor:
            visitor.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")  # ends with a reset
            visitor.sendall(b"GET /metrics HTTP/1.1\r\n\r\n")
    assert answer(port, "/healthz")[0] == 200
    assert capfd.readouterr() == ("", "")
