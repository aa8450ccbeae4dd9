"""How few passed in a silence cannot be told by which hours and days around it are shown, hidden or a gap."""

from __future__ import annotations

from datetime import timedelta

import pytest

from geodata.figures.publishing import public
from geodata.figures.publishing.public import FigureBucket, FigurePlace
from geodata.statistics.figure import FigureState
from geodata.store.database import Database
from geodata.vocabulary.figures import FigureScope
from tests.geodata.figures.publishing.test_estimated import (
    BERLIN,
    MONDAY,
    NOVEMBER,
    PASSES,
    TOWN,
    Counted,
    counter,
    found,
)


@pytest.fixture
def trails(database: Database) -> dict[str, Counted]:
    """Four trails of a town, each of two stations with a counter."""
    codes = found(database, {"eins": 2, "zwei": 2, "drei": 2, "vier": 2})
    with database.transaction() as connection:
        return {
            trail: Counted(database, each, [counter(connection, trail, code) for code in each])
            for trail, each in codes.items()
        }


def _states(trail: str, counted: Counted) -> list[FigureState]:
    """What is shown, hidden and a gap of all hours and days of the month, at the first station and on the trail."""
    places = [
        FigurePlace(scope=scope, code=code, municipality=TOWN, zone=BERLIN)
        for scope, code in ((FigureScope.STATION, counted.codes[0]), (FigureScope.TRAIL, trail))
    ]
    with counted.database.transaction() as connection:
        return [
            figure.state
            for place in places
            for bucket in (FigureBucket.HOUR, FigureBucket.DAY, FigureBucket.WEEK, FigureBucket.MONTH)
            for figure in public.read(connection, place, PASSES, bucket, NOVEMBER)
        ]


@pytest.mark.parametrize(("begin", "end"), [(10, 16), (22, 70)], ids=["within a day", "over days"])
@pytest.mark.parametrize("beside", [96, 20, -23], ids=["beside a counter", "that falls silent", "alone"])
@pytest.mark.parametrize("passes", [20, 1, 0], ids=["busy", "quiet", "empty"])
def test_one_to_four_that_passed_in_a_silence_leave_the_same_hours_and_days(
    trails: dict[str, Counted], begin: int, end: int, beside: int, passes: int
) -> None:
    for few, counted in enumerate(trails.values(), 1):
        first, second = counted.channels
        counted.heard(first, -24, begin, passes)
        counted.silent(first, begin, end, few)
        counted.heard(first, end, 96, passes)
        counted.heard(second, -24, beside, 30)
    trails["eins"].close()
    one, two, three, four = (_states(trail, counted) for trail, counted in trails.items())
    assert one == two == three == four
    assert FigureState.COUNTED in one


def test_a_silence_in_which_many_passed_in_each_hour_leaves_its_hours(trails: dict[str, Counted]) -> None:
    counted = trails["eins"]
    counted.heard(counted.channels[0], 0, 10, 20)
    counted.silent(counted.channels[0], 10, 24, 140)
    counted.close()
    place = FigurePlace(scope=FigureScope.STATION, code=counted.codes[0], municipality=TOWN, zone=BERLIN)
    with counted.database.transaction() as connection:
        day = (MONDAY, MONDAY + timedelta(days=1))
        hours = public.read(connection, place, PASSES, FigureBucket.HOUR, day)
    assert [hour.count for hour in hours] == [20] * 10 + [10] * 14
