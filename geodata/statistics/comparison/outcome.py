"""What a comparison of two years says: the change with its interval, or why nothing can be said."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from geodata.messages.message import Message


class YearVerdict(StrEnum):
    """What can be said of the change."""

    RISE = "rise"
    FALL = "fall"
    NOT_SHOWN = "not-shown"  # the interval holds 0: it may be chance
    REFUSED = "refused"


class Method(StrEnum):
    """How the change was found."""

    REGRESSION = "regression"  # weekday, holidays, season and weather taken out by a negative binomial regression
    MATCHED_DAYS = "matched-days"  # days of the same kind in the same weeks beside each other


@dataclass(frozen=True, slots=True)
class YearChange:
    """A change in per cent of the year before, with the ends of its 95 % interval; ``method`` found it."""

    percent: float
    low: float
    high: float
    method: Method

    @property
    def verdict(self) -> YearVerdict:
        """Whether the interval leaves 0 on one side, by a tenth of a per cent at least: less is not said of people."""
        if round(self.low, 1) > 0:
            return YearVerdict.RISE
        return YearVerdict.FALL if round(self.high, 1) < 0 else YearVerdict.NOT_SHOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The passes of the year ``after`` against those of ``before``.

    ``change`` is None where it is refused: then ``reason`` says why. ``days`` are counted days that were used in each
    year, over all ``counters`` (their numbers); ``weeks`` are those with such days in both years. ``notes`` are
    sentences on what was left out.
    """

    before: int
    after: int
    change: YearChange | None
    reason: Message | None = None
    days: tuple[int, int] = (0, 0)
    counters: tuple[int, ...] = ()
    weeks: int = 0
    notes: tuple[Message, ...] = ()

    @property
    def verdict(self) -> YearVerdict:
        """What can be said of the change."""
        return self.change.verdict if self.change else YearVerdict.REFUSED
