"""Connections that speak TLS: each has its place among all from its arrival, not only once TLS is agreed.

Listening with ``ssl`` the event loop tells of a connection after the handshake alone: who never begins one would count
nowhere. So it is accepted here, takes a place or is closed, and only then given to the loop.
"""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress

import structlog

from api.limits.bounded_http import BoundedHttp
from api.limits.connections import Connections
from api.limits.visitor_network import as_written

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

_AT_ONCE = 64  # accepted before others of the loop have their turn
_REST_S = 0.2
_GONE_ALREADY = frozenset({errno.EAGAIN, errno.EINTR, errno.ECONNABORTED, errno.EPROTO})


class Handshake:
    """A connection until TLS is agreed; among all it is one that waits for its visitor."""

    is_waiting = True

    def __init__(self, connection: socket.socket, address: str, all_connections: Connections) -> None:
        self.address = address
        self._connection = connection
        self._all = all_connections
        self._is_over = False

    async def agree(self, protocol: BoundedHttp, context: ssl.SSLContext, within_s: float) -> None:
        """Agree on TLS and hand the connection to ``protocol``, or close it."""
        protocol.handshake = self
        try:
            await asyncio.get_running_loop().connect_accepted_socket(
                lambda: protocol,
                self._connection,
                ssl=context,
                ssl_handshake_timeout=within_s,
                ssl_shutdown_timeout=self._all.bounds.linger_s,
            )
        except OSError:  # ssl's are such too
            if not self._is_over:
                self._all.count("no-tls")
        except Exception:  # noqa: BLE001 - one connection, and nobody awaits this
            self._connection.close()
            _log.exception("tls-connection-failed")
        finally:
            self.hand_over()

    def hand_over(self) -> None:
        """The protocol has the connection from now on, and takes a place of its own; or it is closed."""
        self._is_over = True
        self._all.leave(self)

    def give_way(self) -> None:
        """Close at once: the loop finds its end, whatever it was about to do with it."""
        if not self._is_over:
            self._is_over = True
            with suppress(OSError):  # gone already
                self._connection.shutdown(socket.SHUT_RDWR)

    def look(self, now: float) -> None:
        """The loop bounds the time."""


class TlsListener:
    """What uvicorn takes for a server of asyncio."""

    def __init__(
        self,
        sockets: list[socket.socket],
        protocol: Callable[[], BoundedHttp],
        context: ssl.SSLContext,
        all_connections: Connections,
        *,
        handshake_s: float,
    ) -> None:
        """Begin to accept from ``sockets``, which listen already."""
        self.sockets = sockets
        self._protocol, self._context, self._handshake_s = protocol, context, handshake_s
        self._all = all_connections
        self._beginning: dict[asyncio.Task[None], Handshake] = {}
        self._loop = asyncio.get_running_loop()
        self._is_closed = False
        for listening in sockets:
            listening.settimeout(0)
            self._listen(listening)

    def close(self) -> None:
        """Accept nobody any more, and let those go who are not served yet."""
        self._is_closed = True
        for listening in self.sockets:
            self._loop.remove_reader(listening.fileno())
            listening.close()
        self.sockets = []
        for handshake in self._beginning.values():
            handshake.give_way()

    async def wait_closed(self) -> None:
        """Nothing is left to wait for after close()."""

    def _listen(self, listening: socket.socket) -> None:
        if not self._is_closed:
            self._loop.add_reader(listening.fileno(), self._accept, listening)

    def _accept(self, listening: socket.socket) -> None:
        for _ in range(_AT_ONCE):
            try:
                connection, peer = listening.accept()
            except OSError as error:
                if error.errno not in _GONE_ALREADY:
                    self._rest(listening, error)
                return
            self._admit(connection, as_written(peer[0]))

    def _rest(self, listening: socket.socket, error: OSError) -> None:
        """The connection stays in the queue and would call us at once again."""
        not_accepted(error)
        self._loop.remove_reader(listening.fileno())
        self._loop.call_later(_REST_S, self._listen, listening)

    def _admit(self, connection: socket.socket, address: str) -> None:
        connection.settimeout(0)
        handshake = Handshake(connection, address, self._all)
        if not self._all.admit(handshake):
            connection.close()
            return
        task = self._loop.create_task(handshake.agree(self._protocol(), self._context, self._handshake_s))
        self._beginning[task] = handshake
        task.add_done_callback(self._beginning.pop)


def listening_sockets(host: str | None, port: int) -> list[socket.socket]:
    """A socket for each address of ``host``, as asyncio would open them; raise OSError where one is taken."""
    sockets: list[socket.socket] = []
    kinds = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    try:
        for family, address in dict.fromkeys((kind[0], kind[4]) for kind in kinds):
            sockets.append(socket.create_server(address, family=family))
    except OSError:
        for opened in sockets:
            opened.close()
        raise
    return sockets


def not_accepted(error: OSError) -> None:
    """Say that visitors wait outside; digitalpfad.logs.repeated_lines sums what repeats."""
    hint = "Allow more open files: LimitNOFILE of the unit, or ulimit -n."
    files = error.errno in {errno.EMFILE, errno.ENFILE}
    _log.error("connections-not-accepted", reason=error.strerror, **({"hint": hint} if files else {}))
