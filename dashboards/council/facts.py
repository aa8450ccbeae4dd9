"""What the report says, all in words: read once, then set as it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from api.catalogue.snapshot import Snapshot
from api.catalogue.texts import title_of
from dashboards.council import bars
from dashboards.council.headings import headings
from dashboards.council.period import ReportPeriod
from dashboards.explorer import drawing, words
from dashboards.explorer.asked import ExplorerPlace
from dashboards.explorer.rows import UsageRow, in_words, rows
from dashboards.figures import comparison
from dashboards.figures.annotations import NumberedNote, numbered
from dashboards.languages import t
from geodata.conditions.closures import Closure
from geodata.figures.comparison import YearQuestion, can_be_answered, compare_years
from geodata.figures.usage import exploring, happenings, weather
from geodata.figures.usage.exploring import Usage
from geodata.figures.usage.happenings import Happenings
from geodata.statistics.comparison.day import WeatherDay
from geodata.statistics.usage.buckets import UsageBucket, span_before
from geodata.statistics.usage.ranges import DaySpan
from geodata.store.comparison import annotation
from geodata.store.transaction import Transaction

_HALF = 0.5
"""A day of which less is counted is told as a gap of its station."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilFacts:
    """A report: what stands on its first page, then the details; tables are rows of cells."""

    language: str
    title: str
    place: str
    period: str
    made: str
    passes: str
    passes_said: str
    scans: str
    before: str
    comparison: str
    comparison_about: str
    weather: str
    bars_svg: str
    bars_alt: str
    bars_how: str
    stations: Sequence[Sequence[str]]
    notes: Sequence[str]
    course: Sequence[Sequence[str]]
    gaps: Sequence[Sequence[str]]
    closures: Sequence[str]
    notices: Sequence[str]
    reports: str
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gathered:
    """What the words are made of; ``compared`` is the honest sentence with what it is about."""

    usage: Usage
    before: Usage
    rows: Sequence[UsageRow]
    days: Mapping[date, WeatherDay]
    notes: Sequence[NumberedNote]
    happened: Happenings
    compared: tuple[str, str]
    gaps: Sequence[Sequence[str]]


def read(
    connection: Transaction, snapshot: Snapshot, place: ExplorerPlace, period: ReportPeriod, now: datetime
) -> CouncilFacts:
    """All of it, of a period that is over."""
    found = _gather(connection, snapshot, place, period)
    chart = drawing.chart(found.rows, period.bucket)
    total = found.usage.total.passes
    return CouncilFacts(
        language=t.language,
        title=t("Bericht %(period)s", period=period.name),
        place=place.name,
        period=period.name,
        made=t("Erstellt am %(day)s aus den Zahlen dieses Tages", day=words.day(now.astimezone(place.zone).date())),
        passes="–" if total.passes is None else words.passes(total),
        passes_said=_said(found.usage),
        scans=_scans(found.usage),
        before=_before(found.before, period),
        comparison=found.compared[0],
        comparison_about=found.compared[1],
        weather=_weather(found.days, period.span),
        bars_svg=bars.svg(chart),
        bars_alt=_alt(found.rows, found.usage),
        bars_how=chart.how,
        stations=_stations(found.usage, place),
        notes=[_note(note) for note in found.notes],
        course=[_course(row, period.bucket) for row in found.rows],
        gaps=found.gaps,
        closures=[_closure(each, place) for each in found.happened.closures],
        notices=[_notice(text, count) for text, count in found.happened.notices],
        reports=_reports(found.happened),
        words=headings(period),
    )


def _gather(connection: Transaction, snapshot: Snapshot, place: ExplorerPlace, period: ReportPeriod) -> _Gathered:
    span, bucket = period.span, period.bucket
    usage = exploring.read(connection, place.used, span, bucket)
    beside = exploring.read(connection, place.used, span_before(bucket, span), bucket)
    days = weather.of_days(connection, place.used, span)
    written = annotation.load(connection, place.town.slug, (span.first, span.end))
    notes = numbered(written, place.scope, span.first, snapshot)
    return _Gathered(
        usage=usage,
        before=exploring.read(connection, place.used, period.before.span, bucket),
        rows=rows(usage, beside, days, notes),
        days=days,
        notes=notes,
        happened=happenings.read(connection, place.used, span),
        compared=_compared(connection, place, period),
        gaps=_gaps(connection, place, usage, span),
    )


def _notice(text: str, count: int) -> str:
    return t("%(text)s (an %(days)s Tagen)", text=text, days=count)


def _said(usage: Usage) -> str:
    state = words.state(usage.total.passes)
    if usage.total.passes.shared:
        return t("%(state)s; dazu geschätzt %(number)s", state=state, number=words.number(usage.total.passes.shared))
    return state


def _scans(usage: Usage) -> str:
    if usage.total.scans is None:
        return t("Aufrufe von Stationen wurden in dieser Zeit nicht gezählt.")
    return t(
        "Aufrufe von Stationen: %(number)s (gezählt in %(share)s der Zeit).",
        number=words.number(usage.total.scans), share=words.percent(usage.total.scans_share),
    )  # fmt: skip


def _before(before: Usage, period: ReportPeriod) -> str:
    total = before.total.passes
    name = period.before.name
    if total.passes is None:
        return t("%(period)s: nicht gezählt.", period=name)
    return t(
        "%(period)s: %(number)s Durchgänge, %(state)s.",
        period=name,
        number=words.passes(total),
        state=words.state(total),
    )


def _compared(connection: Transaction, place: ExplorerPlace, period: ReportPeriod) -> tuple[str, str]:
    """Of a month alone nothing can be said, so it is the year up to its end."""
    last = period.span.last
    question = YearQuestion(
        scope=place.scope, before=last.year - 1, after=last.year, first=(1, 1), last=(last.month, last.day)
    )
    about = t(
        "%(days)s mit denselben Tagen %(year)s",
        days=words.days(DaySpan(date(last.year, 1, 1), last)),
        year=last.year - 1,
    )
    if not can_be_answered(connection, question):
        return t("Ein Vergleich mit dem Vorjahr ist nicht möglich: Es fehlen gezählte Tage."), about
    answer = comparison.answer(compare_years(connection, question), about)
    return answer.sentence, ". ".join(each.rstrip(".") for each in (about, answer.basis) if each) + "."


def _weather(days: Mapping[date, WeatherDay], span: DaySpan) -> str:
    warm = [day.temperature for day in days.values() if day.temperature is not None]
    wet = [day.rain for day in days.values() if day.rain is not None]
    if not warm or not wet:
        return t("Das Wetter dieser Zeit ist nicht eingelesen.")
    return t(
        "Wetter: im Mittel %(warm)s, %(rain)s Regen, %(wet)s von %(days)s Tagen mit mehr als 1 mm.",
        warm=words.measured(sum(warm) / len(warm), "°C"), rain=words.measured(sum(wet), "mm"),
        wet=sum(each > 1 for each in wet), days=span.days,
    )  # fmt: skip


def _alt(found: Sequence[UsageRow], usage: Usage) -> str:
    known = [row for row in found if row.passes.passes is not None]
    if not known:
        return t("Schaubild ohne Balken: In dieser Zeit wurde nicht gezählt.")
    most = max(known, key=lambda row: row.passes.passes or 0)
    return t(
        "Balken der Durchgänge. Am meisten: %(when)s mit %(number)s. Alle Werte stehen in der Tabelle.",
        when=words.point_name(usage.bucket, most.start, most.end), number=words.passes(most.passes),
    )  # fmt: skip


def _stations(usage: Usage, place: ExplorerPlace) -> list[list[str]]:
    by_code = {each.code: each for each in place.stations}
    found = [each for each in usage.stations if each.passes.coverage is not None or each.scans]
    found.sort(key=lambda each: (-(each.passes.passes or -1), -(each.scans or 0)))
    return [
        [
            f"{by_code[each.code].number} · {title_of(by_code[each.code])}" if each.code else t("neben den Stationen"),
            words.passes(each.passes),
            words.state(each.passes) if each.passes.coverage is not None else "–",
            "–" if each.scans is None else words.number(each.scans),
        ]
        for each in found
    ]


def _course(row: UsageRow, bucket: UsageBucket) -> list[str]:
    said = in_words(row, bucket)
    return [
        said.name,
        said.passes,
        said.shared,
        said.state,
        said.before,
        said.scans,
        said.temperature,
        said.rain,
        said.notes,
    ]


def _gaps(connection: Transaction, place: ExplorerPlace, usage: Usage, span: DaySpan) -> list[list[str]]:
    """By station with a counter: its days of which less than half was counted, neighbours together."""
    by_code = {each.code: each for each in place.stations}
    found: list[list[str]] = []
    for use in usage.stations:
        if use.code is None or use.passes.coverage is None:
            continue
        used = exploring.at_station(place.used, use.code)
        points = exploring.read(connection, used, span, UsageBucket.DAY).points
        lacking = [
            point.start.date()
            for point in points
            if (point.passes.coverage or 1.0) < _HALF or point.passes.passes is None
        ]
        station = by_code[use.code]
        found.append([f"{station.number} · {title_of(station)}", words.percent(use.passes.coverage), _runs(lacking)])
    return found


def _runs(lacking: Sequence[date]) -> str:
    if not lacking:
        return t("keine")
    groups = groupby(enumerate(lacking), key=lambda pair: pair[1] - timedelta(days=pair[0]))
    spans = [[each for _, each in group] for _, group in groups]
    return "; ".join(words.days(DaySpan(each[0], each[-1])) for each in spans)


def _note(note: NumberedNote) -> str:
    return f"{note.days}: {note.text} ({note.kind}, {note.place})"


def _closure(closure: Closure, place: ExplorerPlace) -> str:
    content = closure.contents.get("de")
    begin = words.day(closure.valid_from.astimezone(place.zone).date())
    reason = content.reason if content else t("ohne Grund")
    if closure.valid_until is None:
        return t("Seit %(begin)s: %(reason)s", begin=begin, reason=reason)
    end = words.day((closure.valid_until - timedelta(seconds=1)).astimezone(place.zone).date())
    return t("%(begin)s bis %(end)s: %(reason)s", begin=begin, end=end, reason=reason)


def _reports(happened: Happenings) -> str:
    return t(
        "Gemeldet wurden %(reported)s Dinge, erledigt %(closed)s; am Ende waren %(open)s offen.",
        reported=happened.reported, closed=happened.closed, open=happened.left_open,
    )  # fmt: skip
