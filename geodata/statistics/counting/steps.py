"""From one report of a running total to the next: how many passed, and whether the counter began anew meanwhile."""

from __future__ import annotations

from geodata.model.counting.counter import CountFlag
from geodata.statistics.counting.traits import CounterTraits
from geodata.times import HOUR_US

_WIDTHS = (16, 32)  # of counters whose width nobody gave
_KNOWN_SHARE, _GUESSED_SHARE = 4, 10
"""A wrap is believed while the step is at most this part of the range: beyond it, a counter at 0 began anew."""


def passes_between(before: int, after: int, elapsed_us: int, traits: CounterTraits) -> tuple[int, CountFlag]:
    """What surely passed while the total went from ``before`` to ``after``: never negative.

    Up: the difference. Down: it wrapped, if that explains it within the capacity and within a quarter of the range (a
    tenth where the width is guessed); else it began anew at 0, and has counted ``after`` since (RESET). Further up or
    up again than can have passed, it was set by hand or replaced: nothing of the step was counted here (RESET).
    """
    if min(before, after) < 0:  # no counter counts below 0
        return 0, CountFlag.RESET
    most = traits.most_within(elapsed_us)
    if before <= after:
        return (after - before, CountFlag.NONE) if after - before <= most else (0, CountFlag.RESET)
    wrapped = _wrapped(before, after, traits.width)
    if wrapped is not None and wrapped <= most:
        return wrapped, CountFlag.NONE
    return (after if after <= most else 0), CountFlag.RESET


def may_hide_wraps(before: int, after: int, elapsed_us: int, traits: CounterTraits) -> bool:
    """Whether so much can have passed in this time that the total came round once more, unseen: it is "at least".

    A width that nobody gave is taken for 16 bits as long as both totals fit in.
    """
    width = traits.width or next((each for each in _WIDTHS if max(before, after) < 2**each), _WIDTHS[-1])
    return traits.capacity * elapsed_us // HOUR_US >= 2**width


def _wrapped(before: int, after: int, width: int | None) -> int | None:
    """The step where the total came round at its end; None where it is too long to be believed."""
    share = _GUESSED_SHARE if width is None else _KNOWN_SHARE
    for bits in _WIDTHS if width is None else (width,):
        step = after + 2**bits - before
        if before < 2**bits and step <= 2**bits // share:
            return step
    return None
