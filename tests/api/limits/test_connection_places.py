"""Nobody's connections keep another visitor out: who gives way, and how many a network may have."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest

from api.limits.connections import Bounds, Connections, most_connections
from api.limits.visitor_network import NotVisitors
from geodata.security.networks import parse
from tests.api.limits.bounded_server import GET, Guarded, guarded, rest, until
from tests.fixtures.process.waiting import wait_until


def test_a_server_on_all_addresses_has_those_of_ipv4_too_and_names_them_as_such() -> None:
    with guarded(Bounds(), host="::") as everywhere:
        for address in ("127.0.0.1", "::1"):
            with socket.create_connection((address, everywhere.port), 10) as visitor:
                visitor.sendall(b"GET /who HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                assert f"of {address}.".encode() in rest(visitor)


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
    assert (server.connections.refused, server.connections.gave_way) == ({}, {"connections": 5})
    assert len(server.connections) == 10
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
