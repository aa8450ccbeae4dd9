"""uvicorn, which waits for open answers before it ends, and the streams that would never end by themselves."""

from __future__ import annotations

from collections.abc import Callable
from types import FrameType

import uvicorn

_LOOK_AFTER_TICKS = 10


class Server(uvicorn.Server):
    """A server that, when told to stop, first ends its endless streams by ``end_streams``.

    ``look_after`` is called every second in the loop: it takes a moment only and raises nothing.
    """

    def __init__(
        self, config: uvicorn.Config, end_streams: Callable[[], None], look_after: Callable[[], None] = lambda: None
    ) -> None:
        super().__init__(config)
        self._end_streams = end_streams
        self._look_after = look_after

    async def on_tick(self, counter: int) -> bool:
        """What uvicorn calls ten times a second; True ends it."""
        if counter % _LOOK_AFTER_TICKS == 0:
            self._look_after()
        return await super().on_tick(counter)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """What uvicorn calls at SIGINT and SIGTERM."""
        self._end_streams()
        super().handle_exit(sig, frame)
