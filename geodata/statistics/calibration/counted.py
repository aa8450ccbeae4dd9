"""What a counter counted from one moment to another, from what it reported around them."""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

TimedCount = tuple[datetime, float]
"""When a counter reported, and its running total then or what passed since its report before."""


class NoCommonSpan(StrEnum):
    """Why what was seen cannot be compared with the counter."""

    SILENT = "silent"  # at an edge, or within where each message counts for itself
    BEGAN_ANEW = "began-anew"


@dataclass(frozen=True, slots=True)
class CountedSpan:
    """``passes`` in a span; ``is_interpolated`` where a report does not stand at its very edges."""

    passes: float
    is_interpolated: bool


def by_total(
    reports: Sequence[TimedCount], start: datetime, end: datetime, reach: timedelta
) -> CountedSpan | NoCommonSpan:
    """The running total at ``end`` less that at ``start``; ``reports`` rise in time.

    Between two reports at most ``reach`` apart it is taken to rise evenly. What was lost between ``start`` and ``end``
    costs nothing: the total went on.
    """
    first, last = _around(reports, start), _around(reports, end)
    if first is None or last is None or any(after[0] - before[0] > reach for before, after in (first, last)):
        return NoCommonSpan.SILENT
    within = reports[bisect_left(reports, first[0]) : bisect_right(reports, last[1])]
    if any(after < before for (_, before), (_, after) in itertools.pairwise(within)):
        return NoCommonSpan.BEGAN_ANEW
    passes = _total_at(last, end) - _total_at(first, start)
    return CountedSpan(passes, is_interpolated=not {start, end} <= {at for at, _ in within})


def by_increments(
    reports: Sequence[TimedCount], start: datetime, end: datetime, reach: timedelta
) -> CountedSpan | NoCommonSpan:
    """The sum of what each message says passed since the one before; one that is lost takes its passes with it.

    Silent where two reports around and within the span are further than ``reach`` apart.
    """
    sums = list(itertools.accumulate(passes for _, passes in reports))
    totals = [(at, total) for (at, _), total in zip(reports, sums, strict=True)]
    first, last = _around(totals, start), _around(totals, end)
    if first is None or last is None:
        return NoCommonSpan.SILENT
    within = totals[bisect_left(totals, first[0]) : bisect_right(totals, last[1])]
    if any(after - before > reach for (before, _), (after, _) in itertools.pairwise(within)):
        return NoCommonSpan.SILENT
    return by_total(totals, start, end, reach)


def _around(reports: Sequence[TimedCount], moment: datetime) -> tuple[TimedCount, TimedCount] | None:
    """The last report up to ``moment`` and the first from it on, the same where one is of that very moment."""
    after = bisect_left(reports, moment, key=lambda report: report[0])
    if after < len(reports) and reports[after][0] == moment:
        return reports[after], reports[after]
    return (reports[after - 1], reports[after]) if 0 < after < len(reports) else None


def _total_at(around: tuple[TimedCount, TimedCount], moment: datetime) -> float:
    (before, low), (after, high) = around
    return low if before == after else low + (high - low) * ((moment - before) / (after - before))
