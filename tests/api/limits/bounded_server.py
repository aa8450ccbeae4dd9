"""A web server with bounds for its connections, in a thread, and sockets that are its visitors."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from api.http.server import BoundedServer
from api.limits.connections import Bounds, Connections
from tests.fixtures.web.serving import serve

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
CHUNKED = b"POST /form HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
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
    with serve(server) as served, ExitStack() as stack:
        yield Guarded(served.port, connections, stack)
