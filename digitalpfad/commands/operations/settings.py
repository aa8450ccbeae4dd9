"""`digitalpfad settings`: all settings with their present values and where each comes from."""

from __future__ import annotations

import typer

from digitalpfad.commands.output import Json, answer_json, answer_table
from digitalpfad.config import settings, table


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("settings")(show)


def show(*, as_json: Json = False) -> None:
    """Show every setting, its value (secrets masked) and where it comes from."""
    rows = table.present(*settings.load())
    if as_json:
        answer_json(rows)
    else:
        answer_table(("variable", "value", "source"), [list(row.values()) for row in rows], "There are no settings.")
