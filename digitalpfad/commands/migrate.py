"""`digitalpfad migrate`: bring the database's schema up to date."""

from __future__ import annotations

import typer

from digitalpfad import services, settings
from geodata.store import migrate


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("migrate")(run)


def run() -> None:
    """Apply the migrations that the database has not seen; safe to repeat, and beside running services."""
    present, _ = settings.load()
    applied = migrate.migrate(services.database_url(present))
    for name in applied:
        typer.echo(name)
    typer.echo(f"{len(applied)} migrations applied." if applied else "The database is up to date.", err=True)
