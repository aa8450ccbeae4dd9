"""A municipality whose figures are to be published: its trails with their stations, and its rule."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from geodata.model.municipality import Publishing
from geodata.statistics.disclosure.figure import NOTHING, WITHHELD, Finest, Rule
from geodata.statistics.known_time import KnownTime, mean
from geodata.store.figures import periods
from geodata.store.figures.published import FigureEntry
from geodata.store.transaction import Transaction
from geodata.vocabulary.figures import FigureScope


@dataclass(frozen=True)
class PublishingTown:
    """``trails``: the codes of all stations of each trail."""

    publishes: Publishing
    trails: dict[str, list[str]]

    @property
    def rule(self) -> Rule:
        """What may be shown from now on."""
        return Rule(self.publishes.smallest_count, Finest(self.publishes.finest))

    @cached_property
    def stations(self) -> list[str]:
        """Those of all trails."""
        return [code for codes in self.trails.values() for code in codes]


def load(connection: Transaction, publishes: Publishing) -> PublishingTown:
    """The municipality with its trails as they are now."""
    return PublishingTown(publishes, periods.stations_by_trail(connection, publishes.slug))


def entry(scope: FigureScope, code: str, figure: int, count: int, time: KnownTime) -> FigureEntry:
    """A figure as it is written: ``figure`` is ``count`` or WITHHELD."""
    return FigureEntry(scope, code, None if count == NOTHING else count, figure != WITHHELD, time)


def whole(town: PublishingTown, of_trails: list[FigureEntry]) -> FigureEntry | None:
    """The municipality's figure: the sum of its trails', shown where all of them are; None where there are none."""
    if not of_trails:
        return None
    counts = [each.count for each in of_trails if each.count is not None]
    shown = all(each.shown for each in of_trails)
    time = mean([each.time for each in of_trails])
    return FigureEntry(FigureScope.MUNICIPALITY, town.publishes.slug, sum(counts) if counts else None, shown, time)
