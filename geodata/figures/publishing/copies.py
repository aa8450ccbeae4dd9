"""All that was ever public of a trail in a year: what is now, and what was before each revision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeAlias

from geodata.figures.publishing.town import PublishingTown
from geodata.store.figures import reading, revisions
from geodata.store.figures.reading import PublishedFigure
from geodata.store.transaction import Transaction
from geodata.vocabulary.figures import CountMeasure, FigureScope, Span

Place: TypeAlias = tuple[FigureScope, str, Span, date]
Copy: TypeAlias = Mapping[Place, PublishedFigure]
"""What anybody could read on one day."""

_SPANS = (Span.DAY, Span.MONTH, Span.YEAR)
"""Weeks, and a municipality's figures, are no more than sums of those that are shown."""


def present(
    connection: Transaction, town: PublishingTown, trail: str, measure: CountMeasure, within: tuple[date, date]
) -> dict[Place, PublishedFigure]:
    """What is public now of the trail and its stations."""
    return {
        (scope, figure.code, span, figure.start): figure
        for scope, codes in ((FigureScope.STATION, town.trails[trail]), (FigureScope.TRAIL, [trail]))
        for span in _SPANS
        for figure in reading.figures(connection, scope, codes, measure, span, within)
    }


def all_of(
    connection: Transaction, town: PublishingTown, trail: str, measure: CountMeasure, within: tuple[date, date]
) -> list[Copy]:
    """What was public of the trail and its stations, the oldest first; the last is what is public now.

    A year that a revision did not change had not been closed by then: nobody could read it.
    """
    found: list[Copy] = [present(connection, town, trail, measure, within)]
    places = {(FigureScope.TRAIL, trail), *((FigureScope.STATION, code) for code in town.trails[trail])}
    for before in revisions.stood(connection, town.publishes.slug, measure, within):
        older = {
            place: figure
            for place, figure in found[0].items()
            if place[2:] not in before.times and place[2] is not Span.YEAR
        }
        older |= {
            place: figure for place, figure in before.figures.items() if place[:2] in places and place[2] in _SPANS
        }
        found.insert(0, older)
    return found


def of_day(copies: Sequence[Copy], day: date) -> list[Copy]:
    """What they say of one day."""
    return [{place: copy[place] for place in copy if place[2:] == (Span.DAY, day)} for copy in copies]
