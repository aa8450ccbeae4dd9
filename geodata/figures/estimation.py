"""Days of counters with what was counted, and beside it what days without a valid count may have been."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from geodata.conditions.annotations import AnnotationScope
from geodata.statistics.counting.estimates import DayEstimate, estimates
from geodata.store.comparison import counted_days
from geodata.store.transaction import Transaction

_AROUND = timedelta(weeks=4)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class EstimatedDay:
    """A day of the counter of a mounting period: ``counted`` where that is valid, else an ``estimate`` if there is one.

    The two are never summed: one is counted, the other is not.
    """

    counter: int
    day: date
    counted: int | None
    estimate: DayEstimate | None


def load(connection: Transaction, scope: AnnotationScope, first: date, last: date) -> list[EstimatedDay]:
    """The days from ``first`` to ``last`` (both within) of the counters of a station or trail; nothing is stored.

    A day before the first valid one of a counter, or after its last, is not among them: it may not have hung there.
    """
    window = first - _AROUND, last + _AROUND
    own = {each.counter for each in counted_days.load(connection, scope, *window)}
    whole_trail = AnnotationScope(municipality=scope.municipality, trail=scope.trail)
    counted: defaultdict[int, dict[date, int]] = defaultdict(dict)
    for each in counted_days.load(connection, whole_trail, *window):
        if each.valid:
            counted[each.counter][each.day] = each.passes
    return [day for counter in sorted(own & counted.keys()) for day in _days(counter, counted, first, last)]


def _days(counter: int, counted: dict[int, dict[date, int]], first: date, last: date) -> list[EstimatedDay]:
    own = counted[counter]
    begin, end = max(first, min(own)), min(last, max(own))
    days = [begin + number * _DAY for number in range((end - begin).days + 1)]
    neighbours = [counted[other] for other in sorted(counted) if other != counter]
    found = {each.day: each for each in estimates(own, neighbours, days)}
    return [EstimatedDay(counter, day, own.get(day), found.get(day)) for day in days]
