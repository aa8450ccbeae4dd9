"""uvicorn with bounds on what each visitor may take, and an end to the streams that would never end by themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import FrameType

import uvicorn

from api.bounded_http import BoundedHttp, BoundedState
from api.connections import Bounds, Connections


class Server(uvicorn.Server):
    """A server that, when told to stop, first ends its endless streams by ``end_streams``.

    It sets in ``config`` what belongs to the bounds: the protocol, and that there are no WebSockets beside it.
    """

    def __init__(
        self, config: uvicorn.Config, end_streams: Callable[[], None], connections: Connections | None = None
    ) -> None:
        super().__init__(config)
        self._end_streams = end_streams
        self._connections = Connections(Bounds()) if connections is None else connections
        self.server_state = BoundedState(self._connections)
        config.http, config.ws = BoundedHttp, "none"
        config.timeout_keep_alive = self._connections.bounds.idle_s

    async def on_tick(self, counter: int) -> bool:
        """What uvicorn calls ten times a second."""
        if counter % 10 == 0:
            self._connections.look(asyncio.get_running_loop().time())
        return await super().on_tick(counter)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """What uvicorn calls at SIGINT and SIGTERM."""
        self._end_streams()
        super().handle_exit(sig, frame)
