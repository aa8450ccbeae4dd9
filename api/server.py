"""uvicorn, which waits for open answers before it ends, and the streams that would never end by themselves."""

from __future__ import annotations

from collections.abc import Callable
from types import FrameType

import uvicorn


class Server(uvicorn.Server):
    """A server that, when told to stop, first ends its endless streams by ``end_streams``."""

    def __init__(self, config: uvicorn.Config, end_streams: Callable[[], None]) -> None:
        super().__init__(config)
        self._end_streams = end_streams

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """What uvicorn calls at SIGINT and SIGTERM."""
        self._end_streams()
        super().handle_exit(sig, frame)
