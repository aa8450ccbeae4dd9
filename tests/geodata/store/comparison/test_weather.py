"""The weather of days in the database, from files and from the trail's own sensors."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from geodata.statistics.comparison.day import WeatherDay
from geodata.statistics.weather.dwd_file import StationWeather
from geodata.store.comparison import weather
from geodata.store.database import Database
from geodata.store.transaction import Transaction

pytestmark = pytest.mark.usefixtures("demo_trail")
DAY = date(2026, 3, 29)  # has 23 hours in Berlin


@pytest.fixture
def connection(database: Database):
    with database.transaction() as open_one:
        yield open_one


def test_the_same_days_again_change_nothing_and_others_only_themselves(connection: Transaction) -> None:
    days = {date(2026, 1, n): WeatherDay(temperature=1.5, rain=None, sunshine=0.0) for n in range(1, 11)}
    assert weather.save(connection, "lemgo", StationWeather(433, days)) == 10
    assert weather.save(connection, "lemgo", StationWeather(433, days)) == 0
    days[date(2026, 1, 3)] = WeatherDay(rain=4.0)
    assert weather.save(connection, "lemgo", StationWeather(433, days)) == 1
    assert weather.load(connection, "lemgo", date(2026, 1, 1), date(2026, 1, 10)) == days
    assert weather.stored(connection)["lemgo"].days == 10
    assert weather.delete(connection, "lemgo") == 10
    assert weather.stored(connection) == {}


def sensor(connection: Transaction, property_: str, hours: int, total: float) -> None:
    """Hours of DAY from its local midnight on, each with six values and this sum."""
    connection.execute("INSERT INTO device (id, trail) VALUES ('fuehler', 'stadtwald') ON CONFLICT DO NOTHING")
    row = connection.execute(
        "INSERT INTO datastream (device, observed_property) VALUES ('fuehler', %s) RETURNING id", [property_]
    ).fetchone()
    assert row is not None
    midnight = datetime(2026, 3, 28, 23, tzinfo=UTC)
    for hour in range(hours):
        connection.execute(
            "INSERT INTO rollup_hour (datastream, hour, count, sum, suspect, missing) VALUES (%s, %s, 6, %s, 0, 0)",
            [row[0], midnight + timedelta(hours=hour), total],
        )


def measured(connection: Transaction) -> dict[date, WeatherDay]:
    return weather.measured(connection, "stadtwald", "Europe/Berlin", DAY, DAY)


def test_a_day_of_23_hours_has_the_mean_of_its_temperature_and_the_sum_of_its_rain(connection: Transaction) -> None:
    sensor(connection, "air_temperature", 23, 48.0)
    sensor(connection, "rain", 23, 0.5)
    assert measured(connection) == {DAY: WeatherDay(temperature=8.0, rain=11.5)}


def test_hours_of_the_days_beside_it_do_not_count(connection: Transaction) -> None:
    sensor(connection, "rain", 24, 0.5)
    assert measured(connection) == {DAY: WeatherDay(rain=11.5)}


def test_a_day_with_fewer_than_twenty_hours_is_not_known(connection: Transaction) -> None:
    sensor(connection, "air_temperature", 19, 48.0)
    assert measured(connection) == {}
