"""uvicorn's HTTP with bounds on what comes in until a request is complete, and on answers that nobody takes.

uvicorn gives each connection all the time and memory it asks for. Here each step has its time and size, looked at
once a second, so that an ordinary request costs two comparisons more.
"""

from __future__ import annotations

import asyncio
from enum import Enum, auto
from typing import Any, Protocol, cast

import httptools
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from api.limits.connections import NEVER, Connections
from api.limits.visitor_network import as_written

_SENTENCES = {
    400: "This is no HTTP request.",
    408: "The request was not complete in time.",
    413: "The body of the request is larger than this server reads.",
    431: "The head of the request is larger than this server reads.",
    503: "Too many connections are open. Try again in a moment.",
}
_END_OF_HEAD = b"\r\n\r\n"
_WHY = {400: "no-http", 408: "time", 413: "body-size", 431: "head-size"}  # 503: counted where there is no place


class BoundedState(ServerState):
    """What all connections of a server share."""

    def __init__(self, all_connections: Connections) -> None:
        super().__init__()
        self.all = all_connections


class Awaited(Enum):
    """What has to come next from the visitor."""

    NOTHING = auto()
    HEAD = auto()
    BODY = auto()


NOTHING, HEAD, BODY = Awaited.NOTHING, Awaited.HEAD, Awaited.BODY  # looking a member up is slow


class Before(Protocol):
    """What held the connection's place until now."""

    def hand_over(self) -> None:
        """Give it up."""
        ...


class _Refused(Exception):
    """Ends the parser's work in one of its callbacks."""


class BoundedHttp(HttpToolsProtocol):
    """One connection."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._all = cast("BoundedState", server_state).all
        self._bounds = self._all.bounds
        self._awaited = NOTHING
        self._due = NEVER  # until then what is awaited has to be here, as the event loop counts
        self._chunk = 0  # bytes of the piece that is being read
        self._is_new = False  # whether that piece completes a request
        self._read = 0  # bytes of the head, or of the body; the piece in which the body begins does not count
        self._unfinished: list[RequestResponseCycle] = []  # requests before the latest, sent without waiting
        self._refusal = 0  # the status of the answer after which nothing is read any more
        self._unsent = 0
        self._sent_at = 0.0
        self.address = ""
        self.handshake: Before | None = None
        """That of TLS, where this server speaks it."""

    @property
    def is_waiting(self) -> bool:
        """Whether no complete request is being answered."""
        cycle = self._cycle
        return self._awaited is BODY or cycle is None or cycle.response_complete

    @property
    def _cycle(self) -> RequestResponseCycle | None:
        """The latest request and its answer; there is none before the first."""
        return self.cycle  # pyright: ignore[reportReturnType] - declared as if there always were one

    def connection_made(self, transport: asyncio.Transport) -> None:  # pyright: ignore[reportIncompatibleMethodOverride] - as uvicorn
        """Take a place, or refuse."""
        super().connection_made(transport)
        if self.client:
            self.client = as_written(self.client[0]), self.client[1]
        self.address = self.client[0] if self.client else ""
        self._sent_at = self.loop.time()
        self._due = self._sent_at + self._bounds.head_s
        if self.handshake is not None:
            self.handshake.hand_over()
            self.handshake = None
        if not self._all.admit(self):
            self._refuse(503)

    def connection_lost(self, exc: Exception | None) -> None:
        """Give the place back."""
        self._all.leave(self)
        for cycle in self._unfinished:  # uvicorn tells the latest alone
            cycle.disconnected = True
            cycle.message_event.set()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read a piece of a request, as far as the bounds allow."""
        if self._refusal:
            return
        self._unset_keepalive_if_required()
        self._chunk, self._is_new = len(data), False
        try:
            self.parser.feed_data(data)  # pyright: ignore[reportOptionalMemberAccess] - None after the end only
        except httptools.HttpParserUpgrade:
            self._go_on_without_upgrade()
        except httptools.HttpParserError:
            self._refuse(self._refusal or 400)
        else:
            if self._awaited is not NOTHING:
                self._count(data)
            elif not self._is_new:  # empty lines before a request
                self._await(self._bounds.head_s)

    def _count(self, data: bytes) -> None:
        """A piece is here and the request is not complete."""
        if self._awaited is BODY:
            body_bytes, body_s = self._body_bounds()
            self._await(body_s)
            self._read += len(data)
            if self._read > body_bytes:
                self._refuse(413)
            return
        self._await(self._bounds.head_s)
        before = data.rfind(_END_OF_HEAD)  # of an earlier request in the same piece
        self._read += len(data) if before < 0 else len(data) - before - len(_END_OF_HEAD)
        if self._read > self._bounds.head_bytes:
            self._refuse(431)

    def _await(self, seconds: float) -> None:
        if self._due == NEVER:
            self._due = self.loop.time() + seconds

    def on_message_begin(self) -> None:
        """The first byte of a request."""
        super().on_message_begin()
        self._awaited = HEAD
        self._read = 0

    def on_headers_complete(self) -> None:
        """The head is here: refuse it, or let the application begin."""
        if self._read + self._chunk > self._bounds.head_bytes and self._head_size() > self._bounds.head_bytes:
            self._stop(431)
        for name, value in self.headers:
            if name == b"content-length" and int(value) > self._body_bounds()[0]:
                self._stop(413)
        if len(self.pipeline) >= self._bounds.pipelined:
            self._stop(400)
        before = self._cycle
        super().on_headers_complete()
        if self._unfinished or (before is not None and not before.response_complete):
            earlier = [*self._unfinished, before] if before is not None else self._unfinished
            self._unfinished = [cycle for cycle in earlier if not cycle.response_complete]
        self._awaited = BODY
        self._read = -self._chunk
        self._due = NEVER

    def on_message_complete(self) -> None:
        """The request is here."""
        super().on_message_complete()
        self._awaited = NOTHING
        self._due = NEVER
        self._is_new = True

    def look(self, now: float) -> None:
        """Close if something took too long."""
        unsent = self.transport.get_write_buffer_size()
        if unsent == 0 or self._unsent == 0 or unsent < self._unsent:
            self._sent_at = now
        self._unsent = unsent
        if now - self._sent_at > self._bounds.send_s:
            self._all.count("answer-not-taken")
            self.transport.abort()
        elif now > self._due and (self._refusal or not self.flow.read_paused):  # not while it is we who do not read
            self._end_waiting()

    def _end_waiting(self) -> None:
        if self._refusal:
            self.transport.abort()
        elif self._awaited is NOTHING:  # browsers open some in advance, and take 408 for an answer
            self._all.count("silent")
            self.transport.abort()
        else:
            self._refuse(408)

    def give_way(self) -> None:
        """Close at once for somebody else."""
        self.transport.abort()

    def _go_on_without_upgrade(self) -> None:
        """Answer as if no other protocol had been asked for, and close: what follows might be of that."""
        self._awaited, self._due = NOTHING, NEVER
        if self._cycle is not None:
            self._cycle.keep_alive = False

    def _body_bounds(self) -> tuple[int, float]:
        """Bytes and seconds that the body of this request may take."""
        bounds = self._bounds
        if self.url.partition(b"?")[0].endswith(bounds.upload_ends):
            return bounds.upload_bytes, bounds.upload_s
        return bounds.body_bytes, bounds.body_s

    def _stop(self, status: int) -> None:
        self._refusal = status
        raise _Refused

    def _head_size(self) -> int:
        return len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)

    def _refuse(self, status: int) -> None:
        """Say why and close; nothing is read any more."""
        self._refusal = status
        if status in _WHY:
            self._all.count(_WHY[status])
        self._due = self.loop.time() + self._bounds.linger_s
        cycle = self._cycle
        if cycle is not None and not cycle.response_complete:
            if cycle.response_started or self._awaited is not BODY or self.pipeline:
                self.transport.abort()  # an answer to another request would be torn by this one
                return
            cycle.disconnected = True
            cycle.message_event.set()
        self.flow.resume_reading()  # what still comes is dropped; a closed end is seen only by reading
        self.transport.write(self._refusal_answer(status))
        if status != 503 and self.transport.can_write_eof():
            self.transport.write_eof()  # closed at once, the visitor's system might throw the answer away
        else:
            self.transport.close()

    def _refusal_answer(self, status: int) -> bytes:
        sentence = f"{_SENTENCES[status]}\n".encode()
        lines = [STATUS_LINE[status].rstrip()]
        lines += [name + b": " + value for name, value in self.server_state.default_headers]
        lines += [
            b"content-type: text/plain; charset=utf-8",
            b"content-length: %d" % len(sentence),
            b"cache-control: no-store",
            b"connection: close",
        ]
        if status == 503:
            lines.append(b"retry-after: 5")
        return b"\r\n".join([*lines, b"", sentence])
