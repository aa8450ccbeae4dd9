"""Sums of a trail's counters: what hangs and says nothing is silent, days are as long as they are, gaps are no 0."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.model.counting.counter import CountedDay, CountFlag
from geodata.statistics.counting.periods import midnight
from geodata.statistics.counting.trail_sums import ChannelAtTrail, sum_between

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 10, 19)  # the Sunday of this week has 25 hours
DAY = timedelta(days=1)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def day(at: date, passes: int, *, hours: int = 24, shared: int = 0, valid: bool = True) -> CountedDay:
    return CountedDay(
        day=at, passes=passes, shared=shared, covered_s=3600 * hours, covered_hours=hours, valid=valid,
        flags=CountFlag.NONE,
    )  # fmt: skip


def channel(
    number: int, *days: CountedDay, since: datetime = LONG_AGO, until: datetime | None = None, mounting: int = 0
) -> ChannelAtTrail:
    return ChannelAtTrail(
        channel=number, mounting=mounting or number, starts_at=since, ends_at=until, days={d.day: d for d in days}
    )


def whole_week(passes: int, start: date = MONDAY) -> list[CountedDay]:
    long = [24, 24, 24, 24, 24, 24, 25]
    return [day(start + number * DAY, passes, hours=hours) for number, hours in enumerate(long)]


def test_the_week_with_25_hours_is_wholly_covered_by_169_hours_and_not_by_168() -> None:
    counted = whole_week(10)
    assert sum_between([channel(1, *counted)], MONDAY, MONDAY + 7 * DAY, BERLIN).coverage == 1
    short = [*counted[:-1], day(MONDAY + 6 * DAY, 10)]
    found = sum_between([channel(1, *short)], MONDAY, MONDAY + 7 * DAY, BERLIN)
    assert found.coverage == pytest.approx(168 / 169)
    assert (found.passes, found.valid_days) == (70, 7)


def test_the_week_with_23_hours_in_march_is_wholly_covered_by_167_hours() -> None:
    monday = date(2026, 3, 23)
    days = [day(monday + n * DAY, 4, hours=24 if n < 6 else 23) for n in range(7)]
    found = sum_between([channel(1, *days)], monday, monday + 7 * DAY, BERLIN)
    assert (found.passes, found.coverage) == (28, 1)


def test_a_counter_that_hangs_and_says_nothing_halves_the_coverage_and_leaves_no_day_valid() -> None:
    found = sum_between([channel(1, *whole_week(10)), channel(2)], MONDAY, MONDAY + 7 * DAY, BERLIN)
    assert (found.passes, found.coverage, found.valid_days, found.counters) == (70, 0.5, 0, 2)


def test_a_counter_that_hung_only_for_two_days_is_expected_for_these_alone() -> None:
    tuesday = MONDAY + DAY
    short = channel(
        2, day(MONDAY, 3), day(tuesday, 4), since=LONG_AGO, until=midnight(MONDAY + 2 * DAY, BERLIN), mounting=2
    )
    found = sum_between([channel(1, *whole_week(10)), short], MONDAY, MONDAY + 7 * DAY, BERLIN)
    assert (found.passes, found.coverage, found.valid_days) == (77, 1, 7)


def test_nothing_counted_is_a_gap_and_nobody_is_0() -> None:
    nothing = sum_between([channel(1)], MONDAY, MONDAY + 7 * DAY, BERLIN)
    assert (nothing.passes, nothing.coverage, nothing.counters) == (None, 0, 1)
    nobody = sum_between([channel(1, day(MONDAY, 0))], MONDAY, MONDAY + 7 * DAY, BERLIN)
    assert nobody.passes == 0
    none = sum_between([], MONDAY, MONDAY + 7 * DAY, BERLIN)
    assert (none.passes, none.coverage, none.counters, none.valid_days) == (None, 0, 0, 0)


def test_what_was_shared_out_stands_beside_and_not_in_the_passes() -> None:
    found = sum_between([channel(1, day(MONDAY, 30, shared=10))], MONDAY, MONDAY + DAY, BERLIN)
    assert (found.passes, found.shared, found.estimated_share) == (30, 10, 0.25)
    assert sum_between([channel(1, day(MONDAY, 30))], MONDAY, MONDAY + DAY, BERLIN).estimated_share == 0


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 13), st.integers(0, 500)), unique_by=lambda one: one[:2]))
def test_sums_of_two_weeks_are_those_of_both_together_in_whatever_order_counters_come(
    rows: list[tuple[int, int, int]],
) -> None:
    by_channel = {number: [day(MONDAY + at * DAY, n) for c, at, n in rows if c == number] for number in (1, 2, 3)}
    channels = [channel(number, *days) for number, days in by_channel.items()]
    middle, end = MONDAY + 7 * DAY, MONDAY + 14 * DAY
    both = sum_between(reversed(channels), MONDAY, end, BERLIN)
    parts = [sum_between(channels, MONDAY, middle, BERLIN), sum_between(channels, middle, end, BERLIN)]
    assert both.passes == (sum(part.passes or 0 for part in parts) if rows else None)
    assert both.valid_days == sum(part.valid_days for part in parts)
    assert min(part.coverage for part in parts) <= both.coverage + 1e-12
    assert both.coverage <= max(part.coverage for part in parts) + 1e-12
