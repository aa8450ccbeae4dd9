"""`digitalpfad doctor`: looks at all that has to be right; each failed check names the hint."""

from __future__ import annotations

import typer

from digitalpfad.commands.output import Json, answer_json, hint, printable, record
from digitalpfad.config import settings
from digitalpfad.doctor import checks


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor")(run)


def run(*, as_json: Json = False) -> None:
    """Check settings, database, broker, disk, clock and rights. Exit code 1 when a check fails."""
    present, _ = settings.load()
    findings = checks.examine(present)
    if as_json:
        answer_json([{**record(result), **hint(result.hint)} for result in findings])
    else:
        for result in findings:
            advice = f"\n    → {result.hint}" if result.hint else ""
            typer.echo(f"{'✓' if result.ok else '✗'} {result.check:<12} {printable(result.found)}{advice}")
    raise typer.Exit(0 if all(result.ok for result in findings) else 1)
