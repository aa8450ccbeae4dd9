"""What is written of a trail's day when its month is revised: new figures if they tell nothing hidden, else the old.

A counter that hung elsewhere, as is known now, takes its figures with it: its place has none any more. Whoever kept
them knows them of the new place, too. Where that is the matter and hours would tell a hidden figure, no hour of the day
is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from geodata.figures.publishing import checking
from geodata.figures.publishing.copies import Copy, Place
from geodata.store.figures import reading
from geodata.store.figures.published import FigureEntry
from geodata.vocabulary.figures import FigureScope, Span

_HIDDEN = -1


class RevisedAs(StrEnum):
    """What a revision did with a trail's day, and why it stays as it was."""

    CHANGED = "changed"
    SAME = "same"  # nothing other is known
    SMALL = "small"  # a figure that is shown would be small now
    TELLS = "tells"  # beside the figures of before, the new ones would tell a hidden one


@dataclass(frozen=True, slots=True)
class RevisedDay:
    """A trail's day: what was ever ``public`` of it, the ``old`` figures and what is known of their places now.

    ``lost``: the figures of stations in the town, on this trail or another, of which less is known than before.
    """

    start: date
    stations: Sequence[str]
    k: int
    public: Sequence[Copy]
    old: Sequence[FigureEntry]
    known: Sequence[FigureEntry]
    lost: Sequence[FigureEntry]

    def decide(self) -> tuple[list[FigureEntry], RevisedAs]:
        """What is written of the day."""
        before = {(each.scope, each.code): each for each in self.old}
        new = [_held(each, before.get((each.scope, each.code))) for each in self.known]
        if _is_same(self.old, new):
            return list(self.old), RevisedAs.SAME
        if any(each.shown and each.count is not None and 0 < each.count < self.k for each in new):
            return list(self.old), RevisedAs.SMALL
        for entries in self._choices(new):
            if not self._tells(entries):
                return entries, RevisedAs.CHANGED
        return list(self.old), RevisedAs.TELLS

    def _choices(self, new: list[FigureEntry]) -> list[list[FigureEntry]]:
        """What may be written, the best first.

        `checking` knows of a counter that moved within the trail. Of others' figures, which somebody may have of
        another place, no hour is said; where these were hidden there, nothing.
        """
        if not self.lost:
            return [new]
        moved, here = self._moved(new), [each for each in self.lost if each.code in self.stations]
        if not moved or len(self.lost) == len(moved) == len(here) == 1:
            return [new, _without_hours(new)]
        return [_without_hours(new)] if all(each.shown for each in self.lost) else []

    def _tells(self, new: list[FigureEntry]) -> bool:
        """Whether somebody learns a hidden figure by the new ones and those of before."""
        known = set(checking.told(self.public, self.stations, self.k))
        moved = self._moved(new)
        versions = [new, [replace(each, shown=True) if each in moved else each for each in new]] if moved else [new]
        return any(
            set(checking.told([*self.public, self._copy(each)], self.stations, self.k)) - known for each in versions
        )

    def _moved(self, new: list[FigureEntry]) -> list[FigureEntry]:
        """The stations whose figures somebody may know from another place."""
        were = {each.code for each in self.old if each.count is not None}
        stations = [each for each in new if each.scope is FigureScope.STATION and each.count is not None]
        return [each for each in stations if each.code not in were] if self.lost else []

    def _copy(self, entries: Iterable[FigureEntry]) -> dict[Place, reading.PublishedFigure]:
        return {(each.scope, each.code, Span.DAY, self.start): _as_public(each, self.start) for each in entries}


def is_less(old: FigureEntry, new: FigureEntry | None) -> bool:
    """Whether of a place's day less is known than before: nothing, not all hours, or fewer."""
    if old.count is None:
        return False
    if new is None or new.count is None or new.count < old.count:
        return True
    hours = zip(old.hours or (), new.hours or (), strict=False)
    return any(was is not None and now is None for was, now in hours)


def _held(new: FigureEntry, old: FigureEntry | None) -> FigureEntry:
    """The new figure of a day, shown where the old one was; hours that were hidden stay so."""
    if old is None or old.count is None:
        return new
    hours = new.hours
    if hours is not None and old.hours is not None:
        hours = [
            _HIDDEN if was == _HIDDEN and now is not None else now for now, was in zip(hours, old.hours, strict=True)
        ]
    return replace(new, shown=old.shown or new.count is None, hours=hours)


def _without_hours(entries: list[FigureEntry]) -> list[FigureEntry]:
    """The day alone: all of its hours are hidden."""
    return [
        each if each.hours is None else replace(each, hours=[None if hour is None else _HIDDEN for hour in each.hours])
        for each in entries
    ]


def _ordered(entries: Iterable[FigureEntry]) -> list[FigureEntry]:
    return sorted(entries, key=lambda each: (each.scope, each.code))


def _is_same(old: Iterable[FigureEntry], new: Iterable[FigureEntry]) -> bool:
    """Whether a trail's day looks the same; where the trail's figure is hidden, whether it counts the same, too."""
    is_hidden = any(each.scope is FigureScope.TRAIL and not each.shown for each in new)

    def look(entry: FigureEntry) -> tuple[object, ...]:
        count = entry.count if entry.shown or is_hidden else None
        return entry.scope, entry.code, entry.shown, count, entry.time, entry.hours

    return [look(each) for each in _ordered(old)] == [look(each) for each in _ordered(new)]


def _as_public(entry: FigureEntry, start: date) -> reading.PublishedFigure:
    return reading.figure_of(entry.code, start, entry.count if entry.shown else _HIDDEN, entry.time, entry.hours)
