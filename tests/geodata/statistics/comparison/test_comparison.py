"""Whether a change is said where there is one, and none where there is none: in worlds with a known truth."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from geodata.statistics.comparison.comparison import compare
from geodata.statistics.comparison.day import WeatherDay
from geodata.statistics.comparison.outcome import Comparison, Method, YearVerdict
from tests.geodata.statistics.comparison.twoyears import AFTER, DAYS, PLAIN, QUESTION, counted
from tests.geodata.statistics.comparison.worlds import Recipe, world


def compared(worlds: int, recipe: Recipe) -> list[Comparison]:
    return [compare(*world(seed, recipe), QUESTION) for seed in range(worlds)]


def share_that_holds(found: list[Comparison], percent: float) -> float:
    """The share of the intervals that hold the truth, of those that are there."""
    changes = [each.change for each in found if each.change]
    return sum(change.low <= percent <= change.high for change in changes) / len(changes)


def test_the_interval_holds_the_truth_and_no_change_is_said_where_there_is_none() -> None:
    """In 80 worlds: bounds that 95 % leaves once in a hundred such tests; the long form has closer ones."""
    found = compared(80, Recipe())
    assert 0.89 <= share_that_holds(found, 0) < 1
    assert Counter(each.verdict for each in found)[YearVerdict.NOT_SHOWN] >= 0.89 * len(found)


def test_the_interval_holds_a_rise_of_a_tenth() -> None:
    found = compared(80, Recipe(effect=0.1))
    assert 0.89 <= share_that_holds(found, 10) < 1
    assert not [each for each in found if each.verdict is YearVerdict.FALL]


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("has_weather", [True, False])
@pytest.mark.parametrize("effect", [0.0, 0.1])
def test_over_a_thousand_worlds_intervals_hold_the_truth_in_93_to_97_of_100(effect: float, has_weather: bool) -> None:
    found = compared(1000, Recipe(effect=effect, has_weather=has_weather))
    assert 0.93 <= share_that_holds(found, 100 * effect) <= 0.97
    if not effect:
        assert Counter(each.verdict for each in found)[YearVerdict.NOT_SHOWN] >= 0.94 * len(found)


def test_days_taken_for_independent_witnesses_would_promise_too_much() -> None:
    """The reason for leaving out weeks: the interval is wider where weeks have good and bad luck of their own."""
    calm, moved = (
        compare(*world(1, Recipe(shared_by_day=day, shared_by_week=week, lost=0.1)), QUESTION).change
        for day, week in ((0.0, 0.0), (0.3, 0.3))
    )
    assert calm is not None
    assert moved is not None
    assert moved.high - moved.low > 2 * (calm.high - calm.low)


def test_a_warm_year_is_no_rise() -> None:
    """Every day of the later year is five degrees warmer, and warmth alone brings a third more people."""
    weather = {
        day: WeatherDay(temperature=10 + 8 * ((day.toordinal() * 7) % 11 - 5) / 5 + 5 * (day.year == AFTER))
        for day in DAYS
    }
    days = counted(lambda day: round(1000 * 1.06 ** (weather[day].temperature or 0)))
    with_weather = compare(days, replace(PLAIN, weather=weather), QUESTION)
    without = compare(days, PLAIN, QUESTION)
    assert with_weather.change is not None
    assert without.change is not None
    assert abs(with_weather.change.percent) < 0.5
    assert without.change.percent > 30
    assert "temperature" in str(without.notes)


def test_the_answer_says_what_it_comes_from() -> None:
    found = compare(counted(counters=[4, 9]), PLAIN, QUESTION)
    assert (found.days, found.counters, found.weeks) == ((732, 730), (4, 9), 52)
    assert found.change is not None
    assert found.change.method is Method.REGRESSION
    assert "for the days do not differ in it: public holidays" in " ".join(found.notes)


def test_a_few_weeks_are_compared_by_matched_days_and_it_is_said() -> None:
    days = [each for each in counted(lambda day: 100 + day.day % 5) if each.day.month in {4, 5, 6}]
    found = compare(days, PLAIN, QUESTION)
    assert found.change is not None
    assert found.change.method is Method.MATCHED_DAYS
    assert "Too few weeks for a regression" in found.notes[0]


def test_what_the_regression_cannot_solve_is_compared_by_matched_days() -> None:
    """Nobody came on any Tuesday: the regression would run to minus infinity."""
    found = compare(counted(lambda day: 0 if day.weekday() == 1 else 100 + day.day), PLAIN, QUESTION)
    assert found.change is not None
    assert found.change.method is Method.MATCHED_DAYS
    assert found.verdict is YearVerdict.NOT_SHOWN


def test_weather_known_on_too_few_days_is_not_used_and_named() -> None:
    days, around = world(3, Recipe(lost=0))
    half = {day: weather for day, weather in around.weather.items() if day.day % 2}
    found = compare(days, replace(around, weather=half), QUESTION)
    assert sum(found.days) == len(days)
    assert "temperature, rain, sunshine" in found.notes[0]


def test_days_without_weather_are_left_out_where_most_have_it() -> None:
    days, around = world(3, Recipe(lost=0))
    most = {day: weather for day, weather in around.weather.items() if day.day % 10}
    found = compare(days, replace(around, weather=most), QUESTION)
    assert sum(found.days) < len(days)
    assert "days without weather are left out" in found.notes[0]


def test_sensors_without_sunshine_cost_no_days() -> None:
    days, around = world(3, Recipe(lost=0))
    own = {day: replace(weather, sunshine=None) for day, weather in around.weather.items()}
    found = compare(days, replace(around, weather=own), QUESTION)
    assert sum(found.days) == len(days)
    assert "sunshine" in found.notes[0]
    assert "rain" not in found.notes[0]


def test_a_refusal_has_its_reason_and_no_number() -> None:
    found = compare([], PLAIN, QUESTION)
    assert (found.verdict, found.change) == (YearVerdict.REFUSED, None)
    assert found.reason == "no day of 2024 is counted well enough"
