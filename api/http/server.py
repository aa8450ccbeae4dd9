"""uvicorn with bounds on what each visitor may take, and an end to the streams that would never end by themselves."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import time
from collections.abc import Callable
from types import FrameType
from typing import cast

import uvicorn

from api.limits.bounded_http import BoundedHttp, BoundedState
from api.limits.connections import Bounds, Connections
from api.limits.tls_listener import TlsListener, listening_sockets, not_accepted

_LOOK_AFTER_TICKS = 10
_STILL_S = 60.0
_BACKLOG = 2048  # as uvicorn
_HANDSHAKE_S = 10.0  # asyncio gives 60


class BoundedServer(uvicorn.Server):
    """A server that, when told to stop, first ends its endless streams by ``end_streams``.

    ``look_after`` is called every second in the loop: it takes a moment only and raises nothing. ``began`` is called
    once it answers. It sets in ``config`` what belongs to the bounds of its ``connections``: the protocol, and that
    there are no WebSockets beside it.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        end_streams: Callable[[], None],
        look_after: Callable[[], None] = lambda: None,
        began: Callable[[], object] = lambda: None,
        *,
        connections: Connections | None = None,
    ) -> None:
        super().__init__(config)
        self._end_streams = end_streams
        self._look_after = look_after
        self._began = began
        self._moved_at = time.monotonic()
        self._connections = Connections(Bounds()) if connections is None else connections
        self.server_state = BoundedState(self._connections)
        config.http, config.ws = BoundedHttp, "none"
        config.timeout_keep_alive = self._connections.bounds.idle_s

    @property
    def stands_still(self) -> bool:
        """Whether the event loop has done nothing for a minute; for any thread."""
        return time.monotonic() - self._moved_at > _STILL_S

    async def on_tick(self, counter: int) -> bool:
        """What uvicorn calls ten times a second; True ends it."""
        self._moved_at = time.monotonic()
        if counter % _LOOK_AFTER_TICKS == 0:
            self._look_after()
            _look_for_files()
            self._connections.look(asyncio.get_running_loop().time())
        return await super().on_tick(counter)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer. Who begins no TLS soon is let go, and has a place until then: uvicorn has no such bounds."""
        if self.config.is_ssl:
            loop = asyncio.get_running_loop()
            loop.create_server = self._listen_for_tls  # pyright: ignore[reportAttributeAccessIssue] - of this one loop
        if sockets is None and self.config.host == "::":
            sockets = [_of_both_families(self.config.port)]
        await super().startup(sockets)
        if self.started:
            self._began()

    async def _listen_for_tls(
        self,
        protocol: Callable[[], asyncio.Protocol],
        host: str | None = None,
        port: int = 0,
        *,
        ssl: ssl.SSLContext,
        backlog: int,
        sock: socket.socket | None = None,
    ) -> TlsListener:
        """What uvicorn calls as ``create_server`` of the loop."""
        sockets = [sock] if sock else listening_sockets(host, port)
        for listening in sockets:
            listening.listen(backlog)
        bounded = cast("Callable[[], BoundedHttp]", protocol)  # see __init__
        return TlsListener(sockets, bounded, ssl, self._connections, handshake_s=_HANDSHAKE_S)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """What uvicorn calls at SIGINT and SIGTERM."""
        self._end_streams()
        super().handle_exit(sig, frame)


def _of_both_families(port: int) -> socket.socket:
    """All addresses of this machine; asyncio by itself would take IPv6 alone for them."""
    return socket.create_server(("::", port), family=socket.AF_INET6, backlog=_BACKLOG, dualstack_ipv6=True)


def _look_for_files() -> None:
    """Say so where no more can be opened: libuv closes who comes then, without a word."""
    try:
        os.close(os.open(os.devnull, os.O_RDONLY))
    except OSError as error:
        not_accepted(error)
