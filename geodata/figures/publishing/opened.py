"""What all that was ever public of a town's year tells of its hidden figures, before a revision and after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeAlias

from geodata.errors import DigitalpfadError
from geodata.figures.publishing import calendar, checking, copies
from geodata.figures.publishing.checking import Exposed
from geodata.figures.publishing.copies import Copy
from geodata.figures.publishing.town import PublishingTown
from geodata.messages.message import message
from geodata.store.transaction import Transaction
from geodata.vocabulary.figures import CountMeasure, Span

Series: TypeAlias = tuple[str, CountMeasure]
"""What was counted of a trail, by its slug."""


class FiguresOpened(DigitalpfadError):
    """New figures beside those published before would tell a small one, or would be small themselves."""

    def __init__(self, code: str, start: str) -> None:
        """Of the time that begins on ``start`` at the place with this code."""
        super().__init__(
            message(
                "With the figures published before, a small one of {code} from {start} on could be worked out."
                " Everything stays as it is.",
                code=code, start=start,
            )
        )  # fmt: skip


def public(connection: Transaction, town: PublishingTown, year: date) -> dict[Series, Sequence[Copy]]:
    """All that was ever public of the year that begins then."""
    within = calendar.bounds(Span.YEAR, year)
    return {
        (trail, measure): copies.all_of(connection, town, trail, measure, within)
        for trail in town.trails
        for measure in CountMeasure
    }


def opened(of: Mapping[Series, Sequence[Copy]], town: PublishingTown) -> dict[Series, set[Exposed]]:
    """Which hidden figures these copies tell."""
    return {
        (trail, measure): set(checking.told(versions, town.trails[trail], town.rule.k))
        for (trail, measure), versions in of.items()
    }


def newly_opened(
    connection: Transaction, town: PublishingTown, year: date, before: Mapping[Series, set[Exposed]]
) -> dict[Series, list[Exposed]]:
    """Which they tell by now of a year, and not ``before``, in order; only those trails of which there are any."""
    now = opened(public(connection, town, year), town)
    return {series: sorted(more, key=str) for series, found in now.items() if (more := found - before[series])}


def refuse_opened(
    connection: Transaction, town: PublishingTown, year: date, before: Mapping[Series, set[Exposed]]
) -> None:
    """Raise FiguresOpened where what was ever public of a year tells a figure that is not among those ``before``."""
    for found in newly_opened(connection, town, year, before).values():
        raise FiguresOpened(found[0].code, found[0].start)
