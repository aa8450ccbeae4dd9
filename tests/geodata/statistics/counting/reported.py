"""Reports of made-up counters, rolled up by the hour as the store does it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from geodata.statistics.counting.channel import CountedStretch, count
from geodata.statistics.counting.reports import HourOfIncrements, HourOfTotals, TotalReport
from geodata.statistics.counting.traits import CounterTraits
from geodata.times import HOUR_US, to_us

MINUTE_US = 60_000_000
TEN = CounterTraits(interval_us=10 * MINUTE_US, width=16)
START_US = to_us(datetime(2026, 6, 1, tzinfo=UTC))
START = START_US // HOUR_US

Reported = tuple[float, int]
"""Minutes after START_US, and the running total then."""


def totals_of(reported: Iterable[Reported], *, exact: bool = True) -> list[HourOfTotals]:
    """The hours of these reports, which are in order of time."""
    by_hour: dict[int, list[TotalReport]] = {}
    for minutes, total in reported:
        at_us = START_US + round(minutes * MINUTE_US)
        by_hour.setdefault(at_us // HOUR_US, []).append(TotalReport(at_us, total))
    return [_hour(hour, reports, exact=exact) for hour, reports in by_hour.items()]


def _hour(hour: int, reports: Sequence[TotalReport], *, exact: bool) -> HourOfTotals:
    totals = [report.total for report in reports]
    return HourOfTotals(
        hour=hour,
        count=len(reports),
        first_us=reports[0].at_us,
        first=totals[0],
        last_us=reports[-1].at_us,
        last=totals[-1],
        minimum=min(totals),
        maximum=max(totals),
        exact=tuple(reports) if exact else None,
    )


def counted(
    reported: Iterable[Reported],
    traits: CounterTraits = TEN,
    increments: Iterable[HourOfIncrements] = (),
    *,
    exact: bool = True,
) -> CountedStretch:
    """What a counter that reported so has counted."""
    return count(totals_of(reported, exact=exact), increments, traits)


def sum_of(stretch: CountedStretch) -> int:
    """All that passed, in whatever hour."""
    return sum(hour.passes + hour.shared for hour in stretch.hours)
