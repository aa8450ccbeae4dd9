"""SIGINT and SIGTERM as an event that every loop of a process looks at."""

from __future__ import annotations

import signal
import threading
from types import FrameType


def stop_on_signals() -> threading.Event:
    """An event that the first SIGINT or SIGTERM sets; further ones change nothing."""
    stop = threading.Event()

    def request(_number: int, _frame: FrameType | None) -> None:
        # A handler interrupts the main thread anywhere, also while it holds the event's own lock: set it elsewhere.
        threading.Thread(target=stop.set, daemon=True).start()

    signal.signal(signal.SIGINT, request)
    signal.signal(signal.SIGTERM, request)
    return stop
