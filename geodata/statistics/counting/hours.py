"""Passes of hours from a running total: exact across lost messages, shared out where it was silent for long."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from geodata.model.counting.counter import CountedHour, CountFlag, SilentTime
from geodata.statistics.counting.reports import HourOfTotals, TotalReport
from geodata.statistics.counting.sharing import hours_between, share
from geodata.statistics.counting.steps import may_hide_wraps, passes_between
from geodata.statistics.counting.traits import CounterTraits
from geodata.times import HOUR_US


@dataclass(slots=True)
class HourTally:
    """What is known of an hour so far."""

    passes: int = 0
    shared: int = 0
    covered_us: int = 0
    flags: CountFlag = CountFlag.NONE
    follows: bool = False
    """Whether its first report follows one of the hour before, without a silence between them."""


@dataclass(slots=True)
class CountedTotals:
    """Tallies by hour (counted since 1970) and silences, in order of time."""

    hours: dict[int, HourTally] = field(default_factory=dict[int, HourTally])
    silences: list[SilentTime] = field(default_factory=list[SilentTime])

    def at(self, hour: int) -> HourTally:
        """The tally of an hour, begun where there is none."""
        return self.hours.setdefault(hour, HourTally())

    def rows(self) -> list[CountedHour]:
        """The hours of which anything is known, in order."""
        return [
            CountedHour(hour, tally.passes, tally.shared, tally.covered_us // 1_000_000, tally.flags)
            for hour, tally in sorted(self.hours.items())
            if tally.covered_us >= 1_000_000 or tally.passes or tally.flags
        ]


def count_totals(hours: Iterable[HourOfTotals], traits: CounterTraits) -> CountedTotals:
    """Count through the reports of these hours, which are in order of time.

    The first report is only where counting begins. A step that is short enough belongs to the hour of its later report
    and covers its time. A longer one, or one over an hour without any report, is a silence: within one hour its passes
    are that hour's all the same, over several they are shared out, and none of its time is covered.
    """
    counted = CountedTotals()
    before: TotalReport | None = None
    for hour in hours:
        for report in hour.reports(traits):
            counted.at(hour.hour)
            if before is not None:
                _step(counted, before, report, traits)
            before = report
    return counted


def _step(counted: CountedTotals, before: TotalReport, report: TotalReport, traits: CounterTraits) -> None:
    elapsed_us = report.at_us - before.at_us
    passes, flags = passes_between(before.total, report.total, elapsed_us, traits)
    first, last = before.at_us // HOUR_US, report.at_us // HOUR_US
    bridged_us = traits.bridged_us(before.at_us, report.at_us)
    if last - first > 1 or (last > first and elapsed_us > bridged_us):
        if may_hide_wraps(before.total, report.total, elapsed_us, traits):
            flags |= CountFlag.AT_LEAST
        _share_out(counted, SilentTime(before.at_us, report.at_us, passes, flags))
        return
    tally = counted.at(last)
    tally.passes += passes
    tally.flags |= flags
    tally.follows |= first < last
    if first == last and report.known_us is not None:
        tally.covered_us += report.known_us
    elif elapsed_us <= bridged_us:
        for hour, us in hours_between(before.at_us, report.at_us).items():
            counted.at(hour).covered_us += us


def _share_out(counted: CountedTotals, silence: SilentTime) -> None:
    counted.silences.append(silence)
    for hour, passes in share(silence.passes, silence.start_us, silence.end_us).items():
        tally = counted.at(hour)
        tally.shared += passes
        tally.flags |= silence.flags | CountFlag.ESTIMATED
