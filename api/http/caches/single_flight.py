"""Work that may hang: one thread at a time does it, and nobody waits for it longer than agreed."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

DEADLINE_S = 2.5
"""For those who ask how the server is: load balancers and container managers give up soon after."""

Result = TypeVar("Result")


class SingleFlight(Generic[Result]):
    """Whoever asks while the work is under way shares its outcome; used from the event loop only."""

    def __init__(self) -> None:
        self._outcome: Future[Result] | None = None
        self._began = 0.0

    async def result(self, work: Callable[[], Result], within_s: float) -> Result:
        """What ``work`` returns or raises; TimeoutError when it takes longer than ``within_s`` since it began."""
        outcome = self._outcome
        if outcome is None or outcome.done():
            self._began = time.monotonic()
            outcome = self._outcome = _start(work)
        left_s = max(self._began + within_s - time.monotonic(), 0)
        return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(outcome)), left_s)


def _start(work: Callable[[], Result]) -> Future[Result]:
    outcome: Future[Result] = Future()
    outcome.set_running_or_notify_cancel()

    def run() -> None:
        try:
            outcome.set_result(work())
        except BaseException as error:  # noqa: BLE001 - it belongs to those who wait, as in concurrent.futures
            outcome.set_exception(error)

    # A separate daemon: hanging, it holds up neither the requests' threads nor the end of the process.
    threading.Thread(target=run, name="single-flight", daemon=True).start()
    return outcome
