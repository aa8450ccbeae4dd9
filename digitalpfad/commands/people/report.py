"""`digitalpfad report`: problems that people told of."""

from __future__ import annotations

from typing import Annotated

import typer

from digitalpfad import services
from digitalpfad.commands.output import Json, answer_json, answer_table
from digitalpfad.config import settings
from geodata.messages.message import phrase
from geodata.model.report import Report, ReportKind, ReportState
from geodata.store.reports import reading

group = typer.Typer(no_args_is_help=True, help="Problems that people told of.")

_STATES = {
    ReportState.NEW: phrase("new"),
    ReportState.IN_WORK: phrase("in work"),
    ReportState.DONE: phrase("done"),
    ReportState.REJECTED: phrase("rejected"),
}
_KINDS = {
    ReportKind.SIGN: phrase("sign damaged or missing"),
    ReportKind.CODE: phrase("code does not work"),
    ReportKind.TREE: phrase("tree across the way"),
    ReportKind.TEXT: phrase("text is wrong"),
    ReportKind.BARRIER: phrase("barrier"),
    ReportKind.OTHER: phrase("something else"),
}


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="report")


@group.callback()
def _group() -> None:
    """Problems that people told of."""


@group.command("list")
def list_reports(
    *,
    every: Annotated[bool, typer.Option("--all", help="Closed ones too.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="At most so many.")] = 100,
    as_json: Json = False,
) -> None:
    """List the reports that wait, the newest first. They are answered on the staff pages."""
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        reports = reading.newest(connection, limit, is_closed=None if every else False)
    if as_json:
        answer_json([_record(report) for report in reports])
        return
    answer_table(
        ("id", "received (UTC)", "state", "kind", "station", "trail", "text", "picture"),
        [
            (report.id, report.received_at, _STATES[report.state], _KINDS[report.kind],
             report.place.station, report.place.trail, report.text, phrase("yes") if report.has_picture else None)
            for report in reports
        ],
        "No report waits." if not every else "There is no report.",
    )  # fmt: skip


def _record(report: Report) -> dict[str, object]:
    """Without how to reach the person: that is for whoever answers."""
    place = report.place
    return {
        "id": str(report.id), "received_at": report.received_at, "written_at": report.written_at,
        "closed_at": report.closed_at, "state": report.state, "kind": report.kind, "station": place.station,
        "trail": place.trail, "municipality": place.municipality, "lon": place.lon, "lat": place.lat,
        "language": report.variant, "text": report.text, "has_picture": report.has_picture, "answer": report.answer,
    }  # fmt: skip
