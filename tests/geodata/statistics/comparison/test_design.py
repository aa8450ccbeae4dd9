"""The columns of the regression: what is in them, and which are left out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from geodata.statistics.comparison.day import DayKind, Surroundings, WeatherDay
from geodata.statistics.comparison.design import design
from tests.geodata.statistics.comparison.twoyears import BEFORE, DAYS, PLAIN, counted


def test_columns_in_which_days_do_not_differ_are_left_out_by_name() -> None:
    found = design(counted(), PLAIN, (), BEFORE)
    assert found.left_out == ("public holiday", "bridge day", "school holidays")
    assert np.linalg.matrix_rank(found.matrix) == len(found.columns)


def test_a_weekday_without_days_has_no_column() -> None:
    days = [each for each in counted() if each.day.weekday() != 1]
    assert "tuesday" in design(days, PLAIN, (), BEFORE).left_out


def test_the_year_has_a_column_and_each_counter_one() -> None:
    found = design(counted(counters=[3, 5]), PLAIN, (), BEFORE)
    assert found.columns[:3] == ("counter 3", "counter 5", "2025")
    assert found.matrix[:, 2].sum() == 2 * 365


def test_school_holidays_unknown_on_one_day_are_no_column_at_all() -> None:
    kinds = {day: DayKind(school_holidays=day.month == 7) for day in DAYS}
    known = design(counted(), Surroundings(kinds=kinds, weather={}), (), BEFORE)
    kinds[DAYS[-1]] = DayKind(school_holidays=None)
    unknown = design(counted(), Surroundings(kinds=kinds, weather={}), (), BEFORE)
    assert "school holidays" in known.columns
    assert "school holidays" not in (*unknown.columns, *unknown.left_out)


def test_rain_is_a_rainy_day_from_more_than_a_millimetre() -> None:
    weather = {day: WeatherDay(rain=1.0 if day.day % 2 else 1.1) for day in DAYS}
    found = design(counted(), replace(PLAIN, weather=weather), ("rain",), BEFORE)
    rainy = found.matrix[:, found.columns.index("rain")]
    assert set(zip((each.day.day % 2 for each in counted()), rainy, strict=True)) == {(0, 1.0), (1, 0.0)}


def test_temperature_comes_with_its_square() -> None:
    weather = {day: WeatherDay(temperature=float(day.month)) for day in DAYS}
    found = design(counted(), replace(PLAIN, weather=weather), ("temperature",), BEFORE)
    assert {"temperature", "temperature squared"} <= set(found.columns)
