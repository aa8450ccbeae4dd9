"""What a comparison says in one sentence, for the council: the change, how sure it is, and whether it is shown."""

from __future__ import annotations

from geodata.messages.message import Message, message
from geodata.statistics.comparison.outcome import Comparison, YearChange, YearVerdict


def sentence(comparison: Comparison) -> Message:
    """Such as "+9 % (−2…+21): no change can be shown"; geodata.messages.translation says it in German."""
    if comparison.change is None:
        return message("No comparison: {reason}.", reason=comparison.reason or message("nothing was counted"))
    return _said(comparison.change)


def _said(change: YearChange) -> Message:
    percent, low, high = signed(change.percent), signed(change.low), signed(change.high)
    if change.verdict is YearVerdict.RISE:
        return message("{percent} % ({low}…{high}): a rise is shown", percent=percent, low=low, high=high)
    if change.verdict is YearVerdict.FALL:
        return message("{percent} % ({low}…{high}): a fall is shown", percent=percent, low=low, high=high)
    return message("{percent} % ({low}…{high}): no change can be shown", percent=percent, low=low, high=high)


def signed(percent: float) -> Message:
    """A change in per cent with its sign: whole, and with a decimal where it would be 0 without being it."""
    size = abs(round(percent)) or abs(round(percent, 1)) or 0
    sign = "" if size == 0 else "−" if percent < 0 else "+"
    return message("{sign}{size}", sign=sign, size=size)
