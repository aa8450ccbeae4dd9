"""A thread that does its work over and over until it is stopped, whatever the work raises.

A thread that ended with an exception is missed by nobody until its figures are: here what nobody foresaw is logged, the
work begins anew after a pause, and the next fault of the same kind is only counted.
"""

from __future__ import annotations

import random
import threading
import time
import traceback
from collections.abc import Callable

import structlog

_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 30.0
_WELL_S = 60.0
"""Work that went well for so long, or returned, begins with the shortest pause again."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class Worker:
    """Calls ``work`` again and again in a daemon thread; it should return soon after ``stopping`` is set.

    ``after_fault`` is called in that thread for each exception that ``work`` lets through. ``faults`` counts them.
    """

    def __init__(
        self,
        name: str,
        work: Callable[[], None],
        stopping: threading.Event,
        after_fault: Callable[[], None] = lambda: None,
        first_pause_s: float = _FIRST_PAUSE_S,
    ) -> None:
        self._name = name
        self._work = work
        self._stopping = stopping
        self._after_fault = after_fault
        self._first_pause_s = first_pause_s
        self._told: set[tuple[str, str, int]] = set()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self.faults = 0

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def join(self, timeout_s: float) -> None:
        """Wait for the end after ``stopping`` was set; one that hangs ends with the process."""
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    @property
    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    def _run(self) -> None:
        pause_s = self._first_pause_s
        while not self._stopping.is_set():
            begun = time.monotonic()
            try:
                self._work()
                pause_s = self._first_pause_s
            except Exception as error:  # noqa: BLE001 - that is what this class is for
                if time.monotonic() - begun >= _WELL_S:
                    pause_s = self._first_pause_s
                self.faults += 1
                self._tell(error, pause_s)
                self._after_fault()
                self._stopping.wait(pause_s * random.uniform(0.8, 1.2))  # noqa: S311 - spreads retries, no secret
                pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)

    def _tell(self, error: Exception, pause_s: float) -> None:
        """With the trace the first time at its place; a fault that repeats would fill the log."""
        last = traceback.extract_tb(error.__traceback__)[-1]
        kind = (type(error).__name__, last.filename, last.lineno or 0)
        is_new = kind not in self._told
        self._told.add(kind)
        trace = "".join(traceback.format_exception(error)) if is_new else None
        _log.error(
            "worker-failed",
            worker=self._name,
            fault=kind[0],
            faults=self.faults,
            retry_in_s=round(pause_s, 1),
            **({"trace": trace} if trace else {}),
        )
