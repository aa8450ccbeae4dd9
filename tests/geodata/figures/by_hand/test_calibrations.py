"""The factor of a counter belongs to one mounting period and direction, and follows from all its sessions."""

from __future__ import annotations

import pytest

from geodata.figures.by_hand import calibrations, count_sessions
from geodata.statistics.calibration.factor import CalibrationVerdict
from geodata.store.database import Database
from tests.geodata.figures.counters import BOTH, IN, NOW, OUT, at, counter, draft, mount


def test_six_sessions_make_a_factor_for_each_direction_and_for_both(database: Database) -> None:
    mounting = counter(database)
    with database.transaction() as connection:
        for start in range(30, 330, 50):
            count_sessions.keep(connection, draft(start, start + 40), NOW)
        found = calibrations.of_mounting(connection, mounting)
    assert {direction: each.calibration.people for direction, each in found.items()} == {IN: 240, OUT: 120, BOTH: 360}
    for each in found.values():
        factor = each.calibration.factor
        assert factor is not None
        assert factor.value == pytest.approx(1.25)
        assert factor.low < 1.25 < factor.high
        assert each.calibration.verdict is CalibrationVerdict.GOOD
        assert not each.is_non_linear


def test_a_counter_that_is_moved_begins_without_a_factor(database: Database) -> None:
    before = counter(database, ends_at=at(180))
    after = mount(database)
    with database.transaction() as connection:
        connection.execute("UPDATE counter_mounting SET starts_at = %s WHERE id = %s", [at(180), after])
        count_sessions.keep(connection, draft(30, 90), NOW)
        assert calibrations.of_mounting(connection, before)[IN].calibration.verdict is CalibrationVerdict.FEW
        assert calibrations.of_mounting(connection, after)[IN].calibration.factor is None
        count_sessions.keep(connection, draft(200, 260), NOW)
        assert calibrations.of_mounting(connection, after)[IN].calibration.people == 60


def test_a_session_without_directions_tells_of_both_together_alone(database: Database) -> None:
    mounting = counter(database)
    with database.transaction() as connection:
        count_sessions.keep(connection, draft(seen={BOTH: 90}), NOW)
        found = calibrations.of_mounting(connection, mounting)
    assert {direction: each.calibration.people for direction, each in found.items()} == {IN: 0, OUT: 0, BOTH: 90}


def test_a_session_that_is_not_compared_yet_counts_for_nothing(database: Database) -> None:
    mounting = counter(database)
    with database.transaction() as connection:
        count_sessions.keep(connection, draft(340, 359), NOW)
        assert calibrations.of_mounting(connection, mounting)[IN].calibration.sessions == 0
