"""How many walked a trail, for citizens: the last closed month, a year by month, a month by day, and each station."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from babel.dates import format_date, format_skeleton

from api.catalogue.snapshot import Snapshot
from api.drawing import bars
from api.drawing.bars import BarDrawing, BarKind, BarValue
from api.languages.texts import Texts
from api.webapp import wording
from api.webapp.published import TrailFigures
from api.webapp.views.frame import Frame, StationLink, Words
from api.webapp.views.parts import Licence, licence_of, station_link, trail_name
from api.webapp.views.trails.annotated import ChartNotes, notes_of
from api.webapp.views.trails.walked import WHOLE, coverage, is_estimated
from geodata.conditions.annotations import PublicAnnotation
from geodata.model.trail import Trail
from geodata.statistics.figure import Figure, FigureState

_KINDS = {FigureState.HIDDEN: BarKind.HIDDEN, FigureState.NO_DATA: BarKind.GAP}
_NAMED = 13  # more names of periods would touch each other


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A period in the table: its name, its number or why there is none, and how much of it was counted if not all.

    ``notes``: the numbers of its annotations, such as ``1–3``.
    """

    name: str
    count: str
    coverage: str
    notes: str


@dataclass(frozen=True, slots=True)
class PeriodChart:
    """Bars with their table, whose rows are of one ``period`` each.

    ``names`` are x and text below the bars, ``highest`` what the highest of them says.
    """

    caption: str
    table: str
    period: str
    drawing: BarDrawing | None
    names: tuple[tuple[float, str], ...]
    highest: tuple[float, float, str] | None
    notes: ChartNotes
    rows: tuple[PeriodRow, ...]


@dataclass(frozen=True, slots=True)
class StationFigures:
    """A station and its numbers of the month; a dash where nothing counts there."""

    station: StationLink
    passes: str
    scans: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitsPage:
    """What ``visits.html`` shows. ``sentence`` says the last closed month; ``coverage`` how much of it was counted."""

    frame: Frame
    slug: str
    name: Words
    month: str
    count: str
    sentence: str
    coverage: str
    is_least: bool
    """Whether it is "at least" so many."""
    year_before: str
    year: PeriodChart | None
    days: PeriodChart | None
    silences: str
    """On how many of the days a counter was silent for a while, and what that means; empty where none was."""
    stations: tuple[StationFigures, ...]
    open_data: str
    """Where the town's files of the last month's year are; empty where no counter of the trail counts."""
    licence: Licence
    is_invented: bool


@dataclass(frozen=True, slots=True)
class _Around:
    """What charts need beside their figures."""

    snapshot: Snapshot
    frame: Frame
    zone: tzinfo
    annotations: Sequence[PublicAnnotation]


def build(snapshot: Snapshot, trail: Trail, figures: TrailFigures, frame: Frame) -> VisitsPage:
    """Build the page of what is published of ``trail``."""
    zone, t = snapshot.catalogue.timezone_of(trail.slug), frame.t
    last = figures.months[-1] if figures.months else None
    around = _Around(snapshot, frame, zone, figures.annotations)
    return VisitsPage(
        frame=frame,
        slug=trail.slug,
        name=trail_name(trail, frame),
        month=_month(last, zone, t) if last else "",
        count=wording.number(last.count, 0, t) if last and last.count is not None else "",
        sentence=sentence_of(last, zone, t),
        coverage=coverage(last, t) if last else "",
        is_least=last is not None and last.time.at_least,
        year_before=_year_before(figures.months, zone, t),
        year=_chart(figures.months[-12:], around, by_month=True),
        days=_chart(figures.days, around, by_month=False),
        silences=silences_of(figures.days, t),
        stations=tuple(
            StationFigures(station_link(station, frame), _cell(passes, t), _cell(scans, t))
            for station, passes, scans in figures.stations
        ),
        open_data=_open_data(trail, figures, zone),
        licence=licence_of(trail, frame),
        is_invented=not trail.surveyed,
    )


def sentence_of(last: Figure | None, zone: tzinfo, t: Texts) -> str:
    """What is said of the last closed month, after its number if it has one; None: no month is closed yet."""
    if last is None:
        return t("Noch ist kein Monat ganz gezählt. Die ersten Zahlen stehen hier, wenn ein Monat zu Ende ist.")
    month = _month(last, zone, t)
    if last.count is not None:
        return t("Mal ging im %(month)s jemand an einem Zähler vorbei.", month=month)
    if last.state is FigureState.HIDDEN:
        return t("Für %(month)s nennen wir keine Zahl: Sie könnte von einzelnen Menschen erzählen.", month=month)
    return t("Im %(month)s hat kein Zähler gezählt. Das ist eine Lücke, keine Null.", month=month)


def silences_of(days: Sequence[Figure], t: Texts) -> str:
    """On how many days a counter was silent for a while; what it told afterwards has no time."""
    silent = sum(is_estimated(day) for day in days)
    if not silent:
        return ""
    said = t.plural(
        "An einem dieser Tage schwieg ein Zähler eine Zeit lang.",
        "An %(number)s dieser Tage schwieg ein Zähler eine Zeit lang.",
        silent,
    )
    meaning = t("Wie viele dabei vorbeigingen, ist bekannt; zu welcher Zeit, ist geschätzt.")
    return f"{said} {meaning}"


def _open_data(trail: Trail, figures: TrailFigures, zone: tzinfo) -> str:
    if not any(passes is not None for _, passes, _ in figures.stations):
        return ""
    return f"/data/counting/{trail.municipality}/{_local(figures.months[-1], zone).year}"


def _year_before(months: Sequence[Figure], zone: tzinfo, t: Texts) -> str:
    """That month a year earlier, and why the two numbers say neither more nor less: nothing is adjusted here."""
    if len(months) < 13 or months[-1].count is None or months[-13].count is None:
        return ""
    before = months[-13]
    said = t("Im %(month)s waren es %(count)s.", month=_month(before, zone, t), count=_count(before, t))
    caution = t("Wetter, Feiertage und Lücken sind jedes Jahr anders: Die zwei Zahlen allein sagen wenig.")
    return " ".join(filter(None, (said, coverage(before, t), caution)))


def _chart(figures: Sequence[Figure], around: _Around, *, by_month: bool) -> PeriodChart | None:
    if not figures:
        return None
    zone, t, name = around.zone, around.frame.t, _month if by_month else _day
    values = [_bar(figure) for figure in figures]
    drawing = bars.draw(values)
    names = [_short(figure, zone, t, by_month=by_month) for figure in figures]
    periods = [(_local(figure, zone).date(), _last_day(figure, zone)) for figure in figures]
    notes = notes_of(around.annotations, periods, drawing, around.snapshot, around.frame)
    return PeriodChart(
        caption=_caption(figures, zone, t, by_month=by_month),
        table=t("Monate als Tabelle") if by_month else t("Tage als Tabelle"),
        period=t("Monat") if by_month else t("Tag"),
        drawing=drawing,
        names=_placed(names, drawing) if drawing else (),
        highest=_highest(figures, drawing, t) if drawing else None,
        notes=notes,
        rows=tuple(
            PeriodRow(name(figure, zone, t), _count(figure, t), coverage(figure, t), numbers)
            for figure, numbers in zip(figures, notes.of_periods, strict=True)
        ),
    )


def _caption(figures: Sequence[Figure], zone: tzinfo, t: Texts, *, by_month: bool) -> str:
    """What is drawn, from when to when: below the bars is no room for years."""
    skeleton = "yMMMM" if by_month else "yMMMMd"
    first, last = (format_skeleton(skeleton, _local(each, zone), locale=t.locale) for each in (figures[0], figures[-1]))
    if by_month:
        return t("Durchgänge in jedem Monat, %(first)s bis %(last)s.", first=first, last=last)
    return t("Durchgänge an jedem Tag, %(first)s bis %(last)s.", first=first, last=last)


def _bar(figure: Figure) -> BarValue:
    if figure.count is None:
        return BarValue(_KINDS[figure.state])
    known = figure.time.coverage + figure.time.estimated
    kind = BarKind.COUNTED if known >= WHOLE else BarKind.PARTLY
    return BarValue(kind, figure.count, is_estimated=is_estimated(figure))


def _placed(names: Sequence[str], drawing: BarDrawing) -> tuple[tuple[float, str], ...]:
    """As many names as have room, the last one always."""
    every = -(-len(names) // _NAMED)
    return tuple(
        (x, name)
        for i, (x, name) in enumerate(zip(drawing.middles, names, strict=True))
        if (len(names) - 1 - i) % every == 0
    )


def _highest(figures: Sequence[Figure], drawing: BarDrawing, t: Texts) -> tuple[float, float, str] | None:
    if drawing.highest is None:
        return None
    bar = drawing.bars[sum(figure.count is not None for figure in figures[: drawing.highest])]
    highest = figures[drawing.highest]
    said = wording.number(highest.count or 0, 0, t)
    return round(bar.x + bar.width / 2, 1), bar.y, f"≥\u00a0{said}" if highest.time.at_least else said


def _cell(figure: Figure | None, t: Texts) -> str:
    return "–" if figure is None else _count(figure, t)


def _count(figure: Figure, t: Texts) -> str:
    if figure.count is not None:
        count = wording.number(figure.count, 0, t)
        return t("mindestens %(count)s", count=count) if figure.time.at_least else count
    return t("nicht genannt") if figure.state is FigureState.HIDDEN else t("nicht gezählt")


def _local(figure: Figure, zone: tzinfo) -> datetime:
    return figure.start.astimezone(zone).replace(tzinfo=None)


def _last_day(figure: Figure, zone: tzinfo) -> date:
    return figure.end.astimezone(zone).date() - timedelta(days=1)


def _month(figure: Figure, zone: tzinfo, t: Texts) -> str:
    return format_skeleton("yMMMM", _local(figure, zone), locale=t.locale)


def _day(figure: Figure, zone: tzinfo, t: Texts) -> str:
    return format_skeleton("yMMMEd", _local(figure, zone), locale=t.locale)


def _short(figure: Figure, zone: tzinfo, t: Texts, *, by_month: bool) -> str:
    return format_date(_local(figure, zone), "LLLLL" if by_month else "d", locale=t.locale).removesuffix(".")
