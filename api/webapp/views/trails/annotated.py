"""What was on days of a chart of counts: numbered below it, marked above its bars, named in its table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from babel.dates import format_interval, format_skeleton

from api.catalogue.snapshot import Snapshot
from api.drawing.bars import LEFT, BarDrawing
from api.languages.texts import Texts
from api.webapp.views.frame import Frame, StationLink, Words
from api.webapp.views.parts import station_link
from geodata.conditions.annotations import AnnotationKind, PublicAnnotation
from geodata.model.sentences import marked

_KINDS = {
    AnnotationKind.EVENT: marked("Veranstaltung"),
    AnnotationKind.DEFECT: marked("Zähler gestört"),
    AnnotationKind.CLOSURE: marked("Weg gesperrt"),
    AnnotationKind.OTHER: marked("Sonstiges"),
}
_WIDTH_OF_A_LETTER = 8.0
_GAP = 1.0  # between marks side by side


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartNote:
    """An annotation with its ``number`` in a chart; ``text`` is the town's own, ``station`` None: the whole trail."""

    number: int
    days: str
    kind: str
    text: Words | None
    station: StationLink | None


@dataclass(frozen=True, slots=True)
class NoteMark:
    """Periods in a row with the same annotations: from where to where on the drawing."""

    x: float
    width: float


@dataclass(frozen=True, slots=True)
class ChartNotes:
    """The annotations of a chart: as ``listed`` below it, as ``marks`` with ``labels`` (x, text) above its bars.

    ``of_periods`` are their numbers in words for each period, such as ``1–3, 7``; empty where there is none.
    """

    listed: tuple[ChartNote, ...]
    marks: tuple[NoteMark, ...]
    labels: tuple[tuple[float, str], ...]
    of_periods: tuple[str, ...]


def notes_of(
    annotations: Sequence[PublicAnnotation],
    periods: Sequence[tuple[date, date]],
    drawing: BarDrawing | None,
    snapshot: Snapshot,
    frame: Frame,
) -> ChartNotes:
    """Those that have a day in one of ``periods`` (first and last day of each, in order; at least one)."""
    touching = [each for each in annotations if each.touches(periods[0][0], periods[-1][1])]
    numbers = [
        tuple(number for number, each in enumerate(touching, 1) if each.touches(first, last)) for first, last in periods
    ]
    marks, labels = _marked(numbers, drawing) if drawing else ((), ())
    return ChartNotes(
        listed=tuple(_note(number, each, snapshot, frame) for number, each in enumerate(touching, 1)),
        marks=marks,
        labels=labels,
        of_periods=tuple(map(_ranges, numbers)),
    )


def _note(number: int, annotation: PublicAnnotation, snapshot: Snapshot, frame: Frame) -> ChartNote:
    station = snapshot.catalogue.stations.get(annotation.station) if annotation.station else None
    return ChartNote(
        number=number,
        days=_days(annotation.first_day, annotation.last_day, frame.t),
        kind=frame.t(_KINDS[annotation.kind]),
        text=Words.german(annotation.text) if annotation.text else None,
        station=station_link(station, frame) if station else None,
    )


def _days(first: date, last: date, t: Texts) -> str:
    if first == last:
        return format_skeleton("yMMMd", first, locale=t.locale)
    return format_interval(first, last, "yMMMd", locale=t.locale)


def _marked(
    numbers: Sequence[tuple[int, ...]], drawing: BarDrawing
) -> tuple[tuple[NoteMark, ...], tuple[tuple[float, str], ...]]:
    """A mark over each run of periods with the same numbers; labels that would touch stand together."""
    slot = 2 * (drawing.middles[0] - LEFT)
    marks: list[NoteMark] = []
    labels: list[tuple[float, float, frozenset[int]]] = []
    for own, run in groupby(range(len(numbers)), key=numbers.__getitem__):
        members = list(run)
        if not own:
            continue
        begin, end = (drawing.middles[members[at]] + side * (slot / 2 - _GAP) for at, side in ((0, -1), (-1, 1)))
        marks.append(NoteMark(round(begin, 1), round(end - begin, 1)))
        labels.append((begin, end, frozenset(own)))
        while len(labels) > 1 and _touch(labels[-2], labels[-1]):
            (first, _, left), (_, last, right) = labels[-2:]
            labels[-2:] = [(first, last, left | right)]
    return tuple(marks), tuple((_middle(label), _ranges(sorted(label[2]))) for label in labels)


def _touch(left: tuple[float, float, frozenset[int]], right: tuple[float, float, frozenset[int]]) -> bool:
    letters = (len(_ranges(sorted(left[2]))) + len(_ranges(sorted(right[2])))) / 2 + 1
    return _middle(right) - _middle(left) < letters * _WIDTH_OF_A_LETTER


def _middle(label: tuple[float, float, frozenset[int]]) -> float:
    return round((label[0] + label[1]) / 2, 1)


def _ranges(numbers: Sequence[int]) -> str:
    """``1–3, 7`` of rising numbers."""
    runs = [list(run) for _, run in groupby(enumerate(numbers), key=lambda each: each[1] - each[0])]
    spans = [(run[0][1], run[-1][1]) for run in runs]
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in spans)
