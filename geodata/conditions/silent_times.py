"""When a device said nothing, from the hours of which something is there: pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class SilentSpan:
    """Nothing was measured from ``start`` to before ``end``, both full hours."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        """How long it was."""
        return self.end - self.start


def find(heard: Iterable[datetime], start: datetime, end: datetime, patience: timedelta) -> list[SilentSpan]:
    """The spans within ``start`` to ``end`` without any of the full hours ``heard``, in order of time.

    A device that reports seldom is not silent between two reports: spans up to ``patience`` are left out.
    """
    spans: list[SilentSpan] = []
    said_until = start
    for hour in [*sorted({hour for hour in heard if start <= hour < end}), end]:
        if hour - said_until >= _HOUR and hour - said_until > patience:
            spans.append(SilentSpan(said_until, hour))
        said_until = max(said_until, hour + _HOUR)
    return spans


def share_heard(spans: Iterable[SilentSpan], start: datetime, end: datetime) -> float:
    """The share of the time in which the device was heard, 0 to 1."""
    silent = sum((span.length for span in spans), timedelta())
    return 1 - silent / (end - start) if end > start else 0.0
