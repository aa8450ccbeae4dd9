"""Sums by columns say what the sums of a trail's days say, one day after the other."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.model.counting.counter import CountedDay, CountFlag
from geodata.statistics.counting.periods import CountPeriod, end_of, length_s, midnight, start_of
from geodata.statistics.counting.trail_sums import ChannelAtTrail, sum_between
from geodata.statistics.usage import sums
from geodata.statistics.usage.buckets import UsageBucket, firsts, local, midnights, slots
from geodata.statistics.usage.ranges import DaySpan
from geodata.statistics.usage.sums import ChannelColumns
from geodata.statistics.usage.week_hours import steps, week_hours

BERLIN = ZoneInfo("Europe/Berlin")
FIRST = date(2026, 3, 20)
DAY = timedelta(days=1)

NUMBERS = st.integers(0, 29)
CHANNELS = st.lists(
    st.tuples(
        st.dictionaries(NUMBERS, st.tuples(st.integers(0, 50), st.integers(0, 9), st.integers(0, 82_800)), max_size=8),
        st.integers(-100, 400),  # hours after the first midnight at which it was hung up
        st.one_of(st.none(), st.integers(401, 800)),
    ),
    max_size=3,
)


def _both(
    found: list[tuple[dict[int, tuple[int, int, int]], int, int | None]],
) -> tuple[list[ChannelAtTrail], list[ChannelColumns]]:
    trail, columns = list[ChannelAtTrail](), list[ChannelColumns]()
    begin = midnight(FIRST, BERLIN)
    for number, (days, starts_h, ends_h) in enumerate(found):
        starts_at = begin + timedelta(hours=starts_h)
        ends_at = None if ends_h is None else begin + timedelta(hours=ends_h)
        counted = {
            FIRST + at * DAY: CountedDay(
                day=FIRST + at * DAY, passes=passes, shared=shared, covered_s=covered_s, covered_hours=0, valid=False,
                flags=CountFlag.AT_LEAST if passes % 2 else CountFlag.NONE,
            )
            for at, (passes, shared, covered_s) in days.items()
            if _hung(FIRST + at * DAY, starts_at, ends_at)
        }  # fmt: skip
        trail.append(
            ChannelAtTrail(channel=number, mounting=number, starts_at=starts_at, ends_at=ends_at, days=counted)
        )
        columns.append(
            ChannelColumns(
                mounting=number,
                station="K7YNX0",
                starts_s=int(starts_at.timestamp()),
                ends_s=None if ends_at is None else int(ends_at.timestamp()),
                at=np.array([int(midnight(day, BERLIN).timestamp()) for day in counted], dtype=np.int64),
                passes=np.array([day.passes for day in counted.values()], dtype=np.int64),
                shared=np.array([day.shared for day in counted.values()], dtype=np.int64),
                covered_s=np.array([day.covered_s for day in counted.values()], dtype=np.int64),
                flags=np.array([day.flags for day in counted.values()], dtype=np.int64),
            )
        )
    return trail, columns


def _hung(day: date, starts_at: datetime, ends_at: datetime | None) -> bool:
    """A day on which nothing hung has no row."""
    return midnight(day + DAY, BERLIN) > starts_at and (ends_at is None or midnight(day, BERLIN) < ends_at)


@given(CHANNELS, st.sampled_from([UsageBucket.DAY, UsageBucket.WEEK, UsageBucket.MONTH]))
def test_points_are_the_sums_of_the_trail_over_the_same_days(
    found: list[tuple[dict[int, tuple[int, int, int]], int, int | None]], bucket: UsageBucket
) -> None:
    trail, columns = _both(found)
    span = DaySpan(FIRST, FIRST + 29 * DAY)
    edges = slots(bucket, span, BERLIN)
    starts = firsts(bucket, span, edges)
    points = sums.points(sums.by_slot(columns, edges), starts)
    bounds = [FIRST + int(each) * DAY for each in starts] + [span.end]
    for (begin, end), point in zip(pairwise(bounds), points, strict=True):
        expected = sum_between(trail, begin, end, BERLIN)
        assert (point.passes, point.shared) == (expected.passes, expected.shared)
        assert (point.coverage or 0.0) == pytest.approx(expected.coverage)
        assert (point.coverage is None) == (expected.counters == 0)
        assert point.is_at_least == bool(expected.flags & CountFlag.AT_LEAST)


@given(st.dates(date(2015, 1, 1), date(2034, 1, 1)), st.integers(1, 800))
def test_midnights_are_those_of_the_zone_and_points_begin_where_weeks_and_months_do(first: date, days: int) -> None:
    span = DaySpan(first, first + (days - 1) * DAY)
    found = midnights(span, BERLIN)
    assert found.tolist() == [int(midnight(first + at * DAY, BERLIN).timestamp()) for at in range(days + 1)]
    for bucket, period in ((UsageBucket.WEEK, CountPeriod.WEEK), (UsageBucket.MONTH, CountPeriod.MONTH)):
        begins = [first + int(at) * DAY for at in firsts(bucket, span, found)]
        assert begins[0] == first
        assert begins[1:] == [begin for begin in begins[1:] if begin == start_of(period, begin)]
        assert all(end_of(period, a) == b for a, b in pairwise(begins))


def test_the_day_on_which_the_clock_goes_back_has_25_hours_and_its_hours_stand_where_the_clock_says() -> None:
    span = DaySpan(date(2026, 10, 25), date(2026, 10, 25))
    edges = slots(UsageBucket.HOUR, span, BERLIN)
    assert len(edges) - 1 == 25 == length_s(span.first, span.end, BERLIN) / 3600
    clock = local(edges[:-1], span, BERLIN) // 3600 % 24
    assert clock.tolist() == [0, 1, 2, 2, *range(3, 24)]


def test_an_hour_of_the_week_is_the_mean_of_hours_that_were_counted_and_none_where_none_was() -> None:
    span = DaySpan(date(2026, 11, 2), date(2026, 11, 15))  # two whole weeks from a Monday on
    edges = slots(UsageBucket.HOUR, span, BERLIN)
    at = edges[:-1]
    ten = (local(at, span, BERLIN) // 3600) % 24 == 10
    columns = ChannelColumns(
        mounting=1, station=None, starts_s=0, ends_s=None, at=at, passes=np.where(ten, np.arange(len(at)), 0),
        shared=np.zeros(len(at), np.int64), covered_s=np.where(at < edges[24], 0, 3600),
        flags=np.zeros(len(at), np.int64),
    )  # fmt: skip
    week = week_hours(sums.by_slot([columns], edges), local(at, span, BERLIN))
    assert (week[0][10].mean, week[0][10].hours) == (178.0, 1), "of the first Monday nothing is known"
    assert (week[1][10].mean, week[1][10].hours) == ((34 + 202) / 2, 2)
    assert week[1][9].mean == 0
    shown = steps(week, 5)
    assert shown[6][10] == 5
    assert shown[1][9] == 0


def test_nothing_known_at_all_has_no_steps() -> None:
    span = DaySpan(date(2026, 11, 2), date(2026, 11, 3))
    edges = slots(UsageBucket.HOUR, span, BERLIN)
    week = week_hours(sums.by_slot([], edges), local(edges[:-1], span, BERLIN))
    assert {cell for day in steps(week, 5) for cell in day} == {None}
    assert datetime.fromtimestamp(int(edges[0]), UTC) == midnight(span.first, BERLIN)


def test_an_hour_that_a_silence_touches_is_no_part_of_the_mean() -> None:
    span = DaySpan(date(2026, 11, 2), date(2026, 11, 15))
    edges = slots(UsageBucket.HOUR, span, BERLIN)
    found = sums.by_slot([], edges)
    flags = found.flags.copy()
    flags[10] = CountFlag.ESTIMATED
    full = np.full(len(flags), 3600)
    passes = np.where(np.arange(len(flags)) == 10, 999, 7)
    known = sums.SlotSums(passes=passes, shared=found.shared, covered_s=full, expected_s=full, flags=flags)
    week = week_hours(known, local(edges[:-1], span, BERLIN))
    assert (week[0][10].mean, week[0][10].hours) == (7, 1)
    assert (week[0][11].mean, week[0][11].hours) == (7, 2)
