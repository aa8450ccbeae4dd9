"""A running total and increments side by side: the total leads, the increments testify, and stand in where it lost."""

from __future__ import annotations

from collections.abc import Iterable

from geodata.model.counting.counter import CountFlag
from geodata.statistics.counting.hours import CountedTotals, HourTally
from geodata.statistics.counting.reports import HourOfIncrements
from geodata.statistics.counting.traits import CounterTraits
from geodata.times import HOUR_US

_TOLERATED = 1  # somebody who passed between the reading of one and of the other


def add_increments(counted: CountedTotals, hours: Iterable[HourOfIncrements], traits: CounterTraits) -> None:
    """Hold the increments of each hour against what its total says; where no total was heard they count themselves.

    Lost increments are lost: they testify only in an hour of which none is missing, and whose total goes on from the
    hour before. Where the two differ by more than one, the hour says so. Where the total began anew in such an hour,
    they know what it lost. More than can have passed is believed of nobody: alone such an hour is a gap that says so.
    """
    for hour in hours:
        tally = counted.hours.get(hour.hour)
        if hour.passes > traits.most_within(HOUR_US):
            counted.at(hour.hour).flags |= CountFlag.RESET if tally is None else CountFlag.WITNESSES_DIFFER
            continue
        if tally is None:
            counted.hours[hour.hour] = _alone(hour, traits)
        elif tally.follows and not tally.flags & CountFlag.ESTIMATED and _is_whole(hour, traits):
            _testify(tally, hour.passes)


def _alone(hour: HourOfIncrements, traits: CounterTraits) -> HourTally:
    """Each message covers one interval."""
    covered_us = min(hour.count * traits.interval_at(hour.hour * HOUR_US), HOUR_US)
    return HourTally(hour.passes, covered_us=covered_us)


def _is_whole(hour: HourOfIncrements, traits: CounterTraits) -> bool:
    """Whether no message of the hour was lost."""
    return hour.count >= max(round(HOUR_US / traits.interval_at(hour.hour * HOUR_US)), 1)


def _testify(tally: HourTally, passes: int) -> None:
    if tally.flags & CountFlag.RESET:
        tally.passes = max(tally.passes, passes)
        tally.flags &= ~CountFlag.RESET
    elif abs(tally.passes - passes) > _TOLERATED:
        tally.flags |= CountFlag.WITNESSES_DIFFER
