"""A request has bounds of size until it is complete, and what is within them is answered."""

from __future__ import annotations

from time import monotonic

import pytest

from tests.api.limits.bounded_server import CHUNKED, GET, Guarded, rest


def field(size: int) -> bytes:
    return b"a: " + b"x" * size + b"\r\n"


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
