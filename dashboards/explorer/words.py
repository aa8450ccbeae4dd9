"""Ranges, lengths, numbers and times of the explorer, in the language of the request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from babel.dates import format_date, get_day_names

from api.drawing.numbers import format_number
from api.webapp.views.trails.walked import WHOLE
from dashboards.languages import marked, t
from geodata.figures.usage.exploring import UsagePoint
from geodata.statistics.usage.buckets import UsageBucket
from geodata.statistics.usage.ranges import DaySpan, RangePreset
from geodata.statistics.usage.sums import PassesPoint

RANGES: Mapping[RangePreset, str] = {
    RangePreset.TODAY: marked("heute"),
    RangePreset.YESTERDAY: marked("gestern"),
    RangePreset.SEVEN_DAYS: marked("7 Tage"),
    RangePreset.THIS_MONTH: marked("dieser Monat"),
    RangePreset.LAST_MONTH: marked("letzter Monat"),
    RangePreset.SEASON: marked("Saison April–Oktober"),
    RangePreset.THIS_YEAR: marked("dieses Jahr"),
    RangePreset.LAST_YEAR: marked("letztes Jahr"),
    RangePreset.SCHOOL_HOLIDAYS: marked("Schulferien"),
    RangePreset.ALL: marked("alles"),
}
BUCKETS: Mapping[UsageBucket, str] = {
    UsageBucket.HOUR: marked("Stunde"),
    UsageBucket.DAY: marked("Tag"),
    UsageBucket.WEEK: marked("Woche"),
    UsageBucket.MONTH: marked("Monat"),
}
PASSES_BY: Mapping[UsageBucket, str] = {
    UsageBucket.HOUR: marked("Durchgänge je Stunde"),
    UsageBucket.DAY: marked("Durchgänge je Tag"),
    UsageBucket.WEEK: marked("Durchgänge je Woche"),
    UsageBucket.MONTH: marked("Durchgänge je Monat"),
}
SCANS_BY: Mapping[UsageBucket, str] = {
    UsageBucket.HOUR: marked("Aufrufe je Stunde"),
    UsageBucket.DAY: marked("Aufrufe je Tag"),
    UsageBucket.WEEK: marked("Aufrufe je Woche"),
    UsageBucket.MONTH: marked("Aufrufe je Monat"),
}


def number(value: float, decimals: int = 0) -> str:
    """A number as the language writes it: ``1.284``, ``−3,5``."""
    return format_number(value, decimals, t.language, grouped=True)


def percent(share: float) -> str:
    """``97 %``; all of it only where it is, and not 0 where there is something."""
    whole = round(100 * share)
    if whole == 100 and share < 1:
        whole = 100 if share >= WHOLE else 99
    return f"{number(whole)}\u00a0%" if whole or not share else f"<\u00a0{number(1)}\u00a0%"


def passes(point: PassesPoint) -> str:
    """The number, or in words that there is none."""
    if point.passes is None:
        return t("kein Zähler") if point.coverage is None else t("nicht gezählt")
    if point.is_at_least:
        return t("mindestens %(number)s", number=number(point.passes))
    return number(point.passes)


def state(point: PassesPoint) -> str:
    """What is to be said of how well it is known."""
    if point.coverage is None:
        return t("kein Zähler hing hier")
    if point.passes is None:
        return t("Lücke: niemand hat gezählt")
    if point.coverage >= WHOLE:
        return t("ganz gezählt")
    return t("gezählt in %(share)s der Zeit", share=percent(point.coverage))


def scans(count: int | None) -> str:
    """The number, or in words that nobody counted."""
    return t("nicht gezählt") if count is None else number(count)


def scans_state(point: UsagePoint) -> str:
    """What is to be said of how well scans are known."""
    if point.scans is None:
        return t("In dieser Zeit wurden keine Aufrufe gezählt.")
    if point.scans_share < WHOLE:
        return t("Geöffnete Seiten von Stationen, gezählt in %(share)s der Zeit", share=percent(point.scans_share))
    return t("Geöffnete Seiten von Stationen")


def measured(value: float | None, unit: str) -> str:
    """``17,4 °C``; a dash where nothing is known."""
    return "–" if value is None else f"{number(value, 1)}\u00a0{unit}"


def days(span: DaySpan) -> str:
    """``1. bis 30. November 2026`` in full, as the language writes days."""
    if span.first == span.last:
        return day(span.first)
    return t("%(first)s bis %(last)s", first=day(span.first), last=day(span.last))


def day(of: date) -> str:
    """``3. November 2026``."""
    return format_date(of, "d. MMMM y" if t.language == "de" else "d MMMM y", locale=t.language)


def point_name(bucket: UsageBucket, start: datetime, end: datetime) -> str:
    """``Mo, 3. November``, ``KW 45 (2.–8. November)``, ``November 2026``, ``Mo, 3. November, 14–15 Uhr``."""
    last = (end - timedelta(seconds=1)).date()
    if bucket is UsageBucket.MONTH:
        return format_date(start, "LLLL y", locale=t.language)
    if bucket is UsageBucket.WEEK:
        return t(
            "KW %(week)s: %(days)s",
            week=start.isocalendar().week,
            days=f"{_short(start.date())}–{_short(last)}" if last != start.date() else _short(last),
        )
    weekday = format_date(start, "EEEEEE" if t.language == "de" else "EEE", locale=t.language)
    if bucket is UsageBucket.DAY:
        return f"{weekday}, {_short(start.date())}"
    return t("%(day)s, %(hour)s Uhr", day=f"{weekday}, {_short(start.date())}", hour=f"{start:%H:%M}")


def weekdays() -> Sequence[str]:
    """From Monday on, in full."""
    names = get_day_names("wide", "stand-alone", locale=t.language)
    return [names[number] for number in range(7)]


def _short(of: date) -> str:
    return format_date(of, "dd.MM.yyyy" if t.language == "de" else "dd/MM/yyyy", locale=t.language)


def axis_name(bucket: UsageBucket, start: datetime) -> str:
    """Below a bar, as short as can be: ``3.11.``, ``Nov 26``, ``14 Uhr``."""
    if bucket is UsageBucket.HOUR:
        return t("%(hour)s Uhr", hour=start.hour)
    if bucket is UsageBucket.MONTH:
        return format_date(start, "LLL yy", locale=t.language)
    return format_date(start, "d.M." if t.language == "de" else "d MMM", locale=t.language)
