"""Staff read which signs fail and why that is believed, look, and say what they found."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from geodata.figures import signs
from geodata.model.counting.sign_case import SilenceEvidence
from geodata.model.staff import Role
from geodata.store.access import audit
from geodata.store.counting import sign_cases
from geodata.store.reports import reading
from tests.dashboards.office import Office, hire
from tests.dashboards.reports.test_pages import told
from tests.fixtures.databases.database import one_row

NOW = datetime.now(UTC)
STATION = "3DVB54"


@pytest.fixture
def office(office: Office) -> Office:
    """With a ranger and a case of silence at the ponds that a visitor told of too."""
    hire(office.database, "ute", Role.RANGER)
    report = told(office.database)
    with office.database.transaction() as connection:
        connection.execute("UPDATE report SET kind = 'code'")
        found = reading.find(connection, report)
        assert found is not None
        sign_cases.open_silent(connection, STATION, SilenceEvidence(3, 180, 14.4, 0), NOW - timedelta(days=1))
        signs.report_came(connection, found, NOW)
    return office


def test_the_start_page_leads_to_the_case_with_its_evidence_and_the_report(office: Office) -> None:
    ranger = office.signed_in("ute")
    start = ranger.get("/staff/").text
    assert "1 Schild fällt auf: Bitte prüfen" in start
    assert 'href="/staff/signs"' in start.split("fällt auf", 1)[1]
    page = ranger.get("/staff/signs").text
    assert "Station 4 · Försterteiche" in page
    assert "In 3 Tagen 180 Durchgänge: Zu erwarten waren etwa 14 Aufrufe, gekommen ist keiner." in page
    assert page.count("/staff/reports/") == 1
    assert "wieder gescannt" not in page


def test_a_scan_that_came_since_is_told(office: Office) -> None:
    with office.database.transaction() as connection:
        connection.execute("INSERT INTO scan_hour VALUES (%s, date_trunc('hour', now()), 'de', 'nfc', 1)", [STATION])
    assert "Seither wieder gescannt, heute." in office.signed_in("ute").get("/staff/signs").text


def test_who_looked_says_what_was_found_once_and_it_is_written_down(office: Office) -> None:
    ranger = office.signed_in("ute")
    with office.database.transaction() as connection:
        (case,) = sign_cases.open_cases(connection)
    assert "Mit dem Speichern ist die Meldung oben „erledigt“." in ranger.get("/staff/signs").text
    assert ranger.post(f"/staff/signs/{case.id}").headers["location"] == "/staff/signs?notice=unsaid"
    closed = ranger.post(f"/staff/signs/{case.id}", data={"outcome": "mended"})
    assert closed.headers["location"] == "/staff/signs?notice=closed"
    assert "Kein Schild fällt auf." in ranger.get("/staff/signs").text
    assert "fällt auf" not in ranger.get("/staff/").text
    with office.database.transaction() as connection:
        entry = audit.newest(connection, 1)[0]
        assert one_row(connection, "SELECT state FROM report") == ("done",)
    assert (entry.actor, entry.action, entry.object) == ("ute", "sign-case-close", f"{case.id} mended")
    assert ranger.post(f"/staff/signs/{case.id}", data={"outcome": "mended"}).status_code == 404
