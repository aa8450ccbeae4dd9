"""The answers of a start page: of a trail and of all of a town, in four queries however many trails there are."""

from __future__ import annotations

from datetime import timedelta
from unittest import mock

from dashboards.explorer.answers import usage_answers
from dashboards.explorer.asked import ExplorerQuery, place_among
from geodata.store.database import Database
from tests.dashboards.figures.counted import BOARDWALK, MONDAY, TODAY, count, count_week, mount
from tests.dashboards.office import Office


def test_last_week_stands_beside_the_same_week_a_year_before_and_the_busiest_station_comes_first(
    office: Office, database: Database
) -> None:
    with database.transaction() as connection:
        come, _ = mount(connection)
        (beside,) = mount(connection, BOARDWALK, ["in"])
        count_week(connection, come, MONDAY, 100)
        count_week(connection, beside, MONDAY, 200)
        count(connection, come, MONDAY - timedelta(weeks=52), 55)
        count(connection, come, TODAY, 5000)
    snapshot = office.keeper.current
    place = place_among(ExplorerQuery(), snapshot, snapshot.listed)
    with database.transaction() as connection:
        asked = mock.Mock(wraps=connection)
        found = usage_answers(asked, place, TODAY)
    assert asked.execute.call_count <= 5
    assert found.passes.figure == "2.100"
    assert found.passes.said.startswith("gezählt in 67")
    assert found.before.startswith("Dieselbe Woche im Jahr davor: 55, gezählt in 5")
    assert found.busiest == ["7 Holzsteg: 1.400", "1 Unter den Eichen: 700"]
    assert found.scans.figure == "–"


def test_nothing_counted_is_a_gap_in_every_answer(office: Office, database: Database) -> None:
    snapshot = office.keeper.current
    place = place_among(ExplorerQuery(municipality="lemgo"), snapshot, snapshot.listed)
    with database.transaction() as connection:
        found = usage_answers(connection, place, TODAY)
    assert (found.passes.figure, found.passes.said) == ("–", "kein Zähler hing hier")
    assert found.before == "Dieselbe Woche im Jahr davor: nicht gezählt."
    assert found.busiest == []
