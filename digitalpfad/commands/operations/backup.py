"""`digitalpfad backup`: everything that the database holds, in one file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from digitalpfad import backup, backup_folder
from digitalpfad.commands.output import Json, answer_json
from digitalpfad.config import settings
from digitalpfad.up.screen import Terminal


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("backup")(run)


def run(file: Annotated[Path | None, typer.Argument(metavar="FILE")] = None, *, as_json: Json = False) -> None:
    """Write the whole database to FILE; everything may keep running. The file holds password hashes: keep it safe.

    Without FILE it goes into the folder of backups, named by the time.
    """
    present, _ = settings.load()
    file = file or backup_folder.made(present) / backup_folder.new_name(datetime.now(UTC))
    manifest = backup.write(present, file, datetime.now(UTC), Terminal().say)
    rows = sum(table.rows for table in manifest.tables)
    if as_json:
        answer_json({"file": str(file), "bytes": file.stat().st_size, "rows": rows, "tables": len(manifest.tables)})
        return
    typer.echo(f"{rows} rows of {len(manifest.tables)} tables in {file.stat().st_size / 1e6:.1f} MB: {file}")
