"""Which days of two years may be compared: those of counters that hung the same way in both, in months well covered.

A month in which a counter lacks more than a fifth of its days is left out for it in both years: what is missing is
seldom missing by chance, and a month that is there in one year only would be taken for a change.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from geodata.errors import DigitalpfadError
from geodata.messages.message import Message, counted, message
from geodata.statistics.comparison.day import ComparedDay

LEAST_COVERAGE = 0.8
"""Share of its days that a month needs to be compared."""
LEAST_WEEKS = 8
"""Weeks with compared days in both years that a comparison needs."""
_PERCENT = round(100 * LEAST_COVERAGE)
_Month: TypeAlias = tuple[int, int]  # counter, month


class NotComparable(DigitalpfadError):
    """These years cannot be compared; the sentence says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Whether the passes of ``after`` changed against ``before``, within the days ``first`` to ``last`` of each year.

    ``first`` and ``last`` are month and day, both within. Days in ``left_out`` do not count, in any way.
    """

    before: int
    after: int
    first: tuple[int, int] = (1, 1)
    last: tuple[int, int] = (12, 31)
    left_out: AbstractSet[date] = frozenset()

    def days(self, year: int) -> list[date]:
        """The days of ``year`` that are asked about."""
        day, days = date(year, 1, 1), list[date]()
        while day.year == year:
            if self.first <= (day.month, day.day) <= self.last and day not in self.left_out:
                days.append(day)
            day += timedelta(days=1)
        return days


@dataclass(frozen=True, slots=True)
class Comparable:
    """The ``days`` that may be compared, all valid, and ``notes`` on those that may not."""

    days: tuple[ComparedDay, ...]
    notes: tuple[Message, ...]

    def weeks(self) -> int:
        """How many ISO weeks have compared days in both years."""
        years = defaultdict[int, set[int]](set)
        for each in self.days:
            years[each.day.isocalendar().week].add(each.day.year)
        return sum(len(of_week) > 1 for of_week in years.values())


def comparable(counted_days: Iterable[ComparedDay], question: Question) -> Comparable:
    """The days fit to answer ``question``. Raises NotComparable where they are too few or nothing is the same."""
    asked = {year: set(question.days(year)) for year in (question.before, question.after)}
    days = [each for each in counted_days if each.valid and each.day in asked.get(each.day.year, ())]
    _check_years(days, question)
    same, notes = _same_counters(days)
    months = _covered(same, question)
    kept = tuple(each for each in same if (each.counter, each.day.month) in months)
    if not kept:
        raise NotComparable(message("no counter has a month with {share} % of its days in both years", share=_PERCENT))
    if lost := len({(each.counter, each.day.month) for each in same}) - len(months):
        notes.append(
            counted(
                "{count} month of a counter has too many days without a count and is left out.",
                "{count} months of counters have too many days without a count and are left out.",
                lost,
            )
        )
    found = Comparable(kept, tuple(notes))
    if found.weeks() < LEAST_WEEKS:
        sentence = "only {weeks} weeks were counted in both years, and {least} are needed"
        raise NotComparable(message(sentence, weeks=found.weeks(), least=LEAST_WEEKS))
    return found


def _check_years(days: Sequence[ComparedDay], question: Question) -> None:
    for year in (question.before, question.after):
        if not any(each.day.year == year for each in days):
            raise NotComparable(message("no day of {year} is counted well enough", year=str(year)))


def _same_counters(days: Sequence[ComparedDay]) -> tuple[list[ComparedDay], list[Message]]:
    """The days of counters that counted somebody in both years: others were moved, replaced, or are dead."""
    passed: dict[int, Counter[int]] = defaultdict(Counter)
    for each in days:
        passed[each.counter][each.day.year] += each.passes
    same = {counter for counter, years in passed.items() if sum(passes > 0 for passes in years.values()) > 1}
    if not same:
        raise NotComparable(
            message("no counter hung at the same place in the same way in both years and counted somebody")
        )
    notes: list[Message] = []
    if others := len(passed) - len(same):
        notes.append(
            counted(
                "{count} counter hung differently in one of the years, or counted nobody in it, and is left out.",
                "{count} counters hung differently in one of the years, or counted nobody in it, and are left out.",
                others,
            )
        )
    return [each for each in days if each.counter in same], notes


def _covered(days: Sequence[ComparedDay], question: Question) -> set[_Month]:
    """Counters with those of their months that have enough days in both years."""
    needed = {
        year: {month: LEAST_COVERAGE * days for month, days in Counter(d.month for d in question.days(year)).items()}
        for year in (question.before, question.after)
    }
    there = Counter((each.counter, each.day.month, each.day.year) for each in days)
    return {
        (counter, month)
        for counter, month, _ in there
        if all(there[counter, month, year] >= of_year.get(month, 1) for year, of_year in needed.items())
    }
