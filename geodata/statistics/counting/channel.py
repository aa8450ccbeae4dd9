"""All that one channel's reports tell of a stretch of time: the one way from reports to counted hours and silences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from geodata.model.counting.counter import CountedHour, SilentTime
from geodata.statistics.counting.hours import count_totals
from geodata.statistics.counting.reports import HourOfIncrements, HourOfTotals
from geodata.statistics.counting.traits import CounterTraits
from geodata.statistics.counting.witnesses import add_increments


@dataclass(frozen=True, slots=True)
class CountedStretch:
    """Counted hours, and the silences that begin in them, in order."""

    hours: list[CountedHour]
    silences: list[SilentTime]


def count(
    totals: Iterable[HourOfTotals], increments: Iterable[HourOfIncrements], traits: CounterTraits
) -> CountedStretch:
    """Count a channel: hours in order of time; each is right whose neighbours with reports are given too."""
    counted = count_totals(totals, traits)
    add_increments(counted, increments, traits)
    return CountedStretch(counted.rows(), counted.silences)
