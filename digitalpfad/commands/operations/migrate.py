"""`digitalpfad migrate`: bring the database's schema up to date."""

from __future__ import annotations

import typer

from digitalpfad import services
from digitalpfad.config import settings
from digitalpfad.terminal.names import spelled
from geodata.store import migrate, roles
from geodata.store.database import Database


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("migrate")(run)


def run() -> None:
    """Apply the migrations that the database has not seen; safe to repeat, and while services run."""
    present, _ = settings.load()
    url = services.database_url(present)
    applied = migrate.migrate(url)
    for name in applied:
        typer.echo(name)
    typer.echo(f"{len(applied)} migrations applied." if applied else "The database is up to date.", err=True)
    with Database(url, name="digitalpfad migrate").connect() as connection:
        for refusal in roles.refusals(connection):
            typer.echo(f"{spelled(refusal.sentence)} Only a service that uses this login needs it.", err=True)
