"""A year of weeks on a trail as bars beside the year before, with the same as a table and as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date

from api.drawing import bars
from api.drawing.bars import BarDrawing, BarKind, BarValue
from api.webapp.views.trails.walked import WHOLE
from dashboards import words
from dashboards.figures.annotations import NumberedNote, numbers_within
from geodata.figures.trail_weeks import WeekAndYearBefore
from geodata.statistics.comparison.coverage import LEAST_COVERAGE
from geodata.statistics.counting.trail_sums import TrailPeriod
from geodata.text import csv_table
from geodata.text.csv_table import Column, Dialect, Kind

_CLOSE = 14.0  # numbers of annotations nearer than this would touch each other
_COLUMNS = (
    Column("Woche"),
    Column("erster Tag", Kind.DAY),
    Column("letzter Tag", Kind.DAY),
    Column("Durchgänge gezählt", Kind.NUMBER),
    Column("dazu geschätzt", Kind.NUMBER),
    Column("Abdeckung in Prozent", Kind.NUMBER),
    Column("voll gezählte Tage", Kind.NUMBER),
    Column("Durchgänge Vorjahr", Kind.NUMBER),
    Column("Abdeckung Vorjahr in Prozent", Kind.NUMBER),
    Column("Anmerkungen"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekRow:
    """A week in the table, in words; ``notes`` are numbers of annotations."""

    name: str
    days: str
    passes: str
    estimated: str
    coverage: str
    valid_days: str
    before: str
    notes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekChart:
    """Bars with their table, the newest row first; ``names`` and ``notes`` are x and text, ``highest`` x, y, text."""

    how: str
    drawing: BarDrawing | None
    names: Sequence[tuple[float, str]]
    notes: Sequence[tuple[float, str]]
    highest: tuple[float, float, str] | None
    rows: Sequence[WeekRow]


def chart(weeks: Sequence[WeekAndYearBefore], notes: Sequence[NumberedNote]) -> WeekChart:
    """Draw ``weeks`` (at least one), the oldest first."""
    drawing = bars.draw([_bar(each.week) for each in weeks], [_mark(each.before) for each in weeks])
    return WeekChart(
        how=_how(weeks, drawing),
        drawing=drawing,
        names=_months(weeks, drawing) if drawing else (),
        notes=_marks(weeks, drawing, notes) if drawing else (),
        highest=_highest(weeks, drawing) if drawing else None,
        rows=[_row(each, notes) for each in reversed(weeks)],
    )


def as_csv(weeks: Sequence[WeekAndYearBefore], notes: Sequence[NumberedNote], timezone: str) -> bytes:
    """The table as a German spreadsheet opens it: an empty field is a gap, not 0."""
    rows = [
        (
            _iso(each.week.start), each.week.start, _last(each.week), each.week.passes, each.week.shared,
            _percent(each.week), each.week.valid_days, each.before and each.before.passes,
            _percent(each.before) if each.before and each.before.counters else None,
            "; ".join(note.sentence for note in notes if note.is_within(each.week.start, _last(each.week))),
        )
        for each in weeks
    ]  # fmt: skip
    return csv_table.write(_COLUMNS, rows, Dialect.EXCEL_DE, timezone)


def percent(share: float) -> str:
    """``97 %``; all of it only where it is, and not 0 where there is something."""
    whole = round(100 * share)
    if whole == 100 and share < 1:
        whole = 100 if share >= WHOLE else 99
    figure = words.number(whole) if whole or not share else "<\u00a01"
    return f"{figure}\u00a0%"


def passes(period: TrailPeriod) -> str:
    """The number, or in words that there is none."""
    if period.passes is not None:
        return words.number(period.passes)
    return "nicht gezählt" if period.counters else "kein Zähler"


def estimated(period: TrailPeriod) -> str:
    """``34 (3 %)``: what passed in silences, and its share in all; empty where there was none."""
    return f"{words.number(period.shared)} ({percent(period.estimated_share)})" if period.shared else ""


def _bar(week: TrailPeriod) -> BarValue:
    if week.passes is None:
        return BarValue(BarKind.GAP)
    return BarValue(BarKind.COUNTED if week.coverage >= WHOLE else BarKind.PARTLY, week.passes)


def _mark(before: TrailPeriod | None) -> int | None:
    """Only where enough was counted: else the mark would look like few people."""
    return before.passes if before and before.coverage >= LEAST_COVERAGE else None


def _how(weeks: Sequence[WeekAndYearBefore], drawing: BarDrawing | None) -> str:
    parts = ["Balken: Durchgänge je Woche"]
    if drawing and drawing.marks:
        share = round(100 * LEAST_COVERAGE)
        parts.append(f"Strich: dieselbe Kalenderwoche im Jahr davor, wo mindestens {share}\u00a0% gezählt sind")
    if drawing and any(bar.kind is BarKind.PARTLY for bar in drawing.bars):
        parts.append("hell: nur ein Teil der Zeit gezählt")
    if drawing and drawing.gaps:
        parts.append("schraffiert: nicht gezählt")
    if any(each.week.shared for each in weeks):
        parts.append("Geschätztes ist nicht in den Balken, es steht in der Tabelle")
    return " · ".join(parts)


def _months(weeks: Sequence[WeekAndYearBefore], drawing: BarDrawing) -> list[tuple[float, str]]:
    """The name of each month where its first Monday is, but the first, which may have room for no name."""
    starts = [each.week.start for each in weeks]
    return [
        (x, format_date(start, "LLL", locale="de").removesuffix("."))
        for x, start in zip(drawing.middles, starts, strict=True)
        if start.day <= 7
    ]


def _marks(
    weeks: Sequence[WeekAndYearBefore], drawing: BarDrawing, notes: Sequence[NumberedNote]
) -> list[tuple[float, str]]:
    """Where each annotation begins; those that would touch stand together."""
    found: list[tuple[float, str]] = []
    for x, each in zip(drawing.middles, weeks, strict=True):
        first = max(each.week.start, weeks[0].week.start)
        begun = [
            note.number
            for note in notes
            if first <= max(note.first_day, weeks[0].week.start) <= _last(each.week) and note.last_day >= first
        ]
        if begun and found and x - found[-1][0] < _CLOSE:
            found[-1] = (found[-1][0], f"{found[-1][1]}, {_listed(begun)}")
        elif begun:
            found.append((x, _listed(begun)))
    return found


def _highest(weeks: Sequence[WeekAndYearBefore], drawing: BarDrawing) -> tuple[float, float, str] | None:
    if drawing.highest is None:
        return None
    bar = drawing.bars[sum(each.week.passes is not None for each in weeks[: drawing.highest])]
    return drawing.middles[drawing.highest], bar.y, passes(weeks[drawing.highest].week)


def _row(each: WeekAndYearBefore, notes: Sequence[NumberedNote]) -> WeekRow:
    week, last = each.week, _last(each.week)
    return WeekRow(
        name=f"KW\u00a0{week.start.isocalendar().week}",
        days=span(week.start, last),
        passes=passes(week),
        estimated=estimated(week),
        coverage=percent(week.coverage) if week.counters else "–",
        valid_days=f"{week.valid_days} von {(week.end - week.start).days}",
        before=_before(each.before),
        notes=_listed(numbers_within(notes, week.start, last)),
    )


def _before(before: TrailPeriod | None) -> str:
    if before is None or before.passes is None:
        return "–"
    partly = "" if before.coverage >= WHOLE else f" ({percent(before.coverage)} gezählt)"
    return words.number(before.passes) + partly


def span(first: date, last: date) -> str:
    """``23.–29. November 2026``, ``30. November – 6. Dezember 2026``, ``28. Dezember 2026 – 3. Januar 2027``."""
    end = format_date(last, "d. MMMM y", locale="de")
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}.–{end}"
    return f"{format_date(first, 'd. MMMM' if first.year == last.year else 'd. MMMM y', locale='de')} – {end}"


def _last(period: TrailPeriod) -> date:
    return period.end - timedelta(days=1)


def _iso(start: date) -> str:
    year, week, _ = start.isocalendar()
    return f"{year}-W{week:02}"


def _percent(period: TrailPeriod) -> float:
    return round(100 * period.coverage, 1)


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))
