"""A request and its answer have bounds of time, also for those who drip; what was answered is forgotten."""

from __future__ import annotations

import gc
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from time import monotonic

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from tests.api.limits.bounded_server import CHUNKED, ENDS, GET, LARGE, Guarded, rest, until
from tests.fixtures.process.waiting import wait_until


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
