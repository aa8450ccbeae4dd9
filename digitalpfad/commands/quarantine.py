"""`digitalpfad quarantine`: what could not be kept, and why."""

from __future__ import annotations

from typing import Annotated

import typer

from digitalpfad import services, settings
from digitalpfad.commands.output import Json, answer_json, answer_table, printable, record
from geodata.store import quarantine

group = typer.Typer(no_args_is_help=True, help="Messages that could not be kept, and why.")


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="quarantine")


@group.command("list")
def list_entries(
    *,
    device: Annotated[str | None, typer.Option(help="Only of this device.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")] = 50,
    as_json: Json = False,
) -> None:
    """List what waits in quarantine, the newest first."""
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        entries = quarantine.newest(connection, limit, device)
    if as_json:
        answer_json([record(entry) for entry in entries])
        return
    answer_table(
        ("id", "received (UTC)", "device", "reason", "detail"),
        [(entry.id, entry.received_at, entry.device, entry.reason, entry.detail) for entry in entries],
        "The quarantine is empty.",
    )


@group.command("show")
def show(entry_id: Annotated[int, typer.Argument(metavar="ID", min=1)], *, as_json: Json = False) -> None:
    """Show one entry with its topic and payload."""
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        entry = quarantine.find(connection, entry_id)
    if as_json:
        answer_json(record(entry))
        return
    for name, value in record(entry).items():
        text = value.decode("utf-8", errors="backslashreplace") if isinstance(value, bytes) else value
        typer.echo(f"{name:<12} {printable(text)}")
