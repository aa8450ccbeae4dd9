"""A station whose sign is silent has one case, which visitors' reports join and whoever looked closes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from geodata.errors import NotFound
from geodata.figures import signs
from geodata.model.counting.sign_case import CaseOutcome, CaseReason
from geodata.model.report import NewReport, Report, ReportKind, ReportPlace, ReportState
from geodata.store.counting import sign_cases, sign_days
from geodata.store.database import Database
from geodata.store.reports import handling, intake
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


def hour(
    database: Database, day: int, passes: int, scans: int, covered_s: int = 3600, entry: str = "sign", hours: int = 0
) -> None:
    """In the hour in which all pass and scan, or so many ``hours`` after it."""
    at = FIRST + timedelta(days=day, hours=hours)
    with database.transaction() as connection:
        connection.execute(
            "INSERT INTO passes_hour (channel, hour, passes, covered_s)"
            " SELECT id, %s, CASE direction WHEN 'in' THEN %s ELSE 0 END, %s FROM counter_channel"
            " WHERE mounting IN (SELECT id FROM counter_mounting WHERE device = 'counter')",
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


def elsewhere(database: Database) -> None:
    """Hang the counter beside the trail, so that no station has one of its own."""
    with database.transaction() as connection:
        connection.execute("UPDATE counter_mounting SET station = NULL")


def other_counter(database: Database) -> None:
    """Hang a second counter on the trail, at another station, which never reports."""
    with database.transaction() as connection:
        connection.execute(
            "WITH hung AS (INSERT INTO counter_mounting (device, trail, station, starts_at)"
            " VALUES ('pond', 'stadtwald', '3DVB54', %s) RETURNING id)"
            " INSERT INTO counter_channel (mounting, direction, total) SELECT hung.id, 'both', min(datastream.id)"
            " FROM hung, datastream GROUP BY hung.id",
            [FIRST + timedelta(days=60)],
        )


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


def test_a_day_that_is_not_closed_is_judged_anew_with_what_comes_late(watched: Database) -> None:
    """What a phone kept while it had no network, or a counter sent late, is evidence as though it had been in time."""
    for day in (60, 61):
        hour(watched, day, 60, 0)
    watch(watched, 62)
    hour(watched, 62, 60, 0)
    with watched.transaction() as connection:
        assert signs.watch_days(connection, FIRST + timedelta(days=62, hours=15)) == 1
        (case,) = sign_cases.open_cases(connection)
    assert (case.evidence and case.evidence.passes) == 180
    hour(watched, 62, 40, 0, hours=1)
    with watched.transaction() as connection:
        assert signs.watch_days(connection, FIRST + timedelta(days=62, hours=16)) == 1
        assert signs.watch_days(connection, FIRST + timedelta(days=62, hours=17)) == 0, "no news"
        (case,) = sign_cases.open_cases(connection)
    assert (case.evidence and case.evidence.passes) == 220


def test_late_scans_of_a_day_that_is_not_closed_are_no_silence(watched: Database) -> None:
    for day in (60, 61, 62):
        hour(watched, day, 60, 0)
    for day in (61, 62):
        watch(watched, day)
    hour(watched, 62, 0, 6, hours=-1)
    with watched.transaction() as connection:
        connection.execute(
            "UPDATE scan_hour SET hour = %s WHERE hour = %s",
            [FIRST + timedelta(days=62), FIRST + timedelta(days=62, hours=-1)],
        )
    assert watch(watched, 63) == 0


def test_a_station_without_a_counter_is_judged_by_those_of_its_trail(watched: Database) -> None:
    elsewhere(watched)
    for day in range(60, 63):
        hour(watched, day, 60, 0)
    assert watch(watched, 63) == 1
    with watched.transaction() as connection:
        (case,) = sign_cases.open_cases(connection)
    assert case.station == STATION, "and of the others, which nobody ever scanned, nothing is known"


def test_a_station_that_is_not_there_any_more_is_not_judged(watched: Database) -> None:
    for day in range(60, 63):
        hour(watched, day, 60, 0)
    with watched.transaction() as connection:
        connection.execute("UPDATE station SET retired_at = now() WHERE code = %s", [STATION])
    assert watch(watched, 63) == 0


def test_where_one_of_the_counters_of_the_trail_is_silent_nothing_is_judged(watched: Database) -> None:
    elsewhere(watched)
    other_counter(watched)
    for day in range(60, 70):
        hour(watched, day, 60, 0)
    assert watch(watched, 70) == 0


def test_counters_elsewhere_do_not_change_what_a_station_with_its_own_is_judged_by(watched: Database) -> None:
    other_counter(watched)
    for day in range(60, 63):
        hour(watched, day, 60, 0)
    assert watch(watched, 63) == 1


def test_rain_and_public_holidays_make_days_of_another_kind(watched: Database) -> None:
    """On Easter Monday and in the rain other shares scan: those days are remembered by themselves."""
    with watched.transaction() as connection:
        connection.execute(
            "INSERT INTO weather_day (municipality, station, source, day, rain)"
            " SELECT 'lemgo', 1, 'dwd', day, CASE WHEN extract(day FROM day) < 10 THEN 5 ELSE 0 END"
            " FROM generate_series('2026-03-01', '2026-04-15', interval '1 day') AS day"
        )
    watch(watched, 60)
    with watched.transaction() as connection:
        kinds = sign_days.remembered(connection)[STATION]["kinds"]
    assert isinstance(kinds, dict)
    assert set(kinds) == {"work-dry", "work-wet", "free-dry", "free-wet", "work", "free"}


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


def test_beside_a_report_one_silent_day_is_shown(watched: Database) -> None:
    hour(watched, 60, 60, 0)
    assert watch(watched, 61) == 0
    told(watched)
    hour(watched, 61, 60, 0)
    assert watch(watched, 62) == 1
    with watched.transaction() as connection:
        (case,) = sign_cases.open_cases(connection)
    assert case.reason is CaseReason.REPORTED
    assert (case.evidence and case.evidence.scans) == 0


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
    for day, scans in ((64, 0), (65, 6)):
        hour(watched, day, 60, scans)
        assert watch(watched, day + 1) == 0, "the days before the visit, and the visit's own, are over and done"
    with watched.transaction() as connection:
        (closed,) = sign_cases.of_station(connection, STATION)
        assert (closed.outcome, closed.closed_by) == (CaseOutcome.MENDED, "ute")
    for unknown in (closed.id, 999):
        with watched.transaction() as connection, pytest.raises(NotFound):
            signs.close(connection, unknown, CaseOutcome.MENDED, "ute", FIRST)


@pytest.mark.parametrize("outcome", CaseOutcome)
def test_the_reports_of_a_case_are_done_with_it_and_one_that_was_rejected_stays_so(
    watched: Database, outcome: CaseOutcome
) -> None:
    waits, rejected, of_a_tree = told(watched), told(watched), told(watched, ReportKind.TREE)
    now = FIRST + timedelta(days=64)
    with watched.transaction() as connection:
        handling.change(connection, rejected.id, ReportState.REJECTED, "", "Scherz", FIRST)
        (case,) = sign_cases.open_cases(connection)
        assert signs.close(connection, case.id, outcome, "ute", now) == 1
        rows = connection.execute("SELECT id, state, closed_at FROM report").fetchall()
    assert {each[0]: tuple(each[1:]) for each in rows} == {
        waits.id: ("done", now),
        rejected.id: ("rejected", FIRST),
        of_a_tree.id: ("new", None),
    }
