"""How a clock is judged, in words for an operator."""

from __future__ import annotations

from dataclasses import dataclass

from geodata.times import to_datetime

_MINUTE_S, _DAY_S = 60, 86_400


@dataclass(frozen=True, slots=True)
class ClockState:
    """Whether the machine's clock is believed; ``detail`` is a sentence for an operator."""

    ok: bool
    detail: str


def utc_text(us: int) -> str:
    """A time of day to the second, in UTC."""
    return f"{to_datetime(us):%Y-%m-%d %H:%M:%S} UTC"


def span(us: int) -> str:
    """A length of time, as exact as somebody needs it who sets a clock."""
    seconds = round(abs(us) / 1e6)
    if seconds < 2 * _MINUTE_S:
        return f"{seconds} s"
    if seconds < _DAY_S - _MINUTE_S:
        return f"{round(seconds / _MINUTE_S)} min"
    days = round(seconds / _DAY_S)
    return "1 day" if days == 1 else f"{days} days"
