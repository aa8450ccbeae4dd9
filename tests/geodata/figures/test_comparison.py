"""From stored days to the answer: what is read, and for which scope."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from geodata.conditions.annotations import AnnotationScope
from geodata.figures.comparison import YearQuestion, compare_years
from geodata.statistics.comparison.day import WeatherDay
from geodata.statistics.comparison.outcome import YearVerdict
from geodata.statistics.weather.dwd_file import StationWeather
from geodata.store.comparison import annotation, counted_days, weather
from geodata.store.database import Database
from geodata.store.transaction import Transaction
from tests.geodata.conditions.test_annotations import annotation as annotated

pytestmark = pytest.mark.usefixtures("demo_trail")
DAYS = [date(2024, 1, 1) + timedelta(n) for n in range(731)]
ASKED = YearQuestion(scope=AnnotationScope(municipality="lemgo", trail="stadtwald"), before=2024, after=2025)


@pytest.fixture
def connection(database: Database):
    with database.transaction() as open_one:
        yield open_one


def counter(connection: Transaction, name: str, station: str, passes: Callable[[date], int]) -> None:
    """A counter with two directions, each with these passes of every day."""
    connection.execute("INSERT INTO device (id, trail, station) VALUES (%s, 'stadtwald', %s)", [name, station])
    row = connection.execute(
        "INSERT INTO counter_mounting (device, trail, station) VALUES (%s, 'stadtwald', %s) RETURNING id",
        [name, station],
    ).fetchone()
    assert row is not None
    for way in ("in", "out"):
        connection.execute(
            """
            WITH stream AS (
                INSERT INTO datastream (device, observed_property) VALUES (%(name)s, %(property)s) RETURNING id
            ), channel AS (
                INSERT INTO counter_channel (mounting, direction, total)
                SELECT %(mounting)s, %(way)s, id FROM stream RETURNING id
            )
            INSERT INTO passes_day (channel, day, passes, covered_s, covered_hours, valid)
            SELECT channel.id, day, passes, 86400, 24, true
            FROM channel, unnest(%(days)s::date[], %(passes)s::int[]) AS given (day, passes)
            """,
            {
                "name": name, "property": f"passes_{way}_total", "mounting": row[0], "way": way, "days": DAYS,
                "passes": [passes(day) for day in DAYS],
            },
        )  # fmt: skip


def stations(connection: Transaction) -> list[str]:
    return [row[0] for row in connection.execute("SELECT code FROM station ORDER BY number LIMIT 2")]


def busy(day: date) -> int:
    return 100 + day.toordinal() % 7 + (40 if day.year == 2025 else 0)


def steady(day: date) -> int:
    return 100 + day.toordinal() % 7


def test_both_directions_of_a_counter_are_one_number_of_a_day(connection: Transaction) -> None:
    counter(connection, "z1", stations(connection)[0], steady)
    found = counted_days.load(connection, ASKED.scope, DAYS[0], DAYS[-1])
    assert [each.passes for each in found] == [2 * steady(day) for day in DAYS]
    assert all(each.valid for each in found)


def test_a_day_of_which_one_direction_is_missing_is_not_valid(connection: Transaction) -> None:
    counter(connection, "z1", stations(connection)[0], steady)
    first, second = (row[0] for row in connection.execute("SELECT id FROM counter_channel ORDER BY id"))
    connection.execute("DELETE FROM passes_day WHERE day = '2024-05-01' AND channel = %s", [first])
    connection.execute("UPDATE passes_day SET valid = false WHERE day = '2024-05-02' AND channel = %s", [second])
    found = counted_days.load(connection, ASKED.scope, DAYS[0], DAYS[-1])
    assert [each.day for each in found if not each.valid] == [date(2024, 5, 1), date(2024, 5, 2)]


def test_a_station_is_compared_by_its_own_counters_alone(connection: Transaction) -> None:
    first, second = stations(connection)
    counter(connection, "z1", first, busy)
    counter(connection, "z2", second, steady)
    verdicts = [
        compare_years(connection, replace(ASKED, scope=replace(ASKED.scope, station=code))).verdict
        for code in (first, second)
    ]
    assert verdicts == [YearVerdict.RISE, YearVerdict.NOT_SHOWN]


def test_the_weather_of_the_station_explains_what_it_explains(connection: Transaction) -> None:
    warmth = {day: 5.0 + 10 * ((day.toordinal() * 7) % 11) / 11 + 4 * (day.year == 2025) for day in DAYS}
    counter(connection, "z1", stations(connection)[0], lambda day: round(400 * 1.06 ** warmth[day]))
    assert compare_years(connection, ASKED).verdict is YearVerdict.RISE
    known = {day: WeatherDay(temperature=round(each, 2), rain=0.0, sunshine=5.0) for day, each in warmth.items()}
    weather.save(connection, "lemgo", StationWeather(433, known))
    found = compare_years(connection, ASKED)
    assert found.change is not None
    assert abs(found.change.percent) < 1


def test_days_of_annotations_are_left_out_on_demand(connection: Transaction) -> None:
    feast = {date(2025, 7, 1) + timedelta(n) for n in range(25)}
    counter(connection, "z1", stations(connection)[0], lambda day: 5000 if day in feast else steady(day))
    annotation.add(connection, annotated(min(feast), max(feast), trail="stadtwald"))
    with_feast = compare_years(connection, ASKED)
    without = compare_years(connection, replace(ASKED, leave_out_annotated=True))
    assert with_feast.change is not None
    assert without.change is not None
    assert with_feast.change.percent > 5
    assert abs(without.change.percent) < 1
    assert without.days[1] == with_feast.days[1] - 25


def test_another_land_has_other_holidays(connection: Transaction) -> None:
    """School holidays are known of North Rhine-Westphalia only: of another Land it is said that they are not."""
    counter(connection, "z1", stations(connection)[0], steady)
    assert "School holidays are not known" not in " ".join(compare_years(connection, ASKED).notes)
    connection.execute("UPDATE municipality SET land = 'BY'")
    assert "School holidays are not known" in " ".join(compare_years(connection, ASKED).notes)


def test_a_trail_without_counters_is_refused_with_the_reason(connection: Transaction) -> None:
    found = compare_years(connection, ASKED)
    assert (found.verdict, found.reason) == (YearVerdict.REFUSED, "no day of 2024 is counted well enough")
