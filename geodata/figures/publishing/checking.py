"""The attacker on what is published, for operators: to see for themselves that nothing small can be worked out.

Somebody may have kept what was public before a revision, and knows that late messages only add to what was counted;
and where figures went, because a counter hung elsewhere, will believe that the others are as they were, and that those
of a single place that are new are those that went.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import cast

from geodata.figures.publishing import calendar, copies
from geodata.figures.publishing.copies import Copy
from geodata.figures.publishing.town import PublishingTown
from geodata.statistics.disclosure.checker import Cell, FiguresDisagree, Key, widths_below
from geodata.store.figures import reading
from geodata.store.figures.reading import PublishedFigure
from geodata.store.transaction import Transaction
from geodata.vocabulary.figures import CountMeasure, FigureScope, Span

_HOUR = "hour"
_LATE = "late"
_Change = tuple[int, date]  # the number of a copy, and a day that it has otherwise than the copy before


@dataclass(frozen=True, slots=True)
class Exposed:
    """A withheld figure that anybody can tell to within ``width``, less than k."""

    scope: str
    code: str
    span: str
    start: str
    width: int


def years(connection: Transaction, town: PublishingTown) -> list[date]:
    """The years of which days are closed."""
    closed = reading.closed(connection, town.publishes.slug, Span.DAY, (date.min, date.max))
    return sorted({calendar.start_of(Span.YEAR, day) for day in closed})


def exposed(
    connection: Transaction, town: PublishingTown, trail: str, measure: CountMeasure, year: date
) -> tuple[int, list[Exposed]]:
    """How many figures of the trail and its stations are withheld in a year, and which of them can be told.

    By all that was ever public of them. Raises FiguresDisagree.
    """
    public = copies.all_of(connection, town, trail, measure, calendar.bounds(Span.YEAR, year))
    withheld = sum(cell.value is None for cell in _cells(public[-1], town.trails[trail]).values())
    return withheld, told(public, town.trails[trail], town.rule.k)


def told(public: Sequence[Copy], stations: Sequence[str], k: int) -> list[Exposed]:
    """Which withheld figures of a trail can be told to within less than ``k`` by these copies, the oldest first.

    Raises FiguresDisagree.
    """
    only_more = True
    try:
        found = widths_below(_together(public, stations, only_more=True), k, asked=_is_figure)
    except FiguresDisagree:  # something became less: nobody can reckon with what only grows
        only_more = False
        found = widths_below(_together(public, stations, only_more=False), k, asked=_is_figure)
    found |= _told_as_before(public, stations, k, only_more=only_more)
    widths = {key[1:]: width for key, width in found.items() if not _is_sum(key[1:])}
    return [_exposed(key, width) for key, width in widths.items()]


def _told_as_before(public: Sequence[Copy], stations: Sequence[str], k: int, *, only_more: bool) -> Mapping[Key, float]:
    """What else is told to whom believes that, where figures went, the others are as they were; where that may be."""
    found: dict[Key, float] = {}
    days = set[_Change]()
    for number, day in _lost(public, stations):
        try:
            change = {(number, day)}
            of_day = _together(copies.of_day(public, day), stations, only_more=only_more, as_before=change)
            found |= widths_below(of_day, k, asked=_is_figure)
        except FiguresDisagree:
            continue
        days |= change
    for hidden_too in (True, False) if days else ():
        with suppress(FiguresDisagree):
            cells = _together(public, stations, only_more=only_more, as_before=days, hidden_too=hidden_too)
            return found | widths_below(cells, k, asked=_is_figure)
    return found


def _lost(public: Sequence[Copy], stations: Sequence[str]) -> list[_Change]:
    """The days of which a copy shows less than the one before, or has not all figures."""
    cells = [_cells(copy, stations) for copy in public]
    found: list[_Change] = []
    for number, (before, after) in enumerate(pairwise(cells), start=1):
        days = _less(before, after) | {_day(key) for key in before.keys() - after.keys()}
        found += [(number, day) for day in sorted(day for day in days if day is not None)]
    return found


def _together(
    public: Sequence[Copy],
    stations: Sequence[str],
    *,
    only_more: bool,
    as_before: AbstractSet[_Change] = frozenset(),
    hidden_too: bool = False,
) -> dict[Key, Cell]:
    """The figures of all copies, each with the number of its copy before its key.

    Where a day is another one, each smallest figure is what it was before and what came late; on those
    that became other ones ``as_before`` it is what it was, and
    with ``hidden_too`` on the days that look the same in these copies, too.
    """
    found: dict[Key, Cell] = {}
    all_names: list[dict[Key, Key]] = [{}]
    before: dict[Key, Cell] = {}
    for number, copy in enumerate(public):
        cells = _cells(copy, stations)
        less = _less(before, cells)
        believed = {day for at, day in as_before if at == number}
        moved = _moved(before, cells, believed)
        same = _same_as(public[:number], copy, hidden_too=hidden_too and bool(believed))
        old, names = all_names[-1], _named(cells, number, all_names, same)
        all_names.append(names)
        for key, cell in cells.items():
            parts: tuple[Key, ...] = tuple(names[part] for part in cell.parts)
            was = moved.get(key, key)
            if names[key] != old.get(key) and _grows(before.get(was), cell):
                if _day(key) in believed:
                    parts = (old[was],)
                elif only_more and _day(key) not in less:
                    late: Key = (_LATE, number, *key)
                    found[late] = Cell(None)
                    parts = (old[key], late)
            found.setdefault(names[key], Cell(cell.value, parts))
        before = cells
    return found


def _named(
    cells: Iterable[Key], number: int, earlier: Sequence[Mapping[Key, Key]], same: Mapping[date | None, int]
) -> dict[Key, Key]:
    """The names of a copy's figures: that of the copy with which its day is the same, or its own."""
    names: dict[Key, Key] = {}
    for key in cells:
        of = same.get(_day(key))
        own: Key = (number, *key)
        names[key] = own if of is None else earlier[of + 1].get(key, own)
    return names


def _moved(before: Mapping[Key, Cell], after: Mapping[Key, Cell], days: AbstractSet[date]) -> dict[Key, Key]:
    """By the figure of a station that is the only new one of a day or hour, that of the only one that went."""
    gone, come = (_by_time(first.keys() - second.keys(), days) for first, second in ((before, after), (after, before)))
    return {keys[0]: gone[time][0] for time, keys in come.items() if len(keys) == len(gone.get(time, ())) == 1}


def _by_time(keys: Iterable[Key], days: AbstractSet[date]) -> dict[Key, list[Key]]:
    found: defaultdict[Key, list[Key]] = defaultdict(list)
    for key in keys:
        if key[0] is FigureScope.STATION and _day(key) in days:
            found[key[2:]].append(key)
    return found


def _grows(before: Cell | None, cell: Cell) -> bool:
    """Whether both are a smallest figure of which not all is known anyway."""
    return before is not None and not (before.parts or cell.parts) and None in {before.value, cell.value}


def _same_as(before: Sequence[Copy], copy: Copy, *, hidden_too: bool) -> dict[date | None, int]:
    """The days whose figures are those of a copy before, with its number: the last, or what an undoing put back."""
    found: dict[date | None, int] = {}
    for number, other in enumerate(before):
        found |= dict.fromkeys(_same_days(other, copy, hidden_too=hidden_too), number)
    return found


def _same_days(before: Copy, after: Copy, *, hidden_too: bool) -> set[date]:
    """The days that were not revised, or whose figures are those of before, the trail's shown or ``hidden_too``."""
    same, hidden, other = set[date](), set[date](), set[date]()
    for place in before.keys() | after.keys():
        scope, _, span, day = place
        old, new = before.get(place), after.get(place)
        if span is not Span.DAY:
            continue
        same.add(day)
        if old != new:
            other.add(day)
        elif not hidden_too and scope is FigureScope.TRAIL and old is not new and new and new.withheld:
            hidden.add(day)
    return same - hidden - other


def _less(before: Mapping[Key, Cell], after: Mapping[Key, Cell]) -> set[date | None]:
    """The days on which a shown figure became less."""
    return {
        _day(key)
        for key in before.keys() & after.keys()
        if (old := before[key].value) is not None and (new := after[key].value) is not None and new < old
    }


def _day(key: Key) -> date | None:
    """The day of a figure of a day or an hour."""
    span, start = key[2], key[3]
    if span == _HOUR:
        return cast("tuple[date, int]", start)[0]
    return cast("date", start) if span is Span.DAY else None


def _cells(copy: Copy, stations: Sequence[str]) -> dict[Key, Cell]:
    """The cells of what is public; a figure of which nothing is known is none."""
    found: dict[Key, Cell] = {}
    by_kind: defaultdict[tuple[FigureScope, Span], list[PublishedFigure]] = defaultdict(list)
    for (scope, _, span, _), figure in copy.items():
        by_kind[scope, span].append(figure)
    for scope in (FigureScope.STATION, FigureScope.TRAIL):
        for span in (Span.DAY, Span.MONTH, Span.YEAR):
            for figure in by_kind[scope, span]:
                if figure.withheld or figure.value is not None:
                    _add(scope, span, figure, found, stations)
    return found


def _add(
    scope: FigureScope, span: Span, figure: PublishedFigure, found: dict[Key, Cell], stations: Sequence[str]
) -> None:
    hours = [
        (number, value)
        for number, (value, withheld) in enumerate(zip(figure.hours, figure.hours_withheld, strict=True))
        if withheld or value is not None
    ]
    for number, value in hours:
        found[scope, figure.code, _HOUR, (figure.start, number)] = Cell(
            value, _stations(scope, _HOUR, (figure.start, number), found, stations)
        )
    parts: tuple[Key, ...] = tuple((scope, figure.code, _HOUR, (figure.start, number)) for number, _ in hours)
    if span is not Span.DAY:
        parts = _shorter(scope, figure, span, found)
    found[scope, figure.code, span, figure.start] = Cell(
        figure.value, parts or _stations(scope, span, figure.start, found, stations)
    )


def _stations(
    scope: FigureScope, span: str, start: object, below: Mapping[Key, Cell], stations: Sequence[str]
) -> tuple[Key, ...]:
    """The figures of the stations that a trail's is the sum of."""
    keys: list[Key] = [(FigureScope.STATION, station, span, start) for station in stations]
    return tuple(key for key in keys if key in below) if scope is FigureScope.TRAIL else ()


def _shorter(scope: FigureScope, figure: PublishedFigure, span: Span, below: Mapping[Key, Cell]) -> tuple[Key, ...]:
    """The days of a month, the months of a year."""
    part = Span.DAY if span is Span.MONTH else Span.MONTH
    keys: list[Key] = [(scope, figure.code, part, start) for start in calendar.starts(part, span, figure.start)]
    return tuple(key for key in keys if key in below)


def _exposed(key: Key, width: float) -> Exposed:
    scope, code, span, start = key
    return Exposed(str(scope), str(code), str(span), str(start), round(width))


def _is_figure(key: Key) -> bool:
    return key[0] != _LATE


def _is_sum(key: Key) -> bool:
    """A station's year: where it can be told though it is withheld, it is one that could have been shown."""
    return key[0] is FigureScope.STATION and key[2] is Span.YEAR
