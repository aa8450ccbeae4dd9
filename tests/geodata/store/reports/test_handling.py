"""Reports are closed, forgotten in time, and never before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from geodata.errors import NotFound
from geodata.model.report import NewReport, ReportKind, ReportPicture, ReportPlace, ReportState
from geodata.store.database import Database
from geodata.store.operations import retention
from geodata.store.operations.retention import Retention
from geodata.store.reports import handling, intake, reading

NOW = datetime.now(UTC)
MAIL = "a@wald.example"
PICTURE = ReportPicture(width=2, height=1, data=b"jpeg")


def told(database: Database, *, state: ReportState | None = None, days: int = 0, contact: str | None = None) -> UUID:
    """A report with a picture; closed so many days ago where it has another ``state``."""
    identity = uuid4()
    with database.transaction() as connection:
        report = NewReport(id=identity, kind=ReportKind.TREE, place=ReportPlace(), text="Baum", contact=contact)
        intake.keep(connection, report, PICTURE)
        if state is not None:
            handling.change(connection, identity, state, "Danke.", "", NOW - timedelta(days=days))
    return identity


def contacts(database: Database) -> dict[UUID, str | None]:
    with database.transaction() as connection:
        return {report.id: report.contact for report in reading.newest(connection, 100)}


def test_a_closed_report_loses_its_contact_first_then_goes_with_its_picture(any_database: Database) -> None:
    done = ReportState.DONE
    waits, fresh = (
        told(any_database, contact=MAIL),
        told(any_database, state=done, days=5, contact=MAIL),
    )
    older, old = (
        told(any_database, state=done, days=40, contact=MAIL),
        told(any_database, state=done, days=400),
    )
    work = ReportState.IN_WORK
    at_work = told(any_database, state=work, days=900, contact=MAIL)
    counts = retention.run(any_database, retention.steps(Retention()), NOW)
    assert counts is not None
    assert counts["reports"] == 2
    assert contacts(any_database) == {
        waits: MAIL,
        fresh: MAIL,
        older: None,
        at_work: MAIL,
    }
    with any_database.transaction() as connection:
        assert reading.picture(connection, older) == PICTURE
        with pytest.raises(NotFound):
            reading.picture(connection, old)


def test_without_a_clock_that_is_known_to_be_right_nothing_is_forgotten(database: Database) -> None:
    told(database, state=ReportState.DONE, days=4000, contact=MAIL)
    retention.run(database, retention.steps(Retention().ageless), NOW)
    assert list(contacts(database).values()) == [MAIL]


def test_a_report_that_is_opened_again_waits_again(database: Database) -> None:
    identity = told(database, state=ReportState.REJECTED, days=400)
    with database.transaction() as connection:
        assert reading.count_open(connection).count == 0
        handling.change(connection, identity, ReportState.IN_WORK, "", "", NOW)
        found = reading.count_open(connection)
    assert (found.count, found.oldest is not None) == (1, True)
    retention.run(database, retention.steps(Retention()), NOW)
    assert list(contacts(database)) == [identity]


def test_what_is_not_there_cannot_be_changed_or_deleted(database: Database) -> None:
    with database.transaction() as connection:
        for change in (handling.delete, reading.picture):
            with pytest.raises(NotFound):
                change(connection, uuid4())
        with pytest.raises(NotFound):
            handling.change(connection, uuid4(), ReportState.DONE, "", "", NOW)
