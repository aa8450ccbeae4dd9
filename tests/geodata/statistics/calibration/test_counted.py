"""What a counter counted in a span: exact at its reports, even between them, unknown where it was silent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.statistics.calibration.counted import CountedSpan, NoCommonSpan, by_increments, by_total

NOON = datetime(2026, 5, 2, 12, tzinfo=UTC)
REACH = timedelta(minutes=20)


def at(minute: float) -> datetime:
    return NOON + timedelta(minutes=minute)


def totals(*values: float, step: int = 10) -> list[tuple[datetime, float]]:
    return [(at(step * number), value) for number, value in enumerate(values)]


@given(st.lists(st.integers(0, 50), min_size=3, max_size=20), st.data())
def test_total_and_increments_say_the_same(steps: list[int], data: st.DataObject) -> None:
    minutes = st.integers(0, 10 * (len(steps) - 1))
    start, end = sorted((data.draw(minutes), data.draw(minutes)))
    running = [float(sum(steps[: number + 1])) for number in range(len(steps))]
    by_running = by_total(totals(*running), at(start), at(end), REACH)
    by_steps = by_increments(totals(*map(float, steps)), at(start), at(end), REACH)
    assert isinstance(by_running, CountedSpan)
    assert isinstance(by_steps, CountedSpan)
    assert by_steps.passes == pytest.approx(by_running.passes)


def test_at_its_reports_the_count_is_exact_and_between_them_even() -> None:
    reports = totals(100, 110, 130, 130)
    assert by_total(reports, at(0), at(20), REACH) == CountedSpan(30, is_interpolated=False)
    assert by_total(reports, at(5), at(15), REACH) == CountedSpan(15, is_interpolated=True)


def test_a_silence_within_costs_a_running_total_nothing_and_increments_all() -> None:
    reports = [(at(minute), float(minute)) for minute in (0, 10, 60, 70)]
    assert by_total(reports, at(5), at(65), REACH) == CountedSpan(60, is_interpolated=True)
    assert by_increments(reports, at(5), at(65), REACH) is NoCommonSpan.SILENT


@pytest.mark.parametrize(("start", "end"), [(-1, 20), (5, 31), (-20, -10), (40, 50)])
def test_before_the_first_and_after_the_last_report_nothing_is_known(start: int, end: int) -> None:
    assert by_total(totals(1, 2, 3, 4), at(start), at(end), REACH) is NoCommonSpan.SILENT
    assert by_increments(totals(1, 2, 3, 4), at(start), at(end), REACH) is NoCommonSpan.SILENT


def test_a_silence_at_an_edge_is_not_filled() -> None:
    reports = [(at(minute), float(minute)) for minute in (0, 30, 40)]
    assert by_total(reports, at(10), at(40), REACH) is NoCommonSpan.SILENT
    assert by_total(reports, at(30), at(40), REACH) == CountedSpan(10, is_interpolated=False)


def test_a_counter_that_began_anew_compares_with_nothing() -> None:
    assert by_total(totals(90, 100, 4, 9), at(5), at(25), REACH) is NoCommonSpan.BEGAN_ANEW
    assert by_total(totals(90, 100, 4, 9), at(20), at(30), REACH) == CountedSpan(5, is_interpolated=False)
