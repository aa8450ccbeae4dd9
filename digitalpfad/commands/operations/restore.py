"""`digitalpfad restore`: a backup into an empty database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from digitalpfad import backup
from digitalpfad.commands.output import Json, answer_json
from digitalpfad.config import settings
from digitalpfad.up.screen import Terminal


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("restore")(run)


def run(
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    *,
    data_dir: Annotated[
        Path | None, typer.Option(help="New folder for it; 'digitalpfad up --data-dir' starts there.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Read FILE into an empty database: checked, counted again, all or nothing."""
    present, _ = settings.load(data_dir=data_dir)
    manifest = backup.read(present, file, Terminal().say)
    rows = sum(table.rows for table in manifest.tables)
    if as_json:
        answer_json({"file": str(file), "rows": rows, "tables": len(manifest.tables), "of": manifest.created_at})
        return
    typer.echo(
        f"{rows} rows of {len(manifest.tables)} tables restored, as they were at {manifest.created_at:%F %T} UTC."
    )
