"""Weeks as bars, as a table and as CSV: gaps are said, what is estimated stands beside, annotations have numbers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from api.drawing.bars import BarKind
from dashboards.figures import weeks
from dashboards.figures.annotations import NumberedNote
from geodata.figures.trail_weeks import WeekAndYearBefore
from geodata.model.counting.counter import CountFlag
from geodata.statistics.counting.trail_sums import TrailPeriod

MONDAY = date(2026, 9, 7)


def period(
    start: date, passes: int | None, *, coverage: float = 1.0, shared: int = 0, counters: int = 1
) -> TrailPeriod:
    return TrailPeriod(
        start=start, end=start + timedelta(days=7), passes=passes, shared=shared, coverage=coverage, valid_days=7,
        counters=counters, flags=CountFlag.NONE,
    )  # fmt: skip


def year(*passes: int | None, before: TrailPeriod | None = None) -> list[WeekAndYearBefore]:
    return [
        WeekAndYearBefore(period(MONDAY + timedelta(weeks=number), each, coverage=0.0 if each is None else 1.0), before)
        for number, each in enumerate(passes)
    ]


def note(number: int, first: date, last: date) -> NumberedNote:
    return NumberedNote(
        id=number, number=number, first_day=first, last_day=last, days="", kind="Fest", place="ganzer Pfad",
        text=f"Fest {number}", created_by="ute", public=False,
    )  # fmt: skip


def test_a_week_without_a_count_is_hatched_and_one_of_which_a_part_is_known_is_pale() -> None:
    partly = WeekAndYearBefore(period(MONDAY + timedelta(weeks=3), 5, coverage=0.6), None)
    found = weeks.chart([*year(10, None, 0), partly], [])
    assert found.drawing is not None
    assert [bar.kind for bar in found.drawing.bars] == [BarKind.COUNTED, BarKind.COUNTED, BarKind.PARTLY]
    assert len(found.drawing.gaps) == 1
    assert "schraffiert: nicht gezählt" in found.how
    assert "hell: nur ein Teil der Zeit gezählt" in found.how
    assert [row.passes for row in found.rows] == ["5", "0", "nicht gezählt", "10"], "the newest first"
    assert [row.coverage for row in found.rows] == ["60\u00a0%", "100\u00a0%", "0\u00a0%", "100\u00a0%"]


def test_a_week_without_a_counter_says_so_and_claims_no_coverage() -> None:
    (row,) = weeks.chart([WeekAndYearBefore(period(MONDAY, None, coverage=0, counters=0), None)], []).rows
    assert (row.passes, row.coverage) == ("kein Zähler", "–")


@pytest.mark.parametrize(("coverage", "marks"), [(0.8, 1), (0.79, 0)])
def test_the_year_before_is_marked_only_where_enough_of_it_was_counted(coverage: float, marks: int) -> None:
    before = period(date(2025, 9, 8), 30, coverage=coverage)
    found = weeks.chart(year(10, before=before), [])
    assert found.drawing is not None
    assert len(found.drawing.marks) == marks
    assert ("Strich" in found.how) == bool(marks)
    assert found.rows[0].before == f"30 ({round(100 * coverage)}\u00a0% gezählt)"


def test_what_is_estimated_is_said_with_its_share_and_is_in_no_bar() -> None:
    found = weeks.chart([WeekAndYearBefore(period(MONDAY, 30, shared=10), None)], [])
    assert found.rows[0].estimated == "10 (25\u00a0%)"
    assert found.rows[0].passes == "30"
    assert "Geschätztes ist nicht in den Balken" in found.how


def test_an_annotation_is_marked_where_it_begins_and_numbered_in_each_week_that_it_touches() -> None:
    notes = [note(1, MONDAY - timedelta(days=30), MONDAY), note(2, MONDAY + timedelta(days=6), MONDAY + timedelta(7))]
    found = weeks.chart(year(1, 2, 3), notes)
    assert [text for _, text in found.notes] == ["1, 2"], "the first one began before the chart"
    assert [row.notes for row in found.rows] == ["", "2", "1, 2"]


def test_annotations_that_begin_far_from_each_other_have_a_mark_each() -> None:
    found = weeks.chart(
        year(*range(20)), [note(1, MONDAY, MONDAY), note(2, MONDAY + timedelta(weeks=19), MONDAY + timedelta(weeks=19))]
    )
    assert [text for _, text in found.notes] == ["1", "2"]
    assert found.notes[0][0] < found.notes[1][0]


def test_the_csv_leaves_a_gap_empty_and_writes_0_where_nobody_came() -> None:
    before = period(date(2025, 9, 8), 30, coverage=0.905)
    text = weeks.as_csv(year(0, None, before=before), [note(1, MONDAY, MONDAY)], "Europe/Berlin").decode("utf-8-sig")
    head, first, second = text.splitlines()
    assert head.startswith("Woche;erster Tag;letzter Tag;Durchgänge gezählt;dazu geschätzt;")
    assert first == "2026-W37;07.09.2026;13.09.2026;0;0;100,0;7;30;90,5;, Fest: Fest 1 (ganzer Pfad)"
    assert second == "2026-W38;14.09.2026;20.09.2026;;0;0,0;7;30;90,5;"


@pytest.mark.parametrize(
    ("share", "text"), [(0, "0"), (0.001, "<\u00a01"), (0.5, "50"), (0.994, "99"), (0.996, "100"), (1, "100")]
)
def test_a_share_is_100_only_where_all_of_it_counts_as_counted(share: float, text: str) -> None:
    assert weeks.percent(share) == f"{text}\u00a0%"


@pytest.mark.parametrize(
    ("last", "text"),
    [
        (date(2026, 12, 28), "28. Dezember 2026"),
        (date(2026, 12, 31), "28.–31. Dezember 2026"),
        (date(2027, 1, 3), "28. Dezember 2026 – 3. Januar 2027"),
    ],
)
def test_days_are_named_as_people_write_them(last: date, text: str) -> None:
    assert weeks.span(date(2026, 12, 28), last) == text
    assert weeks.span(date(2026, 11, 30), date(2026, 12, 6)) == "30. November – 6. Dezember 2026"
