"""The weather of days at a municipality's climate station."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from geodata.statistics.comparison.day import WeatherDay
from geodata.statistics.comparison.yearly_model import PARTS
from geodata.statistics.weather.dwd_file import StationWeather
from geodata.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class StoredWeather:
    """Of which station a municipality has the weather, from which day to which, and of how many days."""

    municipality: str
    station: int
    first: date
    last: date
    days: int


def save(connection: Transaction, municipality: str, weather: StationWeather, source: str = "dwd") -> int:
    """Add these days, or change them where they say something else; return how many rows that were."""
    days = list(weather.days)
    parts = [[getattr(each, part) for each in weather.days.values()] for part in PARTS]
    return connection.execute(
        """
        INSERT INTO weather_day AS old (municipality, station, source, day, temperature, rain, sunshine)
        SELECT %s, %s, %s, * FROM unnest(%s::date[], %s::real[], %s::real[], %s::real[])
        ON CONFLICT (municipality, day) DO UPDATE SET station = excluded.station, source = excluded.source,
            temperature = excluded.temperature, rain = excluded.rain, sunshine = excluded.sunshine
        WHERE (old.station, old.source, old.temperature, old.rain, old.sunshine) IS DISTINCT FROM
            (excluded.station, excluded.source, excluded.temperature, excluded.rain, excluded.sunshine)
        """,
        [municipality, weather.station, source, days, *parts],
    ).rowcount


def delete(connection: Transaction, municipality: str) -> int:
    """Delete all days of a municipality; return how many."""
    return connection.execute("DELETE FROM weather_day WHERE municipality = %s", [municipality]).rowcount


def load(connection: Transaction, municipality: str, first: date, last: date) -> dict[date, WeatherDay]:
    """The weather of the days from ``first`` to ``last`` (both within), of those that are known."""
    rows = connection.execute(
        "SELECT day, temperature, rain, sunshine FROM weather_day"
        " WHERE municipality = %s AND day BETWEEN %s AND %s ORDER BY day",
        [municipality, first, last],
    )
    return {
        day: WeatherDay(temperature=temperature, rain=rain, sunshine=sunshine)
        for day, temperature, rain, sunshine in rows
    }


def stored(connection: Transaction) -> Mapping[str, StoredWeather]:
    """What is there, by municipality."""
    rows = connection.execute(
        "SELECT municipality, max(station), min(day), max(day), count(*) FROM weather_day GROUP BY municipality"
        " ORDER BY municipality"
    )
    return {row[0]: StoredWeather(*row) for row in rows}


def measured(connection: Transaction, trail: str, timezone: str, first: date, last: date) -> dict[date, WeatherDay]:
    """The weather of a trail's own sensors from ``first`` to ``last`` (both within), of days with 20 hours of it.

    Several sensors give their mean. They measure no sunshine.
    """
    rows = connection.execute(
        """
        SELECT day, avg(value) FILTER (WHERE property = 'air_temperature'), avg(value) FILTER (WHERE property = 'rain')
        FROM (
            SELECT date_trunc('day', hour, %(zone)s) AT TIME ZONE %(zone)s AS day, observed_property AS property,
                CASE observed_property WHEN 'rain' THEN sum(sum) ELSE sum(sum) / sum(count) END::float8 AS value
            FROM rollup_hour JOIN datastream ON datastream.id = datastream JOIN device ON device.id = device
            WHERE device.trail = %(trail)s AND observed_property IN ('air_temperature', 'rain') AND count > 0
                AND hour >= %(first)s::date::timestamp AT TIME ZONE %(zone)s
                AND hour < (%(last)s::date + 1)::timestamp AT TIME ZONE %(zone)s
            GROUP BY datastream.id, day HAVING count(*) >= 20
        ) AS by_sensor GROUP BY day ORDER BY day
        """,
        {"zone": timezone, "trail": trail, "first": first, "last": last},
    )
    return {day.date(): WeatherDay(temperature=temperature, rain=rain) for day, temperature, rain in rows}
