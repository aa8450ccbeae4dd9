"""How often one network may ask for what costs more than an answer from memory.

Kept for a minute in memory, by network and nowhere else; each web process counts for itself. The figures leave room for
a school class behind one address.
"""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections.abc import AsyncGenerator, Container
from contextlib import asynccontextmanager
from enum import Enum
from typing import Any
from weakref import WeakValueDictionary

from starlette.requests import HTTPConnection

from api.limits.moving_window import MonotonicClock, MovingWindow
from api.limits.places import address_of
from api.limits.visitor_network import LOOPBACK, network_of
from geodata.errors import DigitalpfadError

_MINUTE_S = 60.0
_SERIES_AT_ONCE = 4  # of the 8 connections to the database, and of the 40 threads for everything that waits
_SERIES_OF_NETWORK = 2


class Costly(Enum):
    """Kinds of reads; the value is how many a network may have in a minute."""

    SERIES = 120
    """PlainRequest of the database, up to 50 000 rows."""
    CALENDAR = 300
    """Put together anew: closures at any moment, and as a calendar."""
    REPORT = 10
    """A problem that somebody tells of, written into the database, with a picture to decode."""
    LATE_SCANS = 20
    """Scans of pages that phones opened without a network, up to 50 at once."""
    SEARCH = 3000
    """Stations near a point or in a box, looked up in memory."""


class TooManyRequests(DigitalpfadError):
    """Too many questions of this kind came from this network within a minute. Ask again a little later."""

    def __init__(self, wait_s: int) -> None:
        """``wait_s``: seconds until one more is answered."""
        super().__init__()
        self.wait_s = wait_s


class ReadLimits:
    """Counts costly reads; addresses in ``exempt`` are free."""

    def __init__(self, monotonic_s: MonotonicClock = time.monotonic, exempt: Container[str] = LOOPBACK) -> None:
        self._exempt = exempt
        self._lock = threading.Lock()
        self._windows = {kind: MovingWindow(kind.value, _MINUTE_S, monotonic_s) for kind in Costly}
        self._turns = asyncio.Semaphore(_SERIES_AT_ONCE)
        self._turns_of_network: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    def take(self, kind: Costly, address: str) -> None:
        """Count one read; raise TooManyRequests where the network has had its share. A refused one counts not."""
        if address in self._exempt:
            return
        key, window = (network_of(address),), self._windows[kind]
        with self._lock:
            wait_s = window.wait_s(key)
            if wait_s > 0:
                raise TooManyRequests(math.ceil(wait_s))
            window.take(key)

    def take_of(self, kind: Costly, request: HTTPConnection) -> None:
        """Count one read of whoever sent ``request``; raise TooManyRequests where the network has had its share."""
        self.take(kind, address_of(request))

    @asynccontextmanager
    async def series_turn(self, address: str) -> AsyncGenerator[None]:
        """A turn to read a series; who waits takes no thread from anybody. From the event loop.

        A network's further ones wait for its own, not before those of others.
        """
        if address in self._exempt:
            async with self._turns:
                yield
            return
        network = network_of(address)
        own = self._turns_of_network.get(network)
        if own is None:  # kept while somebody waits for it
            own = self._turns_of_network[network] = asyncio.Semaphore(_SERIES_OF_NETWORK)
        async with own, self._turns:
            yield


REFUSED: dict[str, Any] = {"e429": "More than a network may ask in a minute; `Retry-After` says when to come again."}
"""For the documented errors of these reads."""
