"""All open connections of the web process: how many there may be, and which gives way when there are too many.

A connection that waits for its visitor (silent, or with a part of a request) costs its place only and gives way first,
the oldest before the others, so that a new visitor gets in. One whose request is being answered never does.
"""

from __future__ import annotations

import math
from collections.abc import Container
from dataclasses import dataclass, field
from typing import Protocol

from api.limits.visitor_network import LOOPBACK, network_of

NEVER = math.inf

NO_PLACE, NO_PLACE_FOR_NETWORK = "connections", "connections-of-network"
"""Why a new visitor was refused, or one that waited gave way: all places were taken, or all of one network."""

_MOST = 10_000  # of some 10 kB of memory each; 55 kB with TLS, from the handshake's first moment on
_OPEN_FILES = 1024  # what systems allow a process that asks for nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What a visitor may take. Times in seconds, sizes in bytes."""

    head_bytes: int = 32 * 1024
    """Of a request up to the empty line."""
    head_s: float = 10.0
    """From the connection's beginning, or the first byte of a further request, to the empty line."""
    body_bytes: int = 1024 * 1024
    """Far above every form of this system, which have their own bounds."""
    body_s: float = 30.0
    """From the empty line to the end of the body."""
    upload_ends: tuple[bytes, ...] = (b"/report",)
    """How paths end to which a picture may be sent, with the next two bounds instead of the last two."""
    upload_bytes: int = 64 * 1024 * 1024
    """Beyond what is kept of any picture, so that whoever sends a larger one reads why, and their text is not lost."""
    upload_s: float = 600.0
    """A picture of some megabytes at one bar of EDGE."""
    idle_s: int = 5
    """Between an answer and the next request on the same connection."""
    send_s: float = 60.0
    """Without a byte of the answer leaving."""
    linger_s: float = 2.0
    """For the refusal to arrive at somebody who is still sending."""
    pipelined: int = 32
    """Requests sent on one connection before the first is answered."""
    connections: int = _OPEN_FILES * 3 // 4
    connections_per_network: int = 256
    """A school class behind one address opens six for each phone."""
    exempt: Container[str] = field(default=LOOPBACK)
    """Addresses without a bound of their own, such as that of a proxy; they count among all."""


def most_connections(open_files: int) -> int:
    """How many connections fit into a process that may hold ``open_files``; a quarter stays for all the rest."""
    return min(_MOST, open_files * 3 // 4)


class BoundedConnection(Protocol):
    """What is asked of a connection here."""

    address: str

    @property
    def is_waiting(self) -> bool:
        """Whether it waits for its visitor, not its visitor for an answer."""
        ...

    def give_way(self) -> None:
        """Close at once."""
        ...

    def look(self, now: float) -> None:
        """Close if something took too long; ``now`` as the event loop counts."""
        ...


class Connections:
    """The open ones, oldest first, and how many of each network."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self.refused: dict[str, int] = {}
        """How often something was refused, by what was too much."""
        self.gave_way: dict[str, int] = {}
        """How often one that waited gave way to a new visitor, by what was too much."""
        self._open: dict[BoundedConnection, str] = {}
        self._of_network: dict[str, dict[BoundedConnection, None]] = {}

    def __len__(self) -> int:
        return len(self._open)

    def admit(self, connection: BoundedConnection) -> bool:
        """Whether a new connection gets a place; somebody who waits may lose it for that."""
        network = "" if connection.address in self.bounds.exempt else network_of(connection.address)
        neighbours = self._of_network.get(network, {})
        is_free = len(neighbours) < self.bounds.connections_per_network
        if not (is_free or self._make_room(neighbours, NO_PLACE_FOR_NETWORK)):
            return False
        if len(self._open) >= self.bounds.connections and not self._make_room(self._open, NO_PLACE):
            return False
        self._open[connection] = network
        if network:
            self._of_network.setdefault(network, {})[connection] = None
        return True

    def leave(self, connection: BoundedConnection) -> None:
        """It is closed; one that has left already is no error."""
        network = self._open.pop(connection, "")
        if network:
            there = self._of_network[network]
            del there[connection]
            if not there:
                del self._of_network[network]

    def look(self, now: float) -> None:
        """Close those that took too long."""
        for connection in list(self._open):
            connection.look(now)

    def count(self, why: str) -> None:
        """Note a refusal."""
        self.refused[why] = self.refused.get(why, 0) + 1

    def _make_room(self, among: dict[BoundedConnection, str] | dict[BoundedConnection, None], why: str) -> bool:
        oldest = next((connection for connection in among if connection.is_waiting), None)
        if oldest is None:
            self.count(why)
            return False
        self.gave_way[why] = self.gave_way.get(why, 0) + 1
        self.leave(oldest)
        oldest.give_way()
        return True
