"""What operators are told of a clock, by doctor and by the housekeeping that they run themselves."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from digitalpfad import checks
from geodata.steady_clock import SteadyClock
from tests.digitalpfad.commandline import run

from .test_station_command import database_url_as_address


@pytest.mark.parametrize("ago", [timedelta(hours=1), timedelta(days=150), None])
def test_the_doctor_believes_a_clock_after_any_rest_that_a_trail_may_have(ago: timedelta | None):
    clock = SteadyClock(lambda: time.time_ns() // 1000)
    clock.begin_after(None if ago is None else datetime.now(UTC) - ago)
    finding = checks._clock(clock)
    assert (finding.check, finding.ok, finding.mend) == ("clock", True, "")
    assert f"{datetime.now(UTC):%Y-%m-%d %H:%M}" in finding.found


def test_the_doctor_names_a_clock_that_is_years_ahead_of_what_is_stored():
    clock = SteadyClock(lambda: time.time_ns() // 1000)
    clock.begin_after(datetime.now(UTC) - timedelta(days=1461))
    finding = checks._clock(clock)
    assert (finding.ok, finding.mend) == (False, "Set the clock by NTP.")
    assert "1461 days ahead of the last message that was stored" in finding.found


def test_housekeeping_by_hand_says_from_when_ages_count_after_a_rest(database_url: str):
    given = {"DIGITALPFAD_DATABASE_URL": database_url_as_address(database_url)}
    assert "Ages" not in run("housekeeping", **given).stderr
    with psycopg.connect(database_url) as connection:
        connection.execute("INSERT INTO ingest_counter (partition, updated_at) VALUES ('all', '2026-03-01T10:15:00Z')")
    ended = run("housekeeping", **given)
    assert ended.returncode == 0
    assert "Ages were counted from 2026-03-01 10:15 UTC, when the last message was stored." in ended.stderr
