"""All that the explorer shows, read in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean

from api.catalogue.texts import title_of
from dashboards.explorer import drawing, heat, words
from dashboards.explorer.asked import AskedSpan, ExplorerPlace, ExplorerQuery, span_asked
from dashboards.explorer.drawing import UsageChart
from dashboards.explorer.heat import HeatTable
from dashboards.explorer.rows import UsageRow, UsageRowWords, in_words, rows
from dashboards.figures import comparison
from dashboards.figures.annotations import NumberedNote, numbered
from dashboards.figures.comparison import ComparisonAnswer
from dashboards.languages import t
from dashboards.services import StaffServices
from geodata.figures.comparison import YearQuestion, can_be_answered, compare_years
from geodata.figures.usage import exploring, weather
from geodata.figures.usage.exploring import StationUse, Usage, UsageColumns
from geodata.statistics.comparison.day import WeatherDay
from geodata.statistics.usage.buckets import UsageBucket, coarser, span_before
from geodata.statistics.usage.ranges import DaySpan
from geodata.store.comparison import annotation
from geodata.store.transaction import Transaction

TABLE_ROWS = 120
"""Of the table at once; the others are a page further."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplorerFigures:
    """What the table, the chart and the files are made of."""

    asked: AskedSpan
    columns: UsageColumns
    usage: Usage
    before: Usage | None
    rows: Sequence[UsageRow]
    notes: Sequence[NumberedNote]
    weather: Mapping[date, WeatherDay]


@dataclass(frozen=True, slots=True, kw_only=True)
class StationUseRow:
    """What a station had in all of the time, in words."""

    name: str
    passes: str
    state: str
    scans: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplorerView:
    """What ``explore.html`` shows; ``parts``: how many pages the table has; ``drawn``: the length of a bar.

    ``passes`` and ``scans`` are empty where nobody counted.
    """

    figures: ExplorerFigures
    days: str
    passes: str
    passes_said: str
    scans: str
    scans_said: str
    weather: str
    weather_said: str
    chart: UsageChart
    drawn: UsageBucket
    table: Sequence[UsageRowWords]
    parts: int
    stations: Sequence[StationUseRow]
    heat: HeatTable | None
    heat_is_scans: bool
    comparison: ComparisonAnswer | None
    no_comparison: str


def read(
    connection: Transaction, services: StaffServices, place: ExplorerPlace, query: ExplorerQuery
) -> ExplorerFigures:
    """The points of what is asked, with what stands beside them."""
    today = services.clock().astimezone(place.zone).date()
    since = exploring.first_day(connection, place.used) or today
    asked = span_asked(query, today, place.town.land, since)
    columns = exploring.gather(connection, place.used, asked.span, asked.bucket)
    usage = exploring.sum_up(place.used, columns, asked.span, asked.bucket)
    before = None
    if query.before:
        before = exploring.read(connection, place.used, span_before(asked.bucket, asked.span), asked.bucket)
    days = weather.of_days(connection, place.used, asked.span)
    notes = _notes(connection, services, place, asked.span)
    return ExplorerFigures(
        asked=asked,
        columns=columns,
        usage=usage,
        before=before,
        rows=rows(usage, before, days, notes),
        notes=notes,
        weather=days,
    )


def look(services: StaffServices, place: ExplorerPlace, query: ExplorerQuery) -> ExplorerView:
    """Read and compute the page."""
    with services.database.transaction() as connection:
        found = read(connection, services, place, query)
        week = exploring.hours_of_week(connection, place.used, found.asked.span)
        answer, refusal = _compared(connection, services, place, found) if query.before else (None, "")
        drawn, bars = _drawn(connection, place, found)
    bucket = found.asked.bucket
    parts = max(-(-len(found.rows) // TABLE_ROWS), 1)
    part = min(query.part, parts)
    is_scans = found.usage.total.passes.coverage is None
    return ExplorerView(
        figures=found,
        days=words.days(found.asked.span),
        passes="" if found.usage.total.passes.passes is None else words.passes(found.usage.total.passes),
        passes_said=_said(found.usage),
        scans="" if found.usage.total.scans is None else words.number(found.usage.total.scans),
        scans_said=words.scans_state(found.usage.total),
        weather=_weather(found.weather),
        weather_said=_weather_said(found),
        chart=drawing.chart(bars, drawn),
        drawn=drawn,
        table=[in_words(row, bucket) for row in found.rows[(part - 1) * TABLE_ROWS : part * TABLE_ROWS]],
        parts=parts,
        stations=[_station(each, place) for each in found.usage.stations],
        heat=heat.table(week, is_scans=is_scans),
        heat_is_scans=is_scans,
        comparison=answer,
        no_comparison=refusal,
    )


def _notes(connection: Transaction, services: StaffServices, place: ExplorerPlace, span: DaySpan) -> list[NumberedNote]:
    written = annotation.load(connection, place.town.slug, (span.first, span.end))
    return numbered(written, place.scope, span.first, services.keeper.current)


def _drawn(
    connection: Transaction, place: ExplorerPlace, found: ExplorerFigures
) -> tuple[UsageBucket, Sequence[UsageRow]]:
    """The rows themselves, or of a longer length where there are more of them than bars can be seen."""
    bucket = found.asked.bucket
    if len(found.rows) <= drawing.MOST_BARS:
        return bucket, found.rows
    while len(found.rows) / _TIMES[bucket] > drawing.MOST_BARS and bucket is not UsageBucket.MONTH:
        bucket = coarser(bucket)
    usage = exploring.sum_up(place.used, found.columns, found.asked.span, bucket)
    before = None
    if found.before:
        before = exploring.read(connection, place.used, span_before(bucket, found.asked.span), bucket)
    return bucket, rows(usage, before, {}, found.notes)


_TIMES = {UsageBucket.HOUR: 1, UsageBucket.DAY: 1, UsageBucket.WEEK: 7, UsageBucket.MONTH: 30}


def _said(usage: Usage) -> str:
    passes = usage.total.passes
    if passes.shared:
        return t("%(state)s; dazu geschätzt %(number)s", state=words.state(passes), number=words.number(passes.shared))
    return words.state(passes)


def _weather(days: Mapping[date, WeatherDay]) -> str:
    temperatures = [day.temperature for day in days.values() if day.temperature is not None]
    rains = [day.rain for day in days.values() if day.rain is not None]
    if not temperatures and not rains:
        return "–"
    said = [words.measured(fmean(temperatures), "°C")] if temperatures else []
    return ", ".join([*said, words.measured(sum(rains), "mm")] if rains else said)


def _weather_said(found: ExplorerFigures) -> str:
    if found.weather:
        return t("Mittel der Tage, Regen zusammen")
    if found.asked.span.days > weather.OWN_DAYS:
        return t("Über so lange Zeit steht es hier nur von einer Wetterstation, und es ist keine eingelesen.")
    return t("nicht bekannt")


def _station(use: StationUse, place: ExplorerPlace) -> StationUseRow:
    station = next((each for each in place.stations if each.code == use.code), None)
    return StationUseRow(
        name=f"{station.number} · {title_of(station)}" if station else t("neben den Stationen"),
        passes=words.passes(use.passes),
        state=words.state(use.passes) if use.passes.passes is not None else "",
        scans="–" if use.scans is None else words.number(use.scans),
    )


def _compared(
    connection: Transaction, services: StaffServices, place: ExplorerPlace, found: ExplorerFigures
) -> tuple[ComparisonAnswer | None, str]:
    """The honest sentence, or why there is none."""
    today = services.clock().astimezone(place.zone).date()
    first, last = found.asked.span.first, min(found.asked.span.last, today - timedelta(days=1))
    if first.year != last.year or last < first:
        return None, t("Verglichen werden kann nur, was in einem Kalenderjahr liegt und vorbei ist.")
    question = YearQuestion(
        scope=place.scope, before=last.year - 1, after=last.year, first=(first.month, first.day),
        last=(last.month, last.day),
    )  # fmt: skip
    if not can_be_answered(connection, question):
        return None, t("Aus einem der beiden Jahre gibt es keinen voll gezählten Tag. Deshalb sagen wir nichts.")
    about = t("%(days)s mit denselben Tagen %(year)s", days=words.days(DaySpan(first, last)), year=last.year - 1)
    return comparison.answer(compare_years(connection, question), about), ""
