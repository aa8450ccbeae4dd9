"""What operators are told of a clock, by doctor and by the housekeeping that they run themselves."""

from __future__ import annotations

import time
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import msgspec
import psycopg
import pytest
from prometheus_client import CollectorRegistry

from api.http.checks import ReadinessCheck, ReadinessReport
from digitalpfad.doctor import checks
from gateway import health
from geodata.runtime.steady_clock import SteadyClock
from geodata.store.database import Database
from geodata.store.operations import inspection
from tests.digitalpfad.commandline import run
from tests.digitalpfad.data_directory.test_ports import answering, taken_as_given
from tests.fixtures.databases.database import url_of
from tests.fixtures.process.ports import free_port


@pytest.mark.parametrize("ago", [timedelta(hours=1), timedelta(days=150), None])
def test_the_doctor_believes_a_clock_after_any_rest_that_a_trail_may_have(ago: timedelta | None):
    clock = SteadyClock(lambda: time.time_ns() // 1000)
    clock.begin_after(None if ago is None else datetime.now(UTC) - ago)
    finding = checks._clock(clock)
    assert (finding.check, finding.ok, finding.hint) == ("clock", True, "")
    assert f"{datetime.now(UTC):%Y-%m-%d %H:%M}" in finding.found


def test_the_doctor_names_a_clock_that_is_years_ahead_of_what_is_stored():
    clock = SteadyClock(lambda: time.time_ns() // 1000)
    clock.begin_after(datetime.now(UTC) - timedelta(days=1461))
    finding = checks._clock(clock)
    assert (finding.ok, finding.hint) == (False, "Set the clock by NTP.")
    assert "1461 days ahead of the last message that was stored" in finding.found


def test_the_doctor_tells_what_the_running_gateway_and_web_app_say_of_themselves(demo: dict[str, str]):
    url = demo["DIGITALPFAD_DATABASE_URL"]
    with Database(url) as database, database.connect() as connection:
        own = inspection.instance(connection)
    of_gateway = [
        health.Check("writing", ok=False, detail="the disk is full"),
        health.Check("broker", ok=True, detail="subscribed"),
        health.Check("clock", ok=False, detail="The clock was set.", decides=False),
    ]
    of_web = [
        ReadinessCheck("catalogue", ok=False, detail="It is old."),
        ReadinessCheck("clock", ok=False, detail="Set ahead."),
    ]
    port = free_port()
    body = msgspec.json.encode({"ready": False, **asdict(ReadinessReport(of_web, own))})
    foreign = msgspec.json.encode({"ready": False, **asdict(ReadinessReport(of_web, "another"))})
    with health.serve("127.0.0.1", port, lambda: of_gateway, CollectorRegistry()):
        assert told_by_the_doctor(url, port, body) == [
            ("clock", "The gateway says: The clock was set. The web app says: Set ahead."),
            ("gateway writing", "the gateway says: the disk is full"),
            ("web app catalogue", "the web app says: It is old."),
        ]
        assert told_by_the_doctor(url, port, foreign) == [
            ("clock", "The gateway says: The clock was set."),
            ("gateway writing", "the gateway says: the disk is full"),
        ]
    assert told_by_the_doctor(url, port, b"<html>") == []


def told_by_the_doctor(url: str, gateway_port: int, web: bytes) -> list[tuple[str, str]]:
    """The failed checks that running services can tell of."""
    with answering(web) as port:
        given = taken_as_given(port=port, gateway_http_port=gateway_port, database_url=url)
        findings = checks.examine(given)
    return [
        (one.check, one.found) for one in findings if not one.ok and one.check.startswith(("clock", "gateway", "web"))
    ]


def test_housekeeping_by_hand_says_from_when_ages_count_after_a_rest(database_url: str):
    given = {"DIGITALPFAD_DATABASE_URL": url_of(database_url)}
    assert "Ages" not in run("housekeeping", **given).stderr
    with psycopg.connect(database_url) as connection:
        connection.execute("INSERT INTO ingest_counter (partition, updated_at) VALUES ('all', '2026-03-01T10:15:00Z')")
    ended = run("housekeeping", **given)
    assert ended.returncode == 0
    assert "Ages were counted from 2026-03-01 10:15 UTC, when the last message was stored." in ended.stderr
