"""A station whose sign is silent has one case, which visitors' reports join and whoever looked closes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from geodata.errors import NotFound
from geodata.figures import signs
from geodata.model.counting.sign_case import CaseOutcome, CaseReason
from geodata.model.report import NewReport, Report, ReportKind, ReportPlace
from geodata.store.counting import sign_cases
from geodata.store.database import Database
from geodata.store.reports import intake
from tests.geodata.figures.counters import counter

STATION = "K7YNX0"
FIRST = datetime(2026, 3, 1, 9, tzinfo=UTC)
"""The hour of the first day in which all pass and scan."""


@pytest.fixture
def watched(database: Database) -> Database:
    """A counter at the station, of which 60 days with 60 passes and 6 scans are known."""
    counter(database)
    for day in range(60):
        hour(database, day, 60, 6)
    return database


def hour(database: Database, day: int, passes: int, scans: int, covered_s: int = 3600, entry: str = "sign") -> None:
    at = FIRST + timedelta(days=day)
    with database.transaction() as connection:
        connection.execute(
            "INSERT INTO passes_hour (channel, hour, passes, covered_s)"
            " SELECT id, %s, CASE direction WHEN 'in' THEN %s ELSE 0 END, %s FROM counter_channel",
            [at, passes, covered_s],
        )
        if scans:
            connection.execute(
                "INSERT INTO scan_hour (station, hour, variant, entry, count) VALUES (%s, %s, 'de', %s, %s)",
                [STATION, at, entry, scans],
            )


def watch(database: Database, day: int) -> int:
    """At noon of this day."""
    with database.transaction() as connection:
        return signs.watch_days(connection, FIRST + timedelta(days=day, hours=3))


def told(database: Database, kind: ReportKind = ReportKind.CODE, station: str | None = STATION) -> Report:
    report = NewReport(id=uuid4(), kind=kind, place=ReportPlace(trail="stadtwald", station=station), text="Geht nicht.")
    with database.transaction() as connection:
        kept = intake.keep(connection, report, None).report
        signs.report_came(connection, kept, FIRST)
    return kept


def test_three_days_without_a_scan_open_one_case_with_its_evidence(watched: Database) -> None:
    assert watch(watched, 60) == 0
    for day in (60, 61, 62):
        hour(watched, day, 60, 0)
    assert watch(watched, 63) == 1
    hour(watched, 63, 60, 0)
    assert watch(watched, 64) == 1
    with watched.transaction() as connection:
        (case,) = sign_cases.open_cases(connection)
    assert (case.station, case.reason, case.scanned_at) == (STATION, CaseReason.SILENT, None)
    assert case.evidence is not None
    assert (case.evidence.days, case.evidence.passes, case.evidence.scans) == (4, 240, 0)
    assert case.evidence.expected == pytest.approx(24, abs=1)


def test_a_day_is_watched_once_and_only_when_it_is_over(watched: Database) -> None:
    for day in (60, 61):
        hour(watched, day, 60, 0)
    for _ in range(5):
        assert watch(watched, 61) == 0, "of two silent days one is over"


def test_hours_that_the_counter_does_not_know_whole_are_no_evidence(watched: Database) -> None:
    for day in range(60, 80):
        hour(watched, day, 60, 0, covered_s=3599)
    assert watch(watched, 81) == 0


def test_links_are_no_scans_of_the_sign(watched: Database) -> None:
    for day in range(60, 64):
        hour(watched, day, 60, 6, entry="link")
    assert watch(watched, 65) == 1


def test_the_same_report_five_times_and_others_make_one_case(watched: Database) -> None:
    first = told(watched)
    with watched.transaction() as connection:
        for _ in range(5):
            signs.report_came(connection, first, FIRST)
    second = told(watched, ReportKind.SIGN)
    with watched.transaction() as connection:
        (case,) = sign_cases.open_cases(connection)
    assert case.reason is CaseReason.REPORTED
    assert set(case.reports) == {first.id, second.id}


def test_a_report_joins_the_case_of_a_silent_sign(watched: Database) -> None:
    for day in range(60, 64):
        hour(watched, day, 60, 0)
    watch(watched, 65)
    report = told(watched)
    with watched.transaction() as connection:
        (case,) = sign_cases.open_cases(connection)
    assert (case.reason, case.reports) == (CaseReason.SILENT, [report.id])


@pytest.mark.parametrize(("kind", "station"), [(ReportKind.TREE, STATION), (ReportKind.CODE, None)])
def test_other_reports_open_no_case(watched: Database, kind: ReportKind, station: str | None) -> None:
    told(watched, kind, station)
    with watched.transaction() as connection:
        assert sign_cases.open_cases(connection) == []


def test_a_scan_closes_nothing_and_is_told(watched: Database) -> None:
    told(watched)
    hour(watched, 70, 60, 3)
    with watched.transaction() as connection:
        (case,) = sign_cases.open_cases(connection)
    assert case.scanned_at == FIRST + timedelta(days=70)


def test_after_a_visit_the_case_is_closed_and_the_watch_begins_anew(watched: Database) -> None:
    for day in range(60, 64):
        hour(watched, day, 60, 0)
    watch(watched, 64)
    with watched.transaction() as connection:
        (case,) = sign_cases.open_cases(connection)
        signs.close(connection, case.id, CaseOutcome.MENDED, "ute", FIRST + timedelta(days=64))
    hour(watched, 64, 60, 6)
    assert watch(watched, 65) == 0
    with watched.transaction() as connection:
        (closed,) = sign_cases.of_station(connection, STATION)
        assert (closed.outcome, closed.closed_by) == (CaseOutcome.MENDED, "ute")
    for unknown in (closed.id, 999):
        with watched.transaction() as connection, pytest.raises(NotFound):
            signs.close(connection, unknown, CaseOutcome.MENDED, "ute", FIRST)
