"""Own sensors or the climate station, part by part, and never a mixture of both."""

from __future__ import annotations

from datetime import date, timedelta

from geodata.statistics.comparison.day import WeatherDay
from geodata.statistics.weather.choice import chosen

DAYS = [date(2024, 1, 1) + timedelta(n) for n in range(731)]
STATION = {day: WeatherDay(temperature=10.0, rain=1.0, sunshine=5.0) for day in DAYS}


def own(known: float) -> dict[date, WeatherDay]:
    """Sensors that know the first share of each year."""
    return {day: WeatherDay(temperature=7.0) for day in DAYS if day.timetuple().tm_yday <= known * 366}


def test_own_sensors_come_first_and_the_station_gives_what_they_do_not_measure() -> None:
    assert set(chosen(own(1), STATION, DAYS).values()) == {WeatherDay(temperature=7.0, rain=1.0, sunshine=5.0)}


def test_sensors_with_large_gaps_give_way_to_the_station_on_all_days() -> None:
    assert chosen(own(0.7), STATION, DAYS) == STATION


def test_gaps_of_sensors_are_not_filled_from_the_station() -> None:
    found = chosen(own(0.9), STATION, DAYS)
    assert {weather.temperature for weather in found.values()} == {7.0, None}


def test_sensors_of_one_year_only_are_not_compared_with_the_station_of_the_other() -> None:
    one_year = {day: weather for day, weather in own(1).items() if day.year == 2025}
    assert chosen(one_year, STATION, DAYS) == STATION


def test_days_without_any_weather_are_not_in_it() -> None:
    assert chosen({}, {}, DAYS) == {}
