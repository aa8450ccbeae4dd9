"""The months and years of which there is a report."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date

from dashboards.languages import t
from geodata.statistics.counting.periods import CountPeriod, end_of
from geodata.statistics.usage.buckets import UsageBucket
from geodata.statistics.usage.ranges import DaySpan

_MONTH = re.compile(r"(20\d\d|2100)-(0[1-9]|1[0-2])")
_YEAR = re.compile(r"20\d\d|2100")


@dataclass(frozen=True, slots=True)
class ReportPeriod:
    """A whole ``month`` (1 to 12) of a ``year``, or (None) the whole year."""

    year: int
    month: int | None = None

    @property
    def span(self) -> DaySpan:
        """Its days."""
        first = date(self.year, self.month or 1, 1)
        end = end_of(CountPeriod.MONTH if self.month else CountPeriod.YEAR, first)
        return DaySpan(first, end - timedelta(days=1))

    @property
    def before(self) -> ReportPeriod:
        """The month or year of the same name a year before."""
        return ReportPeriod(self.year - 1, self.month)

    @property
    def bucket(self) -> UsageBucket:
        """The length of a bar."""
        return UsageBucket.DAY if self.month else UsageBucket.MONTH

    @property
    def name(self) -> str:
        """``November 2026``, ``2026``."""
        return format_date(self.span.first, "LLLL y", locale=t.language) if self.month else str(self.year)

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02}" if self.month else str(self.year)


def parse(text: str) -> ReportPeriod | None:
    """``2026-11`` or ``2026``; None for anything else."""
    if found := _MONTH.fullmatch(text):
        return ReportPeriod(int(found[1]), int(found[2]))
    return ReportPeriod(int(text)) if _YEAR.fullmatch(text) else None


def offered(since: date, today: date) -> list[ReportPeriod]:
    """The years and months that are over, the newest first; of a year that runs its months alone."""
    years = [ReportPeriod(year) for year in range(today.year - 1, since.year - 1, -1)]
    months = [
        ReportPeriod(year, month)
        for year in range(today.year, since.year - 1, -1)
        for month in range(12, 0, -1)
        if since.replace(day=1) <= date(year, month, 1) < today.replace(day=1)
    ]
    return [*months, *years]
