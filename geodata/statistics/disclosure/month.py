"""A month or a year closes: what of a trail and its stations is shown."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geodata.statistics.disclosure.figure import NOTHING, WITHHELD, Counts, Figures, Mask, Rule, sum_of_shown, total
from geodata.statistics.disclosure.pool import Pool
from geodata.statistics.disclosure.rows import Table, shown_rows


@dataclass(frozen=True, slots=True)
class MonthOfDays:
    """What the days of a month counted, ``counts`` (stations x days), and which of them are ``withheld``.

    ``trail_withheld`` (days): of the trail. What a month counts is what its days counted when they closed.
    """

    counts: Counts
    withheld: Mask
    trail_withheld: Mask

    @property
    def pool(self) -> Pool:
        """The trail's withheld days."""
        trail = total(self.counts, axis=0)
        hidden = self.trail_withheld & (trail != NOTHING)
        return Pool(int(hidden.sum()), int(trail[hidden].sum()))


@dataclass(frozen=True, slots=True)
class ClosedMonth:
    """What is shown of a month, or a year."""

    trail: int
    stations: Figures


def close_month(month: MonthOfDays, months: Pool, rule: Rule, spent: Mask | None = None) -> ClosedMonth:
    """Decide on a month; ``months``: the trail's withheld months of this year before it; ``spent`` as in `day`."""
    stations = total(month.counts, axis=1)
    trail = int(total(stations))
    if trail == NOTHING:
        return ClosedMonth(NOTHING, stations)
    withheld = month.withheld & (month.counts != NOTHING)
    if is_withheld(month.pool, months, rule):
        return ClosedMonth(WITHHELD, np.where(withheld.any(axis=1), WITHHELD, stations))
    shown = shown_rows(_table(month, withheld, spent), rule)
    return ClosedMonth(trail, np.where(shown | (stations == NOTHING), stations, WITHHELD))


def is_withheld(days: Pool, months: Pool, rule: Rule) -> bool:
    """Whether the trail's month is not shown: its total would tell a withheld day, or it hides a withheld month."""
    return days.is_open(rule) or (months.is_open(rule) and days.total > 0)


def _table(month: MonthOfDays, withheld: Mask, spent: Mask | None) -> Table:
    """Each day on which the trail is shown is a column by itself; those on which it is not are one together."""
    columns = withheld[:, ~month.trail_withheld]
    pooled = withheld[:, month.trail_withheld].any(axis=1)
    cells = np.column_stack([columns[:, columns.any(axis=0)], pooled])
    sums = np.where(withheld, month.counts, 0).sum(axis=1)
    return Table(cells, withheld, sums, np.zeros(len(sums), dtype=bool) if spent is None else spent)


def close_year(trail: Figures, months: Pool, stations: Figures, counts: Counts, rule: Rule) -> ClosedMonth:
    """Decide on a year from what its months show: ``trail`` (months) and ``stations`` (stations x months).

    ``months``: the trail's withheld ones; ``counts`` (stations): what each counted in all. A station's year is the sum
    of its months, shown where they are; the only one that is not is
    what anybody gets who takes the others off the trail's.
    """
    years = sum_of_shown(stations, axis=1)
    known = trail[trail != NOTHING]
    if not len(known):
        return ClosedMonth(NOTHING, years)
    if months.is_open(rule):
        return ClosedMonth(WITHHELD, years)
    lone = years == WITHHELD
    if lone.sum() == 1:
        years = np.where(lone, counts, years)
    return ClosedMonth(int(total(counts)), years)
