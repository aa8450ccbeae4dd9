"""Sums warnings and errors that repeat: the first in full at once, then one line for all alike, ever more seldom."""

from __future__ import annotations

import atexit
import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import cast

import structlog

from geodata.runtime.repeats import Repeats
from geodata.runtime.worker import Worker

_LOOK_S = 5.0
_OWN = f"{__name__}.sums"
_NOT_ALIKE = frozenset({"timestamp", "level", "logger", "trace", "path", "event"})

Alike = tuple[str, int, str, tuple[tuple[str, str], ...]]
"""Logger, level, event and words of lines that are alike; their numbers may differ."""


class SumRepeats(logging.Filter):
    """For a handler. Lines below a warning pass; all other things that are alike go to geodata.runtime.repeats."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._repeats: Repeats[Alike] = Repeats(self._tell)
        self._told = threading.local()
        self._worker = Worker("log-sums", self._wait_and_look)
        self._starting = threading.Lock()
        atexit.register(self.end)

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is written as it is."""
        if record.levelno < logging.WARNING or record.name == _OWN:
            return True
        self._told.first = False
        self._repeats.note(_alike(record), self._clock())
        if not self._told.first:
            self._begin_to_look()
        return bool(self._told.first)

    def end(self) -> None:
        """Tell what was not told."""
        self._repeats.end(self._clock())

    def _begin_to_look(self) -> None:
        with self._starting, suppress(RuntimeError):  # no thread available: the next such line tries again
            if not self._worker.begun:
                self._worker.start()

    def _wait_and_look(self) -> None:
        time.sleep(_LOOK_S)
        self._repeats.look(self._clock())

    def _tell(self, alike: Alike | None, count: int, seconds: float | None) -> None:
        if seconds is None:
            self._told.first = True
            return
        logger, level, event, words = alike or ("others", logging.WARNING, "various", ())
        fields = {"times": count, "within_s": round(seconds), "of": logger, **dict(words)}
        structlog.get_logger(_OWN).log(level, f"repeated: {event}", **fields)


def _alike(record: logging.LogRecord) -> Alike:
    if isinstance(record.msg, dict):  # structlog's, see digitalpfad.logs.logging
        event = cast("dict[str, object]", record.msg)
        words = sorted(
            (name, value) for name, value in event.items() if isinstance(value, str) and name not in _NOT_ALIKE
        )
        return record.name, record.levelno, str(event.get("event")), tuple(words)
    kind = record.exc_info[0] if record.exc_info else None
    return record.name, record.levelno, f"{record.msg}", (("fault", kind.__name__),) if kind else ()
