"""What a log says of an exception that nobody foresaw: its trace the first time, one line without it afterwards."""

from __future__ import annotations

import traceback

_MOST_PLACES = 200  # a program has fewer; beyond that none is remembered any more


class FaultLog:
    """Remembers where which kind of exception was raised; a fault that repeats would fill the log with its trace."""

    def __init__(self) -> None:
        self._told: set[tuple[str, str, int]] = set()

    def fields(self, error: Exception) -> dict[str, str]:
        """``fault``, its kind, and the first time at its place ``trace``; the trace tells no local variables."""
        frames = traceback.extract_tb(error.__traceback__)
        kind = type(error).__name__
        place = (kind, frames[-1].filename, frames[-1].lineno or 0) if frames else (kind, "", 0)
        if place in self._told or len(self._told) >= _MOST_PLACES:
            return {"fault": kind}
        self._told.add(place)
        return {"fault": kind, "trace": "".join(traceback.format_exception(error))}
