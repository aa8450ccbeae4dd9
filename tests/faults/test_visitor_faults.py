"""Visitors who open connections and say nothing, or only half of it, take nothing from another one."""

from __future__ import annotations

import resource
import socket
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.faults.conftest import note, seconds_since
from tests.faults.harness.readiness import Watch, Web
from tests.faults.harness.report import Entry
from tests.fixtures.process.waiting import wait_until

long = pytest.mark.long

_HALF_A_HEAD = b"GET / HTTP/1.1\r\nHost: trail\r\n"
_HALF_A_FORM = b"POST /staff/login HTTP/1.1\r\nHost: trail\r\nContent-Length: 1000\r\n\r\nname=a"
_HEAD_S, _BODY_S = 10, 30


@pytest.fixture
def watched(tmp_path: Path, database_url: str) -> Iterator[tuple[Web, Watch]]:
    """`digitalpfad web`, ready, and who asks its /readyz all the time."""
    web = Web(tmp_path, database_url).start()
    watch = Watch(web)
    try:
        wait_until(lambda: watch.settled, 30, "the web process to be ready")
        yield web, watch
    finally:
        watch.end()
        web.kill()


class Crowd:
    """Connections of visitors who do not go on."""

    def __init__(self, port: int, stack: ExitStack) -> None:
        self._port, self._stack = port, stack

    def open(self, count: int, beginning: bytes = b"") -> list[socket.socket]:
        """``count`` connections, each with the beginning of a request."""
        return [self._one(beginning) for _ in range(count)]

    def _one(self, beginning: bytes) -> socket.socket:
        connection = self._stack.enter_context(socket.create_connection(("127.0.0.1", self._port), timeout=10))
        connection.sendall(beginning)
        return connection


def still_open(connections: Sequence[socket.socket]) -> int:
    """How many the other end has not closed."""
    count = 0
    for connection in connections:
        connection.setblocking(False)
        with suppress(ConnectionResetError):
            try:
                while connection.recv(65536):
                    pass
            except BlockingIOError:
                count += 1
    return count


def page_ms(port: int, times: int) -> list[float]:
    """How long a page took, each time on a connection of its own."""
    found: list[float] = []
    for _ in range(times):
        began = time.perf_counter()
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/")
        answer = connection.getresponse()
        assert answer.status == 200
        assert b"</html>" in answer.read()
        connection.close()
        found.append((time.perf_counter() - began) * 1000)
    return found


def enter(fault: str, happened: str, recovery_s: float, watch: Watch) -> None:
    """A row of the table; nothing but "ready" may have been told."""
    watch.end()
    assert watch.seen == set(), f"{fault}: {sorted(watch.seen)}"
    note(Entry(fault, "web", happened, "web: ready", recovery_s, "every page answered"))


@pytest.mark.parametrize(
    ("silent", "half", "forms"), [(300, 50, 20), pytest.param(1500, 200, 100, marks=long)], ids=["short", "long"]
)
@pytest.mark.timeout(300)
def test_silent_visitors_and_half_requests_keep_no_page_from_others_and_are_closed(
    watched: tuple[Web, Watch], silent: int, half: int, forms: int
) -> None:
    web, watch = watched
    page_ms(web.port, 10)
    alone = page_ms(web.port, 100)
    with ExitStack() as stack:
        crowd, began = Crowd(web.port, stack), time.monotonic()
        silent_ones = crowd.open(silent)
        half_sent = crowd.open(half, _HALF_A_HEAD)
        half_forms = crowd.open(forms, _HALF_A_FORM)
        beside = page_ms(web.port, 100)
        waiting = [*silent_ones, *half_sent]
        wait_until(lambda: still_open(waiting) == 0, 2 * _HEAD_S, "silent and half-sent ones to be closed")
        closed_s = seconds_since(began)
        if silent > 1000:
            wait_until(lambda: still_open(half_forms) == 0, 2 * _BODY_S, "half-sent forms to be closed")
        after = time.monotonic()
        page_ms(web.port, 1)
    one, other = statistics.median(alone), statistics.median(beside)
    enter(
        "visitors: silent, and with half a request",
        f"{silent} silent, {half} half-sent and {forms} half-sent forms beside it: a page in {other:.1f} ms,"
        f" slowest {max(beside):.1f} ms (alone {one:.1f} and {max(alone):.1f}: {other / one:.2f} times);"
        f" closed after {closed_s:.1f} s",
        seconds_since(after),
        watch,
    )


def test_more_silent_visitors_than_there_are_places_give_way_to_a_new_one(tmp_path: Path, database_url: str) -> None:
    web = Web(tmp_path, database_url).start()
    assert web.process is not None
    resource.prlimit(web.process.pid, resource.RLIMIT_NOFILE, (200, 400))  # before it looks: Python is starting yet
    watch = Watch(web)
    try:
        wait_until(lambda: watch.settled, 30, "the web process to be ready")
        with ExitStack() as stack:
            visitors = Crowd(web.port, stack).open(600)
            answered = page_ms(web.port, 20)
            left = still_open(visitors)
            assert left <= 300  # three quarters of the files that it may open
            after = time.monotonic()
            page_ms(web.port, 1)
        told = f"600 silent, 400 open files: {600 - left} gave way, a page in {statistics.median(answered):.1f} ms"
        enter("visitors: more than there are places", told, seconds_since(after), watch)
    finally:
        watch.end()
        web.kill()
