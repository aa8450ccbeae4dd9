"""What is known of the reports of an hour: from its rollup, and report by report where the rollup may hide a step."""

from __future__ import annotations

from dataclasses import dataclass, replace

from geodata.statistics.counting.traits import CounterTraits


@dataclass(frozen=True, slots=True)
class TotalReport:
    """A running total as reported; ``known_us`` before it are known, of its hour, None: as the step is long."""

    at_us: int
    total: int
    known_us: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HourOfTotals:
    """The good reports of a running total in an hour (counted since 1970), at least one.

    ``exact``: each of them, None where only the rollup is known.
    """

    hour: int
    count: int
    first_us: int
    first: int
    last_us: int
    last: int
    minimum: int
    maximum: int
    exact: tuple[TotalReport, ...] | None = None

    def needs_reports(self, traits: CounterTraits) -> bool:
        """Whether first and last may not tell all.

        It went down, leapt, is cut by the period, or is so low that it may have begun anew and come past its first
        report again within the hour.
        """
        if self.count == 1:
            return False
        went_down = self.minimum < self.first or self.last < self.maximum
        leapt = self.last - self.first > traits.most_within(0)
        low = self.count > 2 and self.last <= traits.capacity and self.first < self.last
        return went_down or leapt or low or traits.is_cut(self.hour)

    def reports(self, traits: CounterTraits) -> list[TotalReport]:
        """The reports that are stepped through, those of another mounting period left out."""
        given = self._from_rollup(traits) if self.exact is None else self.exact
        kept = [report for report in given if traits.holds(report.at_us)]
        return kept if len(kept) == len(given) else [replace(report, known_us=None) for report in kept]

    def _from_rollup(self, traits: CounterTraits) -> list[TotalReport]:
        """First and last; between them the highest, where the last is lower: when that was, nobody knows any more."""
        first, last = TotalReport(self.first_us, self.first), TotalReport(self.last_us, self.last)
        if self.count == 1:
            return [first]
        bridged_us = traits.bridged_us(self.first_us, self.last_us)
        known_us = min(self.last_us - self.first_us, (self.count - 1) * bridged_us)
        if self.last < self.maximum and self.first < self.maximum:
            highest = TotalReport((self.first_us + self.last_us) // 2, self.maximum, known_us // 2)
            return [first, highest, replace(last, known_us=known_us - known_us // 2)]
        return [first, replace(last, known_us=known_us)]


@dataclass(frozen=True, slots=True)
class HourOfIncrements:
    """What messages of an hour (counted since 1970) said that passed since the message before, ``count`` of them."""

    hour: int
    count: int
    passes: int
