"""What can be compared with a year before hangs on today, and a comparison that is refused says why in German."""

from __future__ import annotations

from datetime import date

from dashboards.figures import comparison
from dashboards.figures.comparison import ComparedSpan
from geodata.conditions.annotations import AnnotationScope
from geodata.messages.message import message
from geodata.statistics.comparison.outcome import Comparison, Method, YearChange

SCOPE = AnnotationScope(municipality="lemgo", trail="stadtwald")


def test_the_year_to_date_is_offered_up_to_yesterday_and_not_on_its_first_day() -> None:
    assert comparison.offered(date(2026, 11, 30)) == {
        ComparedSpan.LAST_YEAR: "das ganze Jahr 2025 mit 2024",
        ComparedSpan.TO_DATE: "2026 bis 29. November mit denselben Tagen 2025",
    }
    assert list(comparison.offered(date(2027, 1, 1))) == [ComparedSpan.LAST_YEAR]


def test_the_same_days_of_both_years_are_compared() -> None:
    asked = comparison.question(ComparedSpan.TO_DATE, SCOPE, date(2026, 11, 30), leave_out_annotated=True)
    assert (asked.before, asked.after, asked.first, asked.last) == (2025, 2026, (1, 1), (11, 29))
    assert asked.leave_out_annotated
    whole = comparison.question(ComparedSpan.LAST_YEAR, SCOPE, date(2026, 11, 30), leave_out_annotated=False)
    assert (whole.before, whole.after, whole.first, whole.last) == (2024, 2025, (1, 1), (12, 31))


def test_a_refusal_says_why_in_german_and_claims_nothing() -> None:
    reason = message("only {weeks} weeks were counted in both years, and {least} are needed", weeks=3, least=8)
    found = comparison.answer(Comparison(before=2025, after=2026, change=None, reason=reason), "2026 mit 2025")
    assert found.sentence.startswith("Kein Vergleich: ")
    assert "3 Wochen" in found.sentence
    assert "%" not in found.sentence
    assert found.basis == ""


def test_a_change_that_may_be_chance_is_said_to_be_none_that_can_be_shown() -> None:
    change = YearChange(9.2, -2.1, 21.3, Method.MATCHED_DAYS)
    found = comparison.answer(Comparison(before=2025, after=2026, change=change, days=(300, 290), weeks=40), "")
    assert found.sentence == "+9 % (−2…+21): keine Änderung belegbar"
    assert found.basis.startswith("300 gezählte Tage 2025 und 290 Tage 2026, über alle Zähler, aus 40 Wochen.")
    assert "das Wetter ist nicht herausgerechnet" in found.basis
