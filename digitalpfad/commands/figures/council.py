"""Command `digitalpfad figures report`: the report of a month or a year for the council, as the staff pages make it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from api.catalogue.snapshot import Snapshot
from digitalpfad import services
from digitalpfad.commands.output_file import check_free
from digitalpfad.config import settings
from geodata.errors import InvalidInput, NotFound, StartRefused
from geodata.messages.message import message
from geodata.store.catalogue import catalogue


def register(group: typer.Typer) -> None:
    """Add the command."""
    group.command("report")(report)


def report(
    place: Annotated[str, typer.Argument(metavar="TRAIL|TOWN", help="A trail, or all trails of a municipality.")],
    period: Annotated[str, typer.Argument(metavar="MONTH|YEAR", help="Such as 2026-11, or 2026; it must be over.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The PDF that is written.")],
    *,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace FILE where it is there already.")] = False,
) -> None:
    """Write the report of a month or a year for the council: a PDF in German that screen readers can read."""
    from dashboards.council import making  # noqa: PLC0415 - the staff pages are large
    from dashboards.council import period as periods  # noqa: PLC0415
    from dashboards.explorer.asked import ExplorerQuery, place_among  # noqa: PLC0415

    check_free(file, overwrite=overwrite)
    asked, now = periods.parse(period), datetime.now(UTC)
    if asked is None:
        raise InvalidInput("MONTH|YEAR", period, message("a month such as 2026-11, or a year such as 2026"))
    present, _ = settings.load()
    with services.open_database(present) as database:
        with database.transaction() as connection:
            snapshot = Snapshot.of(catalogue.load(connection), 1, now)
        is_trail = place in snapshot.catalogue.trails
        if not is_trail and place not in snapshot.catalogue.municipalities:
            raise NotFound("trail", place)
        query = ExplorerQuery(trail=place) if is_trail else ExplorerQuery(municipality=place)
        of = place_among(query, snapshot, snapshot.listed)
        if asked.span.last >= now.astimezone(ZoneInfo(of.town.timezone)).date():
            raise InvalidInput("MONTH|YEAR", period, message("one that is over"))
        content = making.month_report(database, snapshot, of, asked, now)
    try:
        file.write_bytes(content)
    except OSError as error:
        raise StartRefused(f"{file} cannot be written: {error.strerror}. Choose another place.") from error
    typer.echo(file)
