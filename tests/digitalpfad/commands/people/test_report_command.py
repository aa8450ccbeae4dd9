"""`digitalpfad report list` on a real database."""

from __future__ import annotations

from uuid import uuid4

from geodata.model.report import NewReport, ReportKind, ReportPlace
from geodata.store.database import Database
from geodata.store.reports import intake
from tests.digitalpfad.commandline import run


def test_the_list_names_each_report_by_the_id_that_its_staff_page_has(demo: dict[str, str]) -> None:
    identity, place = uuid4(), ReportPlace(municipality="lemgo", trail="stadtwald", station="3DVB54")
    with Database(demo["DIGITALPFAD_DATABASE_URL"]) as database, database.transaction() as connection:
        intake.keep(connection, NewReport(id=identity, kind=ReportKind.TREE, place=place, text="Eine Fichte."), None)
    head, row = run("report", "list", **demo).stdout.splitlines()
    assert head.startswith("id ")
    assert row.startswith(f"{identity} ")
