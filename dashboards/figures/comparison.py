"""Whether more or fewer passed than a year before: what may be asked on the page, and the answer in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from babel.dates import format_date

from dashboards.languages import marked, t
from geodata.conditions.annotations import AnnotationScope
from geodata.figures.comparison import YearQuestion
from geodata.messages.translation import translated
from geodata.statistics.comparison.outcome import Comparison, Method
from geodata.statistics.comparison.sentence import sentence

_METHODS = {
    Method.REGRESSION: marked(
        "Wochentag, Feiertage, Ferien, Jahreszeit und, soweit bekannt, das Wetter sind herausgerechnet."
    ),
    Method.MATCHED_DAYS: marked(
        "Verglichen sind gleichartige Tage derselben Wochen; das Wetter ist nicht herausgerechnet."
    ),
}


class ComparedSpan(StrEnum):
    """What can be compared with a year before."""

    LAST_YEAR = "last-year"
    TO_DATE = "to-date"


NEWEST_FIRST = (ComparedSpan.TO_DATE, ComparedSpan.LAST_YEAR)
"""Of these the page proposes the first that can be answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonAnswer:
    """The ``sentence`` for the council, what it is ``about``, how it was found, and what was left out."""

    sentence: str
    about: str
    basis: str
    notes: Sequence[str]


def offered(today: date) -> dict[ComparedSpan, str]:
    """What can be asked ``today``, in words: of a year that has just begun nothing is over yet."""
    year = today.year
    spans = {ComparedSpan.LAST_YEAR: t("das ganze Jahr %(year)s mit %(before)s", year=year - 1, before=year - 2)}
    if (until := today - timedelta(days=1)).year == year:
        day = format_date(until, "d. MMMM" if t.language == "de" else "d MMMM", locale=t.language)
        spans[ComparedSpan.TO_DATE] = t(
            "%(year)s bis %(day)s mit denselben Tagen %(before)s", year=year, day=day, before=year - 1
        )
    return spans


def question(span: ComparedSpan, scope: AnnotationScope, today: date, *, leave_out_annotated: bool) -> YearQuestion:
    """The question about ``span``, which is offered today."""
    if span is ComparedSpan.LAST_YEAR:
        years, last = (today.year - 2, today.year - 1), (12, 31)
    else:
        until = today - timedelta(days=1)
        years, last = (today.year - 1, today.year), (until.month, until.day)
    return YearQuestion(
        scope=scope, before=years[0], after=years[1], last=last, leave_out_annotated=leave_out_annotated
    )


def answer(found: Comparison, about: str) -> ComparisonAnswer:
    """What was found, in words; ``about`` says what was asked."""
    basis = ""
    if found.change is not None:
        counted = t(
            "%(first)s gezählte Tage %(before)s und %(second)s Tage %(after)s, über alle Zähler, aus %(weeks)s Wochen.",
            first=found.days[0], before=found.before, second=found.days[1], after=found.after, weeks=found.weeks,
        )  # fmt: skip
        basis = f"{counted} {t(_METHODS[found.change.method])}"
    return ComparisonAnswer(
        sentence=translated(sentence(found), t.language),
        about=about,
        basis=basis,
        notes=[translated(note, t.language) for note in found.notes],
    )
