"""What else was at a place in some days: closures, notices, and what people reported and how far that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geodata.conditions.closures import Closure
from geodata.figures.usage.exploring import UsedPlace
from geodata.statistics.counting.periods import midnight
from geodata.statistics.usage.ranges import DaySpan
from geodata.store.catalogue import closure
from geodata.store.transaction import Transaction
from geodata.store.usage import reported


@dataclass(frozen=True, slots=True, kw_only=True)
class Happenings:
    """``closures`` in the order in which they began; ``notices`` with on how many days each appeared.

    How many problems were ``reported`` and ``closed`` then, and how many of all were not closed by the end.
    """

    closures: Sequence[Closure]
    notices: Sequence[tuple[str, int]]
    reported: int
    closed: int
    left_open: int


def read(connection: Transaction, place: UsedPlace, span: DaySpan) -> Happenings:
    """Of the trails of ``place`` in ``span``."""
    begin, end = midnight(span.first, place.zone), midnight(span.end, place.zone)
    held = [
        each
        for each in closure.load(connection).values()
        if each.trail in place.trails and each.valid_from < end and (each.valid_until or end) > begin
    ]
    received, closed, left_open = reported.problems(connection, place.trails, begin, end)
    return Happenings(
        closures=sorted(held, key=lambda each: each.valid_from),
        notices=reported.notices(connection, place.trails, begin, end),
        reported=received,
        closed=closed,
        left_open=left_open,
    )
