"""When closures hold, against the words of the rules worked out another way."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely import Polygon

from geodata.conditions.closures import (
    Closure,
    Season,
    is_active,
    next_change,
    period,
    periods,
)
from geodata.errors import InvalidInput
from tests.geodata.conditions.moments import BERLIN, berlin, utc

SPAN = (datetime.fromisoformat("2024-01-01"), datetime.fromisoformat("2032-01-01"))


def local_date_by_rule(at: datetime) -> date:
    """Central European time by the directive's words: last Sundays of March and October, 01:00 UTC."""

    def last_sunday(month: int) -> datetime:
        day = datetime(at.year, month, 31, 1, tzinfo=UTC)
        return day - timedelta(days=(day.weekday() + 1) % 7)

    summer = last_sunday(3) <= at < last_sunday(10)
    return (at + timedelta(hours=2 if summer else 1)).date()


moments = st.datetimes(*SPAN, timezones=st.just(UTC))
days = st.dates(date(2026, 1, 1), date(2026, 12, 31)).map(lambda day: (day.month, day.day)) | st.just((2, 29))


@st.composite
def seasons(draw: st.DrawFn) -> Season:
    try:
        return Season(draw(days), draw(days))
    except InvalidInput:
        assume(False)
        raise


@st.composite
def closures(draw: st.DrawFn) -> Closure:
    begin = draw(moments)
    until = begin + draw(st.timedeltas(timedelta(seconds=1), timedelta(days=1500))) if draw(st.booleans()) else None
    return Closure(trail="t", valid_from=begin, valid_until=until, season=draw(st.none() | seasons()))


def closed_by_rule(closure: Closure, at: datetime) -> bool:
    if at < closure.valid_from or (closure.valid_until and at >= closure.valid_until):
        return False
    if closure.season is None:
        return True
    day = today = local_date_by_rule(at)
    while (day.month, day.day) != closure.season.first:
        day -= timedelta(days=1)
    while day != today:  # from the season's last beginning on, has its last day gone by?
        tomorrow = day + timedelta(days=1)
        leap_end = closure.season.last == (2, 29) and (tomorrow.month, tomorrow.day) == (3, 1)
        if (day.month, day.day) == closure.season.last or leap_end:
            return False
        day = tomorrow
    return True


@given(closures(), moments)
@settings(deadline=None)
def test_a_closure_holds_exactly_on_its_days(closure: Closure, at: datetime) -> None:
    assert is_active(closure, at, BERLIN) == closed_by_rule(closure, at)


@given(closures(), moments)
@settings(deadline=None)
def test_nothing_changes_before_the_next_change_and_then_it_does(closure: Closure, at: datetime) -> None:
    now = is_active(closure, at, BERLIN)
    change = next_change(closure, at, BERLIN)
    end = change or at + timedelta(days=800)
    assert end > at
    steps = (end - at) / 40
    assert all(is_active(closure, at + i * steps, BERLIN) == now for i in range(40))
    assert is_active(closure, end - timedelta(microseconds=1), BERLIN) == now
    if change is not None:
        assert is_active(closure, change, BERLIN) != now


@given(closures(), moments)
@settings(deadline=None)
def test_the_period_is_the_one_that_holds_or_else_comes_next(closure: Closure, at: datetime) -> None:
    found = period(closure, at, BERLIN)
    assert is_active(closure, at, BERLIN) == (found is not None and found.start <= at)
    if found is None:
        assert not any(is_active(closure, at + timedelta(days=i), BERLIN) for i in range(0, 800, 3))


@pytest.mark.parametrize(
    ("at", "closed"),
    [
        ("2027-03-28T00:59:59", False),  # 01:59:59 winter time; the clock jumps from 2 to 3
        ("2027-03-28T01:00:00", True),  # 03:00 summer time
        ("2026-10-25T00:00:00", True),  # 02:00 for the first time
        ("2026-10-25T01:29:59", True),  # 02:29:59 for the second time
        ("2026-10-25T01:30:00", False),
    ],
)
def test_a_closure_begins_and_ends_right_while_the_clock_changes(at: str, closed: bool) -> None:
    spring = Closure(trail="t", valid_from=berlin("2027-03-28T03:00"))
    autumn = Closure(trail="t", valid_from=utc("2026-01-01"), valid_until=berlin("2026-10-25T02:30").replace(hour=1))
    closure = spring if at.startswith("2027") else autumn
    assert is_active(closure, utc(at), BERLIN) is closed


def test_a_season_follows_the_local_midnight_on_both_days_of_the_clock_change() -> None:
    only_these = Season((3, 28), (10, 25))
    closure = Closure(trail="t", valid_from=utc("2020-01-01"), season=only_these)
    (spans,) = [[p for p, _ in zip(periods(closure, utc("2026-05-01"), BERLIN), range(2), strict=False)]]
    assert spans[0].end == utc("2026-10-25T23:00")  # 25 October has 25 hours
    assert spans[1].start == utc("2027-03-27T23:00")  # 28 March has 23
    assert not is_active(closure, utc("2026-10-25T23:00"), BERLIN)
    assert is_active(closure, utc("2026-10-25T22:59:59"), BERLIN)


def test_the_nesting_season_comes_back_every_year() -> None:
    nesting = Closure(trail="t", valid_from=utc("2026-01-01"), season=Season((3, 1), (7, 31)))
    at = utc("2030-08-01T00:00")
    assert not is_active(nesting, at, BERLIN)
    assert next_change(nesting, at, BERLIN) == berlin("2031-03-01T00:00")
    assert next_change(nesting, berlin("2031-03-01T00:00"), BERLIN) == berlin("2031-08-01T00:00")


def test_a_season_across_new_year_is_one_period() -> None:
    winter = Closure(trail="t", valid_from=utc("2026-01-01"), season=Season((12, 15), (2, 29)))
    found = period(winter, berlin("2027-01-01T00:00"), BERLIN)
    assert found is not None
    assert (found.start, found.end) == (berlin("2026-12-15T00:00"), berlin("2027-03-01T00:00"))
    assert is_active(winter, berlin("2028-02-29T23:59"), BERLIN)


def test_an_open_end_never_ends() -> None:
    closure = Closure(trail="t", valid_from=utc("2026-01-01"))
    assert is_active(closure, utc("2126-01-01"), BERLIN)
    assert next_change(closure, utc("2026-06-01"), BERLIN) is None


@pytest.mark.parametrize(
    ("make", "names"),
    [
        (lambda: Season((2, 30), (3, 1)), "02-30"),
        (lambda: Season((2, 29), (3, 1)), "Write 03-01"),
        (lambda: Season((3, 1), (2, 28)), "less than a whole year"),
        (lambda: Season((1, 1), (12, 31)), "Leave the season out"),
        (lambda: Closure(trail="t", valid_from=utc("2026-01-02"), valid_until=utc("2026-01-02")), "a time after"),
        (lambda: Closure(trail="t", valid_from=utc("2026-01-02"), stretch=(3, 3)), "two different places"),
        (lambda: Closure(trail="t", valid_from=utc("2026-01-02"), stretch=(3, 4), area=SQUARE), "one of the two"),
        (lambda: Closure(trail="t", valid_from=utc("2026-01-02"), area=BOW_TIE), "does not cross itself"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_mend(make, names: str) -> None:
    with pytest.raises(InvalidInput, match=names):
        make()


SQUARE = Polygon([(0, 0), (1, 0), (1, 1), (0, 1)])
BOW_TIE = Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
