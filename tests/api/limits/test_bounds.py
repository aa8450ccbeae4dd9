"""A request has bounds until it is complete, and nobody's connections keep another visitor out."""

from __future__ import annotations

import asyncio
import gc
import socket
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from time import monotonic

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from api.http.server import BoundedServer
from api.limits.connections import Bounds, Connections, most_connections
from api.limits.visitor_network import NotVisitors
from geodata.security.networks import parse
from tests.fixtures.support import wait_until

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
LARGE = 16 * 1024 * 1024


async def here(_: Request) -> Response:
    return PlainTextResponse("here")


async def form(request: Request) -> Response:
    try:
        return PlainTextResponse(str(len(await request.body())))
    except ClientDisconnect:
        return Response()


async def stream(_: Request) -> Response:
    async def pieces():
        yield b"first"
        await asyncio.Event().wait()

    return StreamingResponse(pieces())


async def large(_: Request) -> Response:
    return Response(b"x" * LARGE)


async def who(request: Request) -> Response:
    return PlainTextResponse(f"of {request.client.host}." if request.client else "of nobody.")


async def soon(_: Request) -> Response:
    await asyncio.sleep(0.005)
    return PlainTextResponse("soon")


ENDS: list[Exception | None] = []


class Ticking(StreamingResponse):
    """A stream without end that notes how it ended all the same."""

    def __init__(self) -> None:
        async def pieces():
            while True:
                yield b"tick"
                await asyncio.sleep(0.01)

        super().__init__(pieces())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
            ENDS.append(None)
        except RuntimeError as fault:
            ENDS.append(fault)


async def ticking(_: Request) -> Response:
    return Ticking()


APP = Starlette(
    routes=[
        Route("/ticking", ticking),
        Route("/who", who),
        Route("/soon", soon),
        Route("/", here),
        Route("/form", form, methods=["POST"]),
        Route("/stream", stream),
        Route("/large", large),
    ]
)


@dataclass
class Guarded:
    """A server with bounds, and sockets that are its visitors."""

    port: int
    connections: Connections
    stack: ExitStack

    def open(self, *pieces: bytes, timeout_s: float = 10) -> socket.socket:
        found = self.stack.enter_context(socket.create_connection(("127.0.0.1", self.port), timeout_s))
        for piece in pieces:
            found.sendall(piece)
        return found

    def answer(self, *pieces: bytes) -> bytes:
        """Everything that comes until the other end closes."""
        return rest(self.open(*pieces))


def rest(connection: socket.socket) -> bytes:
    found = b""
    try:
        while piece := connection.recv(65536):
            found += piece
    except ConnectionResetError:
        pass
    return found


def until(connection: socket.socket, end: bytes) -> None:
    """Read pieces up to and with `end`."""
    found = b""
    while end not in found:
        piece = connection.recv(65536)
        assert piece, f"closed after {found[-100:]!r}"
        found += piece


@contextmanager
def guarded(bounds: Bounds, host: str = "127.0.0.1") -> Generator[Guarded]:
    connections = Connections(bounds)
    config = uvicorn.Config(APP, host=host, port=0, log_level="critical", lifespan="off", timeout_graceful_shutdown=1)
    server = BoundedServer(config, lambda: None, connections=connections)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        wait_until(lambda: server.started)
        with ExitStack() as stack:
            yield Guarded(server.servers[0].sockets[0].getsockname()[1], connections, stack)
    finally:
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="module")
def usual() -> Iterator[Guarded]:
    with guarded(Bounds()) as running:
        yield running


@pytest.fixture
def make() -> Iterator[Callable[..., Guarded]]:
    with ExitStack() as stack:
        yield lambda **bounds: stack.enter_context(guarded(Bounds(**bounds)))


def test_a_server_on_all_addresses_has_those_of_ipv4_too_and_names_them_as_such() -> None:
    with guarded(Bounds(), host="::") as everywhere:
        for address in ("127.0.0.1", "::1"):
            with socket.create_connection((address, everywhere.port), 10) as visitor:
                visitor.sendall(b"GET /who HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                assert f"of {address}.".encode() in rest(visitor)


def test_who_hangs_up_with_more_asked_behind_a_stream_is_no_fault(make: Callable[..., Guarded]) -> None:
    visitor = make().open(b"GET /ticking HTTP/1.1\r\nHost: a\r\n\r\n", GET, GET)
    assert visitor.recv(1000)
    visitor.close()
    wait_until(lambda: bool(ENDS), what="the end of the stream")
    assert ENDS == [None]


def test_answered_requests_are_forgotten_while_others_follow_without_a_pause(usual: Guarded) -> None:
    visitor, asked = usual.open(), GET.replace(b"/ ", b"/soon ", 1)
    visitor.sendall(asked * 8)
    answered, found = 0, b""
    while answered < 100:
        found += visitor.recv(65536)
        more = found.count(b"\r\n\r\nsoon")
        found = found.rpartition(b"\r\n\r\nsoon")[2]
        answered += more
        for _ in range(more):
            visitor.sendall(asked)
    gc.collect()  # what is only waiting for it is forgotten, of other tests' visitors too
    cycles = [one for one in gc.get_objects() if isinstance(one, RequestResponseCycle)]
    kept = [one for one in cycles if one.response_complete and one.scope["path"] == "/soon"]
    assert len(kept) < 20


def field(size: int) -> bytes:
    return b"a: " + b"x" * size + b"\r\n"


CHUNKED = b"POST /form HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
TOO_MUCH = {
    "a head without end": (431, [b"GET / HTTP/1.1\r\n", *[field(1000)] * 40]),
    "a complete head": (431, [b"GET / HTTP/1.1\r\n" + field(1000) * 33 + b"\r\n"]),
    "a header without end": (431, [b"GET / HTTP/1.1\r\na: ", *[b"x" * 4000] * 20]),
    "a long address": (431, [b"GET /?" + b"x" * 33_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n"]),
    "an address without end": (431, [b"GET /", *[b"x" * 4000] * 20]),
    "the head of a second request": (431, [GET, b"GET / HTTP/1.1\r\n", *[field(1000)] * 40]),
    "a body that is announced": (413, [b"POST /form HTTP/1.1\r\nContent-Length: 10000000\r\n\r\n"]),
    "a body that is sent": (413, [b"POST /form HTTP/1.1\r\nContent-Length: 2000000\r\n\r\n", b"x" * 2_000_000]),
    "a body of GET": (413, [b"GET / HTTP/1.1\r\nContent-Length: 10000000\r\n\r\n", b"x" * 10_000_000]),
    "a body in chunks": (413, [CHUNKED, *[b"8000\r\n" + b"x" * 0x8000 + b"\r\n"] * 40]),
    "a body in tiny chunks": (413, [CHUNKED, *[b"1\r\nx\r\n" * 10_000] * 20]),
    "fields after a body": (413, [CHUNKED + b"1\r\nx\r\n0\r\n", *[field(30_000)] * 40]),
    "no HTTP": (400, [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20]),
    "a size below zero": (400, [b"POST /form HTTP/1.1\r\nContent-Length: -1\r\n\r\n"]),
}


@pytest.mark.parametrize("what", TOO_MUCH)
def test_too_much_is_refused_and_the_connection_closed(usual: Guarded, what: str) -> None:
    status, pieces = TOO_MUCH[what]
    begun = monotonic()
    visitor = usual.open()
    try:
        for piece in pieces:
            visitor.sendall(piece)
    except (BrokenPipeError, ConnectionResetError):
        pass
    answers = rest(visitor)
    assert monotonic() - begun < 5
    assert f"HTTP/1.1 {status} ".encode() in answers
    assert b"connection: close" in answers
    assert answers.endswith(b".\n")


@pytest.mark.parametrize(
    "request_",
    [
        b"GET / HTTP/1.1\r\nConnection: close\r\n" + field(1000) * 30 + b"\r\n",
        b"GET /?" + b"x" * 30_000 + b" HTTP/1.1\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nConnection: close\r\nContent-Length: 100000\r\n\r\n" + b"x" * 100_000,
        b"POST /form HTTP/1.1\r\nConnection: close\r\nContent-Length: 1000000\r\n\r\n" + b"x" * 1_000_000,
        b"\r\n" + GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"),
        GET * 20 + GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"),
        GET.replace(b"\r\n\r\n", b"\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"),
    ],
)
def test_what_is_within_the_bounds_is_answered(usual: Guarded, request_: bytes) -> None:
    assert usual.answer(request_).startswith(b"HTTP/1.1 200 ")


def test_a_request_in_small_pieces_is_answered(usual: Guarded) -> None:
    pieces = [bytes([byte]) for byte in GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")]
    assert usual.answer(*pieces).startswith(b"HTTP/1.1 200 ")


def test_requests_without_end_before_the_first_answer_are_cut_off(usual: Guarded) -> None:
    assert usual.answer(GET * 2000).count(b"200 OK") < 100


SLOW = {
    "silent": b"",
    "half a line": b"GET / HT",
    "half a head": b"GET / HTTP/1.1\r\nHost: a\r\n",
    "empty lines": b"\r\n\r\n",
    "half a body": b"POST /form HTTP/1.1\r\nContent-Length: 10\r\n\r\n12345",
    "half a body of GET": b"GET /stream HTTP/1.1\r\nContent-Length: 10\r\n\r\n12345",
    "half a second head": GET + b"GET / HTTP/1.1\r\n",
    "half a chunk": CHUNKED + b"8\r\n123",
}


def test_who_does_not_go_on_is_closed_also_who_drips(make: Callable[..., Guarded]) -> None:
    server = make(head_s=1, body_s=1, idle_s=5, linger_s=1)
    visitors = {what: server.open(begun) for what, begun in SLOW.items()}
    begun, dripping = monotonic(), server.open(b"GET / HTTP/1.1\r\na: ")
    stream_of_one = server.open(GET.replace(b"/", b"/stream", 1))
    with suppress(BrokenPipeError, ConnectionResetError):
        while monotonic() - begun < 10:
            dripping.sendall(b"x")
            threading.Event().wait(0.1)
    answers = {what: rest(visitor) for what, visitor in visitors.items()}
    assert monotonic() - begun < 10
    assert answers["silent"] == answers["empty lines"] == b""
    told = {what for what, answer in answers.items() if b" 408 " in answer}
    assert told == {what for what in SLOW if what.startswith("half") and "GET" not in what}
    wait_until(lambda: len(server.connections) == 1, what="all but the stream to be forgotten")
    until(stream_of_one, b"first")


def test_an_answer_that_nobody_takes_ends(make: Callable[..., Guarded]) -> None:
    server = make(send_s=1)
    reader, sleeper = server.open(), server.open()
    sleeper.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    for visitor in (reader, sleeper):
        visitor.sendall(b"GET /large HTTP/1.1\r\nConnection: close\r\n\r\n")
    assert len(rest(reader)) > LARGE
    wait_until(lambda: len(server.connections) == 0, what="the sleeper to be closed")
    assert server.connections.refused == {"answer-not-taken": 1}


def test_the_oldest_who_waits_makes_room_for_a_new_visitor_and_nobody_who_is_answered(
    make: Callable[..., Guarded],
) -> None:
    server = make(connections=10)
    listener = server.open(GET.replace(b"/", b"/stream", 1))
    until(listener, b"first")
    waiting = [server.open(b"GET /" if number % 2 else b"") for number in range(9)]
    wait_until(lambda: len(server.connections) == 10)
    for _ in range(5):
        visitor = server.open(GET)
        assert visitor.recv(65536).startswith(b"HTTP/1.1 200 ")
    assert [rest(closed) for closed in waiting[:5]] == [b""] * 5
    assert len(server.connections) == 10
    assert (server.connections.refused, server.connections.gave_way) == ({}, {"connections": 5})
    for still in waiting[5:]:
        still.sendall(b"x" if still in waiting[1::2] else b"GET /x")
    listener.settimeout(0.2)
    with pytest.raises(TimeoutError):
        listener.recv(1)


def test_when_all_are_answered_a_further_visitor_is_told_to_come_again(make: Callable[..., Guarded]) -> None:
    server = make(connections=2)
    for _ in range(2):
        until(server.open(GET.replace(b"/", b"/stream", 1)), b"first")
    answer = server.answer()
    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b"retry-after: 5\r\n" in answer
    assert (server.connections.refused, server.connections.gave_way) == ({"connections": 1}, {})


def test_one_network_has_a_bound_of_its_own_which_takes_nothing_from_others(make: Callable[..., Guarded]) -> None:
    server = make(connections_per_network=3, exempt=())
    for _ in range(3):
        until(server.open(GET.replace(b"/", b"/stream", 1)), b"first")
    assert server.answer().startswith(b"HTTP/1.1 503 ")


class Visitor:
    """A connection, as far as the counting knows one."""

    def __init__(self, address: str, *, is_waiting: bool = True) -> None:
        self.address = address
        self.is_waiting = is_waiting
        self.is_closed = False

    def give_way(self) -> None:
        self.is_closed = True

    def look(self, now: float) -> None:
        """Nothing is late here."""


def test_a_network_gives_way_to_itself_and_is_the_64_of_an_address() -> None:
    connections = Connections(Bounds(connections=100, connections_per_network=2))
    neighbours = [Visitor(f"2001:db8::{number}") for number in range(3)]
    others = [Visitor("2001:db8:0:1::1"), Visitor("192.0.2.1"), Visitor("::ffff:192.0.2.1"), Visitor("192.0.2.2")]
    local = [Visitor(address) for address in ("127.0.0.1", "::1", "::ffff:127.0.0.1", "") for _ in range(5)]
    assert all(connections.admit(one) for one in [*neighbours, *others, *local])
    assert [one.is_closed for one in neighbours] == [True, False, False]
    assert not any(one.is_closed for one in [*others, *local])
    for one in [*neighbours, *others, *local]:
        connections.leave(one)
    assert len(connections) == 0
    assert connections._of_network == {}


def test_a_trusted_proxy_counts_among_all_only() -> None:
    connections = Connections(Bounds(connections=5, connections_per_network=2, exempt=NotVisitors(parse("10.0.0.1"))))
    assert all(connections.admit(Visitor("10.0.0.1", is_waiting=False)) for _ in range(5))
    assert not connections.admit(Visitor("10.0.0.1", is_waiting=False))
    assert not connections.admit(Visitor("192.0.2.1", is_waiting=False))


@pytest.mark.parametrize(("open_files", "most"), [(256, 192), (1024, 768), (16_384, 10_000), (1_048_576, 10_000)])
def test_connections_leave_a_quarter_of_the_open_files_to_all_the_rest(open_files: int, most: int) -> None:
    assert most_connections(open_files) == most
