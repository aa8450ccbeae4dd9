"""How many passed: lost messages, resets and wraps, silence, and counts too small to tell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from geodata.model.observation import Bucket
from geodata.statistics import footfall
from geodata.statistics.suppression import published

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 11, 22, 23, tzinfo=UTC)
END = START + timedelta(days=7)


def hour(number: int, first: float | None, last: float | None) -> Bucket:
    count = 0 if first is None else 2
    return Bucket(START + timedelta(hours=number), count, None, None, None, first, last)


def test_the_days_are_full_ones_of_the_town_also_when_the_clock_goes_back() -> None:
    start, end = footfall.last_days(datetime(2026, 10, 28, 11, tzinfo=UTC), BERLIN)
    assert (start.isoformat(), end.isoformat()) == ("2026-10-21T00:00:00+02:00", "2026-10-28T00:00:00+01:00")


def test_passes_are_differences_of_the_totals_also_across_an_hour_that_was_lost() -> None:
    figure = footfall.of({1: [hour(-1, 90, 100), hour(0, 102, 110), hour(5, 150, 160)]}, START, END)
    assert figure.passes == 60
    assert figure.coverage == pytest.approx(2 / 168)


@pytest.mark.parametrize(("before", "after", "passes"), [(65530, 4, 10), (2**32 - 5, 5, 10), (4000, 12, 12)])
def test_a_total_that_wrapped_goes_on_and_one_that_was_reset_begins_anew(before: int, after: int, passes: int) -> None:
    figure = footfall.of({1: [hour(0, before, before), hour(1, after, after)]}, START, END)
    assert figure.passes == passes


def test_both_directions_count_and_no_hour_counts_twice() -> None:
    series = {1: [hour(0, 0, 10), hour(1, 10, 20)], 2: [hour(0, 5, 10)]}
    figure = footfall.of(series, START, END)
    assert figure.passes == 25
    assert figure.coverage == pytest.approx(2 / 168)


def test_silence_is_a_gap_and_no_zero() -> None:
    assert footfall.of({1: [hour(0, None, None)]}, START, END).passes is None
    assert footfall.of({1: []}, START, END).coverage == 0
    quiet = footfall.of({1: [hour(0, 7, 7)]}, START, END)
    assert (quiet.passes, quiet.coverage > 0) == (0, True)


def test_small_counts_are_not_published() -> None:
    assert [published(count) for count in (0, 1, 4, 5, 6)] == [0, None, None, 5, 6]
    assert footfall.of({1: [hour(0, 0, 4)]}, START, END).passes is None
