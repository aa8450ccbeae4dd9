"""Places for those who stay: so many in all and for each network, counted from the moment they arrive."""

from __future__ import annotations

from collections.abc import Container, Generator
from contextlib import contextmanager

from starlette.requests import HTTPConnection

from api.limits.visitor_network import LOOPBACK, network_of
from geodata.errors import DigitalpfadError


class TooManyListeners(DigitalpfadError):
    """As many listen already as this server takes. Ask /api/v1/stations/{code} instead, or try again later."""


class Places:
    """Use it from one thread, that of the event loop.

    Addresses in ``exempt``, such as a proxy's, count among all only.
    """

    def __init__(self, most: int, most_of_network: int, exempt: Container[str] = LOOPBACK) -> None:
        self._most = most
        self._most_of_network = most_of_network
        self._exempt = exempt
        self._taken = 0
        self._of_network: dict[str, int] = {}

    def __len__(self) -> int:
        return self._taken

    @contextmanager
    def one(self, address: str) -> Generator[None]:
        """A place until the block ends; raises TooManyListeners."""
        network = "" if address in self._exempt else network_of(address)
        there = self._of_network.get(network, 0)
        if self._taken >= self._most or (network and there >= self._most_of_network):
            raise TooManyListeners
        self._taken += 1
        if network:
            self._of_network[network] = there + 1
        try:
            yield
        finally:
            self._taken -= 1
            if network:
                self._leave(network)

    def _leave(self, network: str) -> None:
        self._of_network[network] -= 1
        if not self._of_network[network]:
            del self._of_network[network]


def address_of(request: HTTPConnection) -> str:
    """Where a request comes from; empty where it is a socket of this machine."""
    return request.client.host if request.client else ""
